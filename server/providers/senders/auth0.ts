import { makeProvider } from "#server/providers/make-provider.ts";
import { sharedToken } from "#server/providers/shared-token.ts";

/** A stream of logs, of which many come at once. */
export const auth0 = makeProvider(
  {
    name: "auth0",
    title: "Auth0",
    tile: "A0",
    docs: "https://auth0.com/docs/customize/log-streams/custom-log-streams",
    isConfirmed: true,
  },
  sharedToken("authorization"),
  {
    list: { at: ["", "logs"], type: "data.type", id: "log_id" },
    type: "data.type",
    id: "log_id",
    example: "s",
    occurredAt: ["0.data.date", "logs.0.data.date", "data.date"],
    resourceId: ["0.data.user_id", "logs.0.data.user_id", "data.user_id"],
  },
  {
    fieldWords: { secret: { label: "Authorization token", help: "Of your choice: give the same to the log stream." } },
  },
);
