import { field, firstId, firstText } from "./body-fields.ts";
import type { Inbound } from "./inbound.ts";
import type { RawIdentity } from "./provider.ts";

const TYPE_FIELDS = ["type", "event", "event_type"];
const ID_FIELDS = ["id", "event_id"];

export const GENERIC_FIELDS: readonly string[] = [...TYPE_FIELDS, ...ID_FIELDS].flatMap((name) => [
  name,
  `payload.${name}`,
]);

/** For a producer that no row of the table knows: the names that most webhooks use, also in the JSON of a form's `payload`. */
export function identifyGenerically(_inbound: Inbound, body: () => unknown): RawIdentity {
  const event = body();
  const payload = field(event, "payload");
  return {
    eventType: firstText(event, TYPE_FIELDS) ?? firstText(payload, TYPE_FIELDS),
    providerEventId: firstId(event, ID_FIELDS) ?? firstId(payload, ID_FIELDS),
  };
}
