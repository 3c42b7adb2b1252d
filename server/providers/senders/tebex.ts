import { createHash } from "node:crypto";
import { field } from "#server/providers/body-fields.ts";
import type { HmacScheme } from "#server/providers/hmac-scheme.ts";
import type { Inbound } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import type { Challenge } from "#server/providers/provider.ts";
import { signedBy } from "#server/providers/signed.ts";

/** Tebex signs the body's SHA-256 as hex, and not the body. */
const scheme: HmacScheme = {
  algorithm: "sha256",
  encoding: "hex",
  toleranceSeconds: null,
  covers: "the hash of the body",
  read: (inbound, _header, values) => ({
    kind: "read",
    candidates: values,
    messages: [{ parts: [createHash("sha256").update(inbound.body).digest("hex")], timestampMs: null }],
  }),
};

const ID = /^[A-Za-z0-9_-]{1,128}$/;

/** A new endpoint is asked for the id of the first webhook, which is signed as any other. */
function answer(_inbound: Inbound, body: () => unknown): Challenge | null {
  const message = body();
  const id = field(message, "id");
  if (field(message, "type") !== "validation.webhook" || typeof id !== "string" || !ID.test(id)) return null;
  return { status: 200, contentType: "application/json", body: JSON.stringify({ id }) };
}

export const tebex = makeProvider(
  { name: "tebex", title: "Tebex", tile: "Te", docs: "https://docs.tebex.io/developers/webhooks", isConfirmed: true },
  signedBy(["x-signature"], scheme),
  {
    type: "type",
    id: "id",
    occurredAt: "date",
    resourceId: ["subject.transaction_id", "subject.reference"],
    example: "payment.completed",
  },
  { isHeaderShared: true, handshake: { isSigned: true, answer } },
);
