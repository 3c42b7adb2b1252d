import { createHash } from "node:crypto";
import type { SourceType } from "#server/contracts/source.ts";
import type { Wanted } from "#server/json/json-outline.ts";
import { storableText } from "#server/json/storable.ts";
import { isId } from "./body-fields.ts";
import { identifyGenerically } from "./generic.ts";
import type { Inbound } from "./inbound.ts";
import { providerOfType, wantedOf } from "./list.ts";
import type { Challenge, Provider } from "./provider.ts";
import type { ResolvedAuth } from "./verify.ts";

export interface EventIdentity {
  eventType: string | null;
  providerEventId: string | null;
  /** Whether the provider's signature, where there is one, covers the id. */
  isIdSigned: boolean;
  isIdShared?: boolean | undefined;
}

const MAX_LENGTH = 255;
const HASH_LENGTH = 64;

function cleanType(value: unknown): string | null {
  if (typeof value !== "string" || value === "") return null;
  return storableText(value.slice(0, MAX_LENGTH));
}

function cleanId(value: unknown): string | null {
  if (!isId(value)) return null;
  const text = String(value);
  if (text.length <= MAX_LENGTH) return storableText(text);
  // Two long ids with a common start stay two.
  const kept = storableText(text.slice(0, MAX_LENGTH - HASH_LENGTH - 1));
  return `${kept}#${createHash("sha256").update(text).digest("hex")}`;
}

/**
 * The provider whose rules hold: that of the source's own type, else the one that its auth tells (HMAC on a known header).
 */
const providerOf = (type: SourceType, auth: ResolvedAuth): Provider | null => providerOfType(type) ?? auth.provider;

/** What `describe` and `challenge` may ask of a body. */
export const describedFields = (type: SourceType, auth: ResolvedAuth): Wanted => wantedOf(providerOf(type, auth));

/**
 * The event's type and the provider's id for it, as stored with the request; null where there is none.
 *
 * @param body the body's `describedFields` (of JSON, or of a form as an object); undefined when it has none
 */
export function describe(type: SourceType, auth: ResolvedAuth, inbound: Inbound, body: () => unknown): EventIdentity {
  const identify = providerOf(type, auth)?.identify ?? identifyGenerically;
  const raw = identify(inbound, body, auth.signatureHeaders);
  return {
    eventType: cleanType(raw.eventType),
    providerEventId: cleanId(raw.providerEventId),
    isIdSigned: raw.isIdUnsigned !== true,
    isIdShared: raw.isIdShared,
  };
}

/**
 * The answer to a provider's probe of the URL, or null for an ordinary event.
 *
 * @param isVerified asks for the answer to a probe that is signed, once it is verified; else for that to an unsigned one
 */
export function challenge(
  type: SourceType,
  auth: ResolvedAuth,
  inbound: Inbound,
  body: () => unknown,
  isVerified: boolean,
): Challenge | null {
  const handshake = providerOf(type, auth)?.handshake;
  if (handshake?.isSigned !== isVerified) return null;
  // Another scheme's settings have secrets that are not the provider's.
  return handshake.answer(inbound, body, auth.authType === type ? auth.settings : null);
}
