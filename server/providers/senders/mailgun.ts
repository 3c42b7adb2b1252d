import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { outlineJson, wantedAt } from "#server/json/json-outline.ts";
import { field } from "#server/providers/body-fields.ts";
import { judgeTime } from "#server/providers/hmac-scheme.ts";
import { type Check, type Inbound, rejected } from "#server/providers/inbound.ts";
import { makeProvider } from "#server/providers/make-provider.ts";
import type { ProviderProof } from "#server/providers/provider.ts";
import { secretProblems } from "#server/providers/secret-problem.ts";
import { keysOf, ToleranceSeconds, TwoSecrets } from "#server/providers/settings.ts";
import { unixSeconds } from "#server/providers/timestamps.ts";

const settings = z.strictObject({ ...TwoSecrets, tolerance_seconds: ToleranceSeconds });
const HEX = /^[0-9a-f]{64}$/;
/** The second is by the primary account's key: an event of a subaccount has both. */
const SIGNATURES = ["signature", "parent-signature"];
const SIGNED = wantedAt([...SIGNATURES, "timestamp", "token"].map((name) => `signature.${name}`));

const sign = (secret: string, timestamp: string, token: string) =>
  createHmac("sha256", secret)
    .update(timestamp + token)
    .digest();

/** What the body's `signature` holds; null where a part of it is missing. */
function readSignature({ body }: Inbound) {
  const signed = field(outlineJson(body, SIGNED), "signature");
  const [timestamp, token] = [field(signed, "timestamp"), field(signed, "token")];
  const claimed = SIGNATURES.map((name) => field(signed, name))
    .filter((text): text is string => typeof text === "string" && HEX.test(text))
    .map((text) => Buffer.from(text, "hex"));
  const isRead = typeof timestamp === "string" && typeof token === "string" && token !== "" && claimed.length > 0;
  return isRead ? { claimed, timestamp, token } : null;
}

function makeCheck({ tolerance_seconds, ...secrets }: z.output<typeof settings>): Check {
  const keys = keysOf(secrets, (secret) => secret);
  return (inbound, nowMs) => {
    const read = readSignature(inbound);
    if (!read) return rejected("The body holds no signature with a timestamp, a token and a hex digest.");
    const timestampMs = unixSeconds(read.timestamp);
    if (timestampMs === null) return rejected("The timestamp beside the signature is no Unix time in seconds.");
    const key = keys.find((one) => {
      const expected = sign(one.key, read.timestamp, read.token);
      return read.claimed.some((signature) => timingSafeEqual(signature, expected));
    });
    if (!key) return rejected("The signature in the body belongs to no secret of this source.");
    const judged = judgeTime(key.with, timestampMs, tolerance_seconds ?? null, nowMs);
    // What is signed is no part of the event.
    return judged.kind === "verified" ? { kind: "authenticated", with: key.with } : judged;
  };
}

const proof: ProviderProof<typeof settings> & { hmac: null } = {
  headers: [],
  hmac: null,
  isOverSenderAlone: true,
  about: "hex HMAC SHA-256 of time and a token, in the body",
  settings,
  rotation: { field: "secret", previous: "previous_secret", made: null },
  makeCheck,
  problems: (auth) => secretProblems(auth),
  secretHeaders: () => [],
  prove: (_settings, draft, { nowMs, id }) => ({
    kind: "written",
    write(secret) {
      const timestamp = String(Math.trunc(nowMs / 1000));
      const signature = { timestamp, token: id, signature: sign(secret, timestamp, id).toString("hex") };
      const body = Buffer.from(JSON.stringify({ ...JSON.parse(draft.body.toString("utf8")), signature }));
      return { url: draft.urls[0] ?? "", headers: draft.headers, body };
    },
  }),
};

/**
 * The signature covers a time and a token and nothing of the event. Each token is good for one event, as Mailgun advises: it is the
 * event's id here.
 */
export const mailgun = makeProvider(
  {
    name: "mailgun",
    title: "Mailgun",
    tile: "Mu",
    docs: "https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks",
    isConfirmed: true,
  },
  proof,
  {
    type: "event-data.event",
    id: "signature.token",
    occurredAt: "event-data.timestamp",
    resourceId: ["event-data.message.headers.message-id", "event-data.id"],
    example: "delivered",
  },
  { fieldWords: { secret: { label: "Webhook signing key" } } },
);
