// People at the dashboard: who a cookie stands for, and the few calls by which somebody gets in or out.
import type { App } from "#server/auth/ctx.ts";
import { ROLES } from "#server/auth/roles.ts";
import type { Membership, ReadVisit, Visit } from "#server/auth/visit.ts";
import type { Role } from "#server/contracts/capability.ts";
import { NOT_A_MEMBER, TEAM_COOKIE } from "#server/contracts/page-team.ts";
import { AppError } from "#server/errors/app-error.ts";
import type { Log } from "#server/process/log.ts";
import { OWN_COOKIES } from "#server/wire/own-cookies.ts";
import { type Library, makeLibrary } from "./library.ts";
import type { ProviderDoor } from "./provider-doors.ts";
import { keysOf, type Secrets } from "./session-keys.ts";

/** A session's last use is noted no oftener. */
const NOTE_USE_EVERY_MS = 60_000;
const SIGNED_OUT: Visit = { kind: "signed-out" };

export interface People {
  readVisit: ReadVisit;
  library: Library;
}

/** The value of a cookie; undefined where there is none. */
function cookieOf(cookie: string, name: string): string | undefined {
  const pair = cookie.split(/; */).find((part) => part.startsWith(`${name}=`));
  return pair?.slice(name.length + 1);
}

function chooseTeam(teams: Membership[], asked: string | undefined, remembered: string | undefined) {
  if (asked === undefined) return teams.find(({ id }) => id === remembered) ?? teams[0];
  const team = teams.find(({ id }) => id === asked);
  if (team) return team;
  throw new AppError("FORBIDDEN", NOT_A_MEMBER);
}

export function makePeople(app: App, secrets: Secrets, log: Log, providerDoor?: ProviderDoor): People {
  const library = makeLibrary({ app, keys: keysOf(secrets), log, providerDoor });

  async function noteUse(sessionId: string, lastUse: Date): Promise<void> {
    const now = app.now();
    if (now.getTime() - lastUse.getTime() < NOTE_USE_EVERY_MS) return;
    await app.db.session.updateMany({ where: { id: sessionId, updated_at: lastUse }, data: { updated_at: now } });
  }

  async function readVisit({ cookie, teamId: asked }: Parameters<ReadVisit>[0]): Promise<Visit> {
    if (!cookie?.includes(`${OWN_COOKIES}session_token=`)) return SIGNED_OUT;
    const headers = new Headers({ cookie });
    const found = await library.api.getSession({ headers, query: { disableRefresh: true } });
    if (!found) return SIGNED_OUT;
    const { session, user } = found;
    const [rows] = await Promise.all([
      app.db.member.findMany({
        where: { user_id: user.id },
        orderBy: [{ created_at: "asc" }, { team_id: "asc" }],
        select: { role: true, team: { select: { id: true, name: true } } },
      }),
      noteUse(session.id, session.updatedAt),
    ]);
    const person = { id: user.id, email: user.email, name: user.name };
    const teams = rows.map(({ role, team }): Membership => ({ ...team, role: role as Role }));
    if (teams.length === 0) return { kind: "no-team", person };
    const team = chooseTeam(teams, asked, cookieOf(cookie, TEAM_COOKIE));
    if (!team) return { kind: "no-team", person };
    const actor = { kind: "user", id: user.id, sessionId: session.id } as const;
    return { kind: "member", ctx: { app, teamId: team.id, actor, can: ROLES[team.role] }, person, team, teams };
  }

  return { readVisit, library };
}
