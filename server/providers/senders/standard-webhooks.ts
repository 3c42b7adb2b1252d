import { field } from "#server/providers/body-fields.ts";
import type { HmacScheme, Reading } from "#server/providers/hmac-scheme.ts";
import { firstHeader, type Inbound } from "#server/providers/inbound.ts";
import type { KeyFormat } from "#server/providers/key-format.ts";
import { factsAt } from "#server/providers/places.ts";
import type { SourceProvider } from "#server/providers/provider.ts";
import { signedBy } from "#server/providers/signed.ts";
import { notATimestamp, soleHeader, spellTimestamp, unixSeconds } from "#server/providers/timestamps.ts";

const idHeaderOf = (signatureHeader: string) => signatureHeader.replace(/signature$/, "id");

function read(inbound: Inbound, header: string, values: readonly string[]): Reading {
  const prefix = header.slice(0, -"signature".length);
  const id = soleHeader(inbound, idHeaderOf(header));
  if (id.kind === "unreadable") return id;
  const timestamp = soleHeader(inbound, `${prefix}timestamp`);
  if (timestamp.kind === "unreadable") return timestamp;
  const timestampMs = unixSeconds(timestamp.text);
  if (timestampMs === null) return notATimestamp(`${prefix}timestamp`);

  // Only `v1,` is symmetric: a `v1a,` (ed25519) signature needs a public key, which this scheme does not hold.
  const candidates = values
    .flatMap((value) => value.split(/\s+/))
    .filter((text) => text.startsWith("v1,"))
    // A proxy that joins two headers with a comma leaves it at the end of the first.
    .map((text) => text.slice("v1,".length).replace(/,$/, ""));
  return {
    kind: "read",
    candidates,
    messages: [{ parts: [`${id.text}.${timestamp.text}.`, inbound.body], timestampMs }],
  };
}

/** @param key of the secret, where a provider writes it otherwise than as `whsec_` and base64 */
export const standardScheme = (key: KeyFormat | undefined): HmacScheme => ({
  algorithm: "sha256",
  encoding: "base64",
  toleranceSeconds: 300,
  key,
  covers: "id, time and body",
  read,
  write: ({ header, nowMs, id }) => ({
    headers: [
      [idHeaderOf(header), id],
      [header.replace(/signature$/, "timestamp"), spellTimestamp(unixSeconds, nowMs)],
    ],
    value: (digest) => `v1,${digest}`,
  }),
});

export const WHSEC: KeyFormat = { encoding: "base64", prefix: "whsec_" };
export const STANDARD_HEADERS = ["webhook-signature", "svix-signature"];

/** Only the id that belongs to the signature which was checked is signed. */
export function signedId(inbound: Inbound, signatureHeaders: readonly string[]): string | undefined {
  const header = signatureHeaders.find((name) => firstHeader(inbound, name) !== undefined) ?? signatureHeaders[0] ?? "";
  return firstHeader(inbound, idHeaderOf(header));
}

/** Svix sends the same as `svix-*`. */
export const standardWebhooks: SourceProvider = {
  name: "standard-webhooks",
  title: "Standard Webhooks",
  tile: "Sw",
  docs: "https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md",
  isConfirmed: true,
  fieldWords: { secret: { label: "Signing secret", help: "whsec_ and base64." } },
  ...factsAt({
    occurredAt: ["timestamp", "header:webhook-timestamp", "header:svix-timestamp"],
    resourceId: "data.id",
  }),
  ...signedBy(STANDARD_HEADERS, standardScheme(WHSEC), "whsec"),
  methods: ["POST"],
  bodyFields: ["type"],
  identify: (inbound, body, signatureHeaders) => ({
    eventType: field(body(), "type"),
    providerEventId: signedId(inbound, signatureHeaders),
  }),
};
