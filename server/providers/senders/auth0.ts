import { MAX_LISTED, outlineJson, wantedAt } from "#server/json/json-outline.ts";
import { field } from "#server/providers/body-fields.ts";
import { identifyList } from "#server/providers/event-list.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { namedAt } from "#server/providers/places.ts";
import type { RawIdentity } from "#server/providers/provider.ts";
import { sharedToken } from "#server/providers/shared-token.ts";

const PLACES = {
  list: { at: ["", "logs"], type: "data.type", id: "log_id" },
  type: "data.type",
  id: "log_id",
  example: "s",
  occurredAt: ["0.data.date", "logs.0.data.date", "data.date"],
  resourceId: ["0.data.user_id", "logs.0.data.user_id", "data.user_id"],
};
const namedByPlaces = namedAt(PLACES);
const LINE = wantedAt(["data.type", "log_id"]);
const LINE_END = 0x0a;

/** A stream whose content format is JSON lines: each line is a log. Null where a line is none. */
function identifyLines(body: Buffer): RawIdentity | null {
  const logs: { type: unknown; id: unknown }[] = [];
  for (let at = 0; at < body.length && logs.length <= MAX_LISTED; ) {
    const found = body.indexOf(LINE_END, at);
    const end = found === -1 ? body.length : found;
    const line = body.subarray(at, end);
    at = end + 1;
    if (line.toString("latin1", 0, 2).trim() === "") continue;
    const log = outlineJson(line, LINE);
    if (log === undefined) return null;
    logs.push({ type: field(field(log, "data"), "type"), id: field(log, "log_id") });
  }
  return identifyList(logs);
}

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
  PLACES,
  {
    identify: (inbound, body, signatureHeaders) => {
      const lines = body() === undefined ? identifyLines(inbound.body) : null;
      return lines ?? namedByPlaces.identify(inbound, body, signatureHeaders);
    },
    fieldWords: { secret: { label: "Authorization token", help: "Of your choice: give the same to the log stream." } },
  },
);
