import { firstField } from "./body-fields.ts";
import type { Inbound } from "./inbound.ts";
import type { RawIdentity } from "./provider.ts";

const TYPE_FIELDS = ["type", "event", "event_type"] as const;
const ID_FIELDS = ["id", "event_id"] as const;

/** For a producer that no row of the table knows: the names that most webhooks use. */
export function identifyGenerically(_inbound: Inbound, body: () => unknown): RawIdentity {
  const event = body();
  return { eventType: firstField(event, TYPE_FIELDS), providerEventId: firstField(event, ID_FIELDS) };
}

/** For a provider that names its events in headers; the body is not parsed. */
export const identifyByHeaders =
  (typeHeader: string, idHeader: string) =>
  (inbound: Inbound): RawIdentity => ({
    eventType: inbound.header(typeHeader),
    providerEventId: inbound.header(idHeader),
  });
