import { createHash } from "node:crypto";
import { z } from "zod";
import { Secret } from "#server/contracts/secret.ts";
import { AccountName, Environment, judgeByKey, ownerOf } from "#server/providers/asked-key.ts";
import { field } from "#server/providers/body-fields.ts";
import { judgeTime } from "#server/providers/hmac-scheme.ts";
import { type CallProvider, type Check, type Inbound, rejected, type Verification } from "#server/providers/inbound.ts";
import { jwkKey, keyIdOf, readJwt } from "#server/providers/jwt.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import { sentSecretProblems } from "#server/providers/secret-problem.ts";
import { ToleranceSeconds } from "#server/providers/settings.ts";
import { soleHeader } from "#server/providers/timestamps.ts";

const HEADER = "plaid-verification";
const KEY_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const HOSTS = { production: "https://production.plaid.com", sandbox: "https://sandbox.plaid.com" };
/** Plaid says of a key when it ran out, so one that is kept is looked at again each day. */
const KEPT_FOR_MS = 24 * 60 * 60 * 1000;
const TOLERANCE_SECONDS = 300;

const settings = z.strictObject({
  client_id: AccountName,
  secret: Secret,
  environment: Environment,
  tolerance_seconds: ToleranceSeconds,
});
type Settings = z.output<typeof settings>;

/** The token's key comes from Plaid alone; it is over the hash of the body and the time of sending. */
function makeCheck({ client_id, secret, environment = "production", tolerance_seconds }: Settings): Check {
  const owner = ownerOf("plaid", environment, client_id, secret);
  const url = new URL("/webhook_verification_key/get", HOSTS[environment]);
  return (inbound, nowMs, fetchKey) => {
    const sent = soleHeader(inbound, HEADER);
    if (sent.kind === "unreadable") return rejected(sent.detail);
    const keyId = keyIdOf(sent.text);
    if (typeof keyId !== "string" || !KEY_ID.test(keyId))
      return rejected(`${HEADER} is no JWT that names a key of Plaid.`);
    const asked = {
      provider: "Plaid",
      credentials: "client ID and secret",
      owner,
      keyId,
      keptForMs: KEPT_FOR_MS,
      ask: (call: CallProvider) =>
        call({
          url,
          method: "POST",
          headers: [["content-type", "application/json"]],
          body: JSON.stringify({ client_id, secret, key_id: keyId }),
        }),
    };
    return judgeByKey(fetchKey, asked, (served) =>
      judge(sent.text, inbound, field(served, "key"), nowMs, tolerance_seconds ?? TOLERANCE_SECONDS),
    );
  };
}

function judge(token: string, { body }: Inbound, jwk: unknown, nowMs: number, toleranceSeconds: number): Verification {
  const key = jwkKey(jwk);
  if (key?.algorithm !== "ES256") return rejected(`The key that ${HEADER} names is none of ES256.`);
  const expiredAt = field(jwk, "expired_at");
  if (typeof expiredAt === "number" && expiredAt * 1000 <= nowMs)
    return rejected(`The key that ${HEADER} names has run out.`);
  const read = readJwt(token, key, nowMs);
  if (read.kind === "invalid") return rejected(`The token in ${HEADER} ${read.detail}`);
  const { iat, request_body_sha256: hash } = read.claims;
  if (hash !== createHash("sha256").update(body).digest("hex"))
    return rejected(`The token in ${HEADER} is over another body than what was received.`);
  if (!Number.isSafeInteger(iat)) return rejected(`The token in ${HEADER} does not say when it was made.`);
  return judgeTime("secret", Number(iat) * 1000, toleranceSeconds, nowMs);
}

export const plaid = makeProvider(
  {
    name: "plaid",
    title: "Plaid",
    tile: "Pl",
    docs: "https://plaid.com/docs/api/webhooks/webhook-verification/",
    isConfirmed: true,
  },
  {
    headers: [HEADER],
    hmac: null,
    about: "JWT over the hash of the body, by a key that Plaid serves, within 300 s",
    settings,
    rotation: { field: "secret", previous: null, made: null },
    makeCheck,
    prove: () => null,
    problems: ({ secret }) => sentSecretProblems({ secret }),
    secretHeaders: () => [],
  },
  {
    type: "webhook_type+webhook_code",
    resourceId: ["item_id", "asset_report_id", "transfer_id", "identity_verification_id", "user_id"],
    example: "TRANSACTIONS.SYNC_UPDATES_AVAILABLE",
  },
  {
    fieldWords: {
      client_id: {
        label: "Client ID",
        help: "Plaid serves its keys to its customers only: they are asked for with it.",
      },
      secret: { label: "Secret", help: "Of the same environment. It asks for keys and nothing else." },
    },
  },
);
