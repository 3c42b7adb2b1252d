import type { SourceAuthType } from "#server/contracts/source.ts";
import type { HmacScheme } from "./hmac-scheme.ts";
import type { Inbound } from "./inbound.ts";

/** What a provider calls its event, as it stands in headers or body; `describe` cleans and cuts both. */
export interface RawIdentity {
  eventType: unknown;
  providerEventId: unknown;
  /** The id stands where the provider's signature does not reach: by itself it tells nothing. */
  isIdUnsigned?: boolean;
}

/** An answer that the provider expects instead of the source's usual one. */
export interface Challenge {
  status: number;
  contentType: string;
  body: string;
}

/** One row of the table: how a provider signs, names its events and probes an endpoint. */
export interface Provider {
  readonly name: string;
  /** The auth type of its own, or null where plain HMAC on its header is the only way to it. */
  readonly authType: SourceAuthType | null;
  /** Its signature headers in lower case: by these plain HMAC recognises it. The first that is present is read. */
  readonly headers: readonly string[];
  readonly scheme: HmacScheme;
  /**
   * `body` reads lazily: a provider that tells everything in headers must not call it. `signatureHeaders` are those that the
   * source takes a signature from, in order of preference.
   */
  readonly identify: (inbound: Inbound, body: () => unknown, signatureHeaders: readonly string[]) => RawIdentity;
  readonly challenge?: (inbound: Inbound, body: () => unknown) => Challenge | null;
}
