import type { App } from "#server/auth/ctx.ts";
import { type PersonChange, recordInTeamsOf } from "#server/auth/person-audit.ts";

/** {@link recordInTeamsOf} for what the log-in library has written already. */
export const recordOfPerson = (app: Pick<App, "db" | "now">, userId: string, change: PersonChange): Promise<void> =>
  app.db.$transaction((tx) => recordInTeamsOf(tx, app, userId, change));
