import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { z } from "zod";
import { Secret } from "#server/contracts/secret.ts";
import { AccountName, Environment, judgeByKey, ownerOf, parsed } from "#server/providers/asked-key.ts";
import { field } from "#server/providers/body-fields.ts";
import { isCanonical } from "#server/providers/hmac-scheme.ts";
import { type CallProvider, type Check, rejected, type Verification } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { queryValue } from "#server/providers/probes.ts";
import type { Handshake } from "#server/providers/provider.ts";
import { sentSecretProblems } from "#server/providers/secret-problem.ts";
import { soleHeader } from "#server/providers/timestamps.ts";

const HEADER = "x-ebay-signature";
const MAX_HEADER_LENGTH = 2048;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const KEY_ID = /^[A-Za-z0-9-]{1,64}$/;
const HOSTS = { production: "https://api.ebay.com", sandbox: "https://api.sandbox.ebay.com" };
/** As long as eBay's own libraries are told to keep a key. */
const KEPT_FOR_MS = 60 * 60 * 1000;
const SCOPE = "grant_type=client_credentials&scope=https%3A%2F%2Fapi.ebay.com%2Foauth%2Fapi_scope";
const TOKEN = /^[\x21-\x7e]{1,8192}$/;
const PEM = /^-----BEGIN PUBLIC KEY-----\s*([A-Za-z0-9+/=\s]+?)\s*-----END PUBLIC KEY-----\s*$/;

const settings = z.strictObject({
  client_id: AccountName,
  secret: Secret,
  verify_token: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9_-]{32,80}$/, "Give 32 to 80 letters, digits, _ and -, as eBay asks for."),
  environment: Environment,
});
type Settings = z.output<typeof settings>;

interface Signed {
  keyId: string;
  signature: Buffer;
}

/** What the header holds: base64 of JSON. Its algorithm is eBay's one, whatever the sender writes there. */
function readSignature(text: string): Signed | null {
  if (text.length > MAX_HEADER_LENGTH || !BASE64.test(text)) return null;
  const bytes = Buffer.from(text, "base64");
  const told = isCanonical(text, bytes) ? parsed(bytes.toString("utf8")) : undefined;
  const [alg, kid, digest, signature] = ["alg", "kid", "digest", "signature"].map((name) => field(told, name));
  if (alg !== "ecdsa" || digest !== "SHA1" || typeof kid !== "string" || !KEY_ID.test(kid)) return null;
  if (typeof signature !== "string" || !BASE64.test(signature)) return null;
  const made = Buffer.from(signature, "base64");
  return isCanonical(signature, made) ? { keyId: kid, signature: made } : null;
}

function makeCheck({ client_id, secret, environment = "production" }: Settings): Check {
  const owner = ownerOf("ebay", environment, client_id, secret);
  return (inbound, _nowMs, fetchKey) => {
    const sent = soleHeader(inbound, HEADER);
    if (sent.kind === "unreadable") return rejected(sent.detail);
    const signed = readSignature(sent.text);
    if (!signed) return rejected(`${HEADER} holds no signature as eBay makes it.`);
    const { keyId } = signed;
    const asked = {
      provider: "eBay",
      credentials: "client ID and client secret",
      owner,
      keyId,
      keptForMs: KEPT_FOR_MS,
      ask: (call: CallProvider) => askForKey(call, HOSTS[environment], keyId, `${client_id}:${secret}`),
    };
    return judgeByKey(fetchKey, asked, (served) => judge(signed, inbound.body, served));
  };
}

/** eBay serves a key for a token, and a token for the credentials. */
async function askForKey(call: CallProvider, host: string, keyId: string, credentials: string): Promise<Buffer | null> {
  const granted = await call({
    url: new URL("/identity/v1/oauth2/token", host),
    method: "POST",
    headers: [
      ["authorization", `Basic ${Buffer.from(credentials, "utf8").toString("base64")}`],
      ["content-type", "application/x-www-form-urlencoded"],
    ],
    body: SCOPE,
  });
  const token = granted === null ? undefined : field(parsed(granted.toString("utf8")), "access_token");
  if (typeof token !== "string" || !TOKEN.test(token)) return null;
  return call({
    url: new URL(`/commerce/notification/v1/public_key/${keyId}`, host),
    headers: [["authorization", `Bearer ${token}`]],
  });
}

function judge({ signature }: Signed, body: Buffer, served: unknown): Verification {
  const key = readKey(field(served, "key"));
  if (!key) return rejected(`The key that ${HEADER} names is none of ECDSA P-256.`);
  try {
    if (verify("sha1", body, key, signature)) return { kind: "verified", with: "secret" };
  } catch {
    // OpenSSL throws at some of what is no signature.
  }
  return rejected(`${HEADER} belongs to something else than what was received.`);
}

/** eBay writes a key in PEM without its line breaks. */
function readKey(pem: unknown): KeyObject | null {
  const [, digits] = (typeof pem === "string" ? PEM.exec(pem) : null) ?? [];
  if (digits === undefined) return null;
  try {
    const key = createPublicKey({ key: Buffer.from(digits, "base64"), format: "der", type: "spki" });
    return key.asymmetricKeyDetails?.namedCurve === "prime256v1" ? key : null;
  } catch {
    return null;
  }
}

const CHALLENGE_CODE = /^[A-Za-z0-9_-]{1,255}$/;

/** A new endpoint is asked for a hash of the code, the owner's token and its own URL as eBay was given it. */
const handshake: Handshake<typeof settings> = {
  isSigned: false,
  answer(inbound, _body, auth) {
    const code = inbound.method === "GET" ? queryValue(inbound, "challenge_code") : null;
    if (code === null || auth === null || !CHALLENGE_CODE.test(code)) return null;
    const [url = ""] = inbound.urls;
    const endpoint = url.slice(0, url.indexOf("?"));
    const challengeResponse = createHash("sha256")
      .update(code)
      .update(auth.verify_token)
      .update(endpoint)
      .digest("hex");
    return { status: 200, contentType: "application/json", body: JSON.stringify({ challengeResponse }) };
  },
};

export const ebay = makeProvider(
  {
    name: "ebay",
    title: "eBay",
    tile: "Eb",
    docs: "https://developer.ebay.com/api-docs/commerce/notification/overview.html",
    isConfirmed: true,
  },
  {
    headers: [HEADER],
    hmac: null,
    about: "ECDSA P-256 with SHA-1 over body, by a key that eBay serves",
    settings,
    rotation: { field: "secret", previous: null, made: null },
    makeCheck,
    prove: () => null,
    problems: ({ secret }) => sentSecretProblems({ secret }),
    secretHeaders: () => [],
  },
  {
    type: "metadata.topic",
    id: "notification.notificationId",
    occurredAt: "notification.eventDate",
    resourceId: ["notification.data.userId", "notification.data.orderId", "notification.data.itemId"],
    example: "MARKETPLACE_ACCOUNT_DELETION",
  },
  {
    handshake,
    fieldWords: {
      client_id: {
        label: "Client ID",
        help: "eBay serves its keys to its developers only: they are asked for with it.",
      },
      secret: { label: "Client secret", help: "Of the same environment. It asks for keys and nothing else." },
      verify_token: { label: "Verification token", help: "Of your choice, 32 to 80 letters: give eBay the same." },
    },
  },
);
