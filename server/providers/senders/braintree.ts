import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { field } from "#server/providers/body-fields.ts";
import { readForm } from "#server/providers/form-body.ts";
import { type Check, type Inbound, rejected } from "#server/providers/inbound.ts";
import { keyBytes } from "#server/providers/key-format.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { queryValue } from "#server/providers/probes.ts";
import type { Challenge, ProviderProof } from "#server/providers/provider.ts";
import { secretProblems } from "#server/providers/secret-problem.ts";
import { keysOf, TwoSecrets } from "#server/providers/settings.ts";

const settings = z.strictObject({ ...TwoSecrets, public_key: z.string().trim().min(1).max(255) });
type Settings = z.output<typeof settings>;

const DIGEST_HEX = /^[0-9a-f]{40}$/;
const MAX_CANDIDATES = 16;
/** A challenge is answered for whoever asks, so a text of its form is no event. */
const CHALLENGE = /^[0-9a-f]{20,32}$/;

/** The key is the SHA-1 of the private key. */
function sign(privateKey: string, text: string): Buffer {
  const key = keyBytes(privateKey, { encoding: "sha1" }) ?? Buffer.alloc(0);
  return createHmac("sha1", key).update(text, "utf8").digest();
}

function makeCheck({ public_key, ...secrets }: Settings): Check {
  const keys = keysOf(secrets, (privateKey) => privateKey);
  return (inbound) => {
    const form = readForm(inbound.body);
    const payload = form?.get("bt_payload");
    const pairs = form?.get("bt_signature")?.split("&").slice(0, MAX_CANDIDATES);
    if (!payload || !pairs) return rejected("The body is no form with bt_signature and bt_payload.");
    if (CHALLENGE.test(payload)) return rejected("bt_payload is a challenge and no event.");
    const signatures = pairs
      .filter((pair) => pair.startsWith(`${public_key}|`))
      .map((pair) => pair.slice(public_key.length + 1))
      .filter((digest) => DIGEST_HEX.test(digest))
      .map((digest) => Buffer.from(digest, "hex"));
    if (signatures.length === 0) return rejected("bt_signature holds no signature of this source's public key.");
    // As Braintree's own libraries do: on its way the payload may have lost the line break that it was signed with.
    for (const text of [payload, `${payload}\n`]) {
      for (const { with: by, key } of keys) {
        const expected = sign(key, text);
        if (signatures.some((signature) => timingSafeEqual(signature, expected))) return { kind: "verified", with: by };
      }
    }
    return rejected("No signature in bt_signature belongs to bt_payload and a private key of this source.");
  };
}

const proof: ProviderProof<typeof settings> & { hmac: null } = {
  headers: [],
  hmac: null,
  about: "hex HMAC SHA-1 of the payload, in the form",
  settings,
  rotation: { field: "secret", previous: "previous_secret", made: null },
  makeCheck,
  problems: (auth) => secretProblems(auth),
  secretHeaders: () => [],
  prove: ({ public_key }, draft) => ({
    kind: "written",
    write(secret) {
      const payload = readForm(draft.body)?.get("bt_payload") ?? "";
      const signature = `${public_key}|${sign(secret, payload).toString("hex")}`;
      const body = Buffer.from(new URLSearchParams({ bt_signature: signature, bt_payload: payload }).toString());
      return { url: draft.urls[0] ?? "", headers: draft.headers, body };
    },
  }),
};

/** A new URL is asked by GET for a challenge signed as an event would be. */
function answer(inbound: Inbound, _body: () => unknown, auth: Settings | null): Challenge | null {
  const challenge = inbound.method === "GET" ? queryValue(inbound, "bt_challenge") : null;
  if (challenge === null || auth === null || !CHALLENGE.test(challenge)) return null;
  const body = `${auth.public_key}|${sign(auth.secret, challenge).toString("hex")}`;
  return { status: 200, contentType: "text/plain; charset=utf-8", body };
}

/** What stands between two tags of the XML that a payload is the base64 of. */
function between(xml: string, start: string, end: string): string | null {
  const from = xml.indexOf(start);
  const until = from < 0 ? -1 : xml.indexOf(end, from);
  return until < 0 ? null : xml.slice(from + start.length, until);
}

const xmlOf = (payload: unknown) =>
  typeof payload === "string" ? Buffer.from(payload, "base64").toString("utf8") : "";

export const braintree = makeProvider(
  {
    name: "braintree",
    title: "Braintree",
    tile: "Bn",
    docs: "https://developer.paypal.com/braintree/docs/guides/webhooks/parse",
    isConfirmed: true,
  },
  proof,
  {},
  {
    identify: ({ body }) => ({
      eventType: between(xmlOf(readForm(body)?.get("bt_payload")), "<kind>", "</kind>"),
      providerEventId: null,
    }),
    factFields: ["bt_payload"],
    normalise: (_sent, form) => {
      const xml = xmlOf(field(form, "bt_payload"));
      return {
        occurredAt: between(xml, '<timestamp type="datetime">', "</timestamp>"),
        resourceId: between(xml, "<id>", "</id>"),
      };
    },
    handshake: { isSigned: false, answer },
    fieldWords: {
      secret: { label: "Private key", help: "Of the API keys." },
      public_key: { label: "Public key", help: "Of the same API keys." },
    },
    sample: (id) => ({
      headers: [],
      form: {
        bt_payload: Buffer.from(
          `<notification><kind>check</kind><subject><id>${id}</id></subject></notification>`,
        ).toString("base64"),
      },
    }),
  },
);
