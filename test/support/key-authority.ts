// Plaid and eBay as far as they serve the keys that they sign with: to who knows the credentials, and by their published shapes.
import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

export const PLAID = { client_id: "5f0ae04e8b7c2f0012e0a9d1", secret: "0123456789abcdef0123456789abcd" };
const PLAID_KEY_ID = "bfbd5111-8e33-4643-8ced-b2e642a72f3c";
export const EBAY = {
  client_id: "Shop-hooks-PRD-0123456789ab-cdef0123",
  secret: "PRD-0123456789ab-cdef-0123",
  verify_token: "a-verification-token-of-the-owner_1",
};
export const EBAY_KEY_ID = "9936261a-7d7b-4621-a0f1-96ccb428af49";

export interface Asked {
  host: string;
  path: string;
  method: string;
  headers: Readonly<Record<string, string | undefined>>;
  body: string;
}
interface Served {
  status: number;
  body: string;
}

const TOKEN = "v^1.1#i^1#an-application-token";
const NOT_FOUND: Served = { status: 404, body: "{}" };
const pair = () => generateKeyPairSync("ec", { namedCurve: "P-256" });

export interface KeyAuthority {
  serve: (asked: Asked) => Served;
  /** The value of `Plaid-Verification`. */
  signPlaid: (body: string, seconds: number, given?: PlaidGiven) => string;
  /** The value of `X-EBAY-SIGNATURE`. */
  signEbay: (body: string, given?: Record<string, unknown>) => string;
  /** When Plaid's key runs out, in Unix seconds. */
  expirePlaidKey: (atSeconds: number) => void;
}
interface PlaidGiven {
  head?: object;
  claims?: object;
  key?: KeyObject;
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");

export function makeKeyAuthority(): KeyAuthority {
  const [plaid, ebay] = [pair(), pair()];
  const jwk: Record<string, unknown> = { alg: "ES256", kid: PLAID_KEY_ID, use: "sig", expired_at: null };

  function servePlaid({ method, body }: Asked): Served {
    const { client_id, secret, key_id } = JSON.parse(body);
    const isKnown = method === "POST" && client_id === PLAID.client_id && secret === PLAID.secret;
    if (!isKnown || key_id !== PLAID_KEY_ID)
      return { status: 400, body: '{"error_code":"INVALID_WEBHOOK_VERIFICATION_KEY_ID"}' };
    const key = { ...plaid.publicKey.export({ format: "jwk" }), ...jwk };
    return { status: 200, body: JSON.stringify({ key, request_id: "RZ6Omi1bzzwDaLo" }) };
  }

  function serveEbay({ path, method, headers, body }: Asked): Served {
    if (path === "/identity/v1/oauth2/token") {
      const basic = Buffer.from(`${EBAY.client_id}:${EBAY.secret}`).toString("base64");
      const isGranted =
        method === "POST" &&
        headers.authorization === `Basic ${basic}` &&
        headers["content-type"] === "application/x-www-form-urlencoded" &&
        new URLSearchParams(body).get("grant_type") === "client_credentials";
      const token = { access_token: TOKEN, expires_in: 7200, token_type: "Application Access Token" };
      return isGranted ? { status: 200, body: JSON.stringify(token) } : { status: 401, body: "{}" };
    }
    const isKey = path === `/commerce/notification/v1/public_key/${EBAY_KEY_ID}`;
    if (!isKey || method !== "GET" || headers.authorization !== `Bearer ${TOKEN}`) return NOT_FOUND;
    const digits = ebay.publicKey.export({ format: "der", type: "spki" }).toString("base64");
    const key = `-----BEGIN PUBLIC KEY-----${digits}-----END PUBLIC KEY-----`;
    return { status: 200, body: JSON.stringify({ key, algorithm: "ECDSA", digest: "SHA1" }) };
  }

  return {
    serve(asked) {
      if (asked.host === "production.plaid.com" && asked.path === "/webhook_verification_key/get")
        return servePlaid(asked);
      return asked.host === "api.ebay.com" ? serveEbay(asked) : NOT_FOUND;
    },
    signPlaid(body, seconds, { head = {}, claims = {}, key = plaid.privateKey } = {}) {
      const request_body_sha256 = createHash("sha256").update(body).digest("hex");
      const text = `${part({ alg: "ES256", kid: PLAID_KEY_ID, typ: "JWT", ...head })}.${part({ iat: seconds, request_body_sha256, ...claims })}`;
      return `${text}.${sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" }).toString("base64url")}`;
    },
    signEbay(body, given = {}) {
      const signature = sign("sha1", Buffer.from(body), ebay.privateKey).toString("base64");
      const told = { alg: "ecdsa", kid: EBAY_KEY_ID, signature, digest: "SHA1", ...given };
      return Buffer.from(JSON.stringify(told)).toString("base64");
    },
    expirePlaidKey(atSeconds) {
      jwk.expired_at = atSeconds;
    },
  };
}
