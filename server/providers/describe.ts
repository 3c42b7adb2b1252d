import { createHash } from "node:crypto";
import type { SourceType } from "#server/contracts/source.ts";
import { storableText } from "#server/storable.ts";
import { identifyGenerically } from "./generic.ts";
import type { Inbound } from "./inbound.ts";
import type { Challenge, Provider } from "./provider.ts";
import { providerOfType } from "./table.ts";
import type { ResolvedAuth } from "./verify.ts";

export interface EventIdentity {
  eventType: string | null;
  providerEventId: string | null;
}

const MAX_LENGTH = 255;
const HASH_LENGTH = 64;

function cleanType(value: unknown): string | null {
  if (typeof value !== "string" || value === "") return null;
  return storableText(value.slice(0, MAX_LENGTH));
}

function cleanId(value: unknown): string | null {
  // Above 2^53 different ids of a body parse to one number: taking them for duplicates would lose events.
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : null;
  if (typeof value !== "string" || value === "") return null;
  if (value.length <= MAX_LENGTH) return storableText(value);
  // Two long ids with a common start stay two.
  const kept = storableText(value.slice(0, MAX_LENGTH - HASH_LENGTH - 1));
  return `${kept}#${createHash("sha256").update(value).digest("hex")}`;
}

/** Which provider's rules hold: the source's own type first, then what its auth tells (HMAC on a known header). */
const providerOf = (type: SourceType, auth: ResolvedAuth): Provider | null => providerOfType(type) ?? auth.provider;

/**
 * The event's type and the provider's id for it, as stored with the request; null where there is none.
 *
 * @param body parses the body when it is first called (JSON, or a form as an object); undefined when it does not parse
 */
export function describe(type: SourceType, auth: ResolvedAuth, inbound: Inbound, body: () => unknown): EventIdentity {
  const identify = providerOf(type, auth)?.identify ?? identifyGenerically;
  const raw = identify(inbound, body);
  return { eventType: cleanType(raw.eventType), providerEventId: cleanId(raw.providerEventId) };
}

/** The answer to a provider's probe of the URL, or null for an ordinary event. To be asked only after verification. */
export function challenge(
  type: SourceType,
  auth: ResolvedAuth,
  inbound: Inbound,
  body: () => unknown,
): Challenge | null {
  return providerOf(type, auth)?.challenge?.(inbound, body) ?? null;
}
