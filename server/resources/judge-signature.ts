// A signature that a receiver got, held against what a delivery would carry. Pure: it says which part does not fit, and
// whether the body was changed on its way in one of the ways that happen.
import { timingSafeEqual } from "node:crypto";
import type { CheckedSignature, SignaturePart } from "#server/contracts/check-signature.ts";
import { type HmacAlgorithm, makeHmac } from "#server/crypto/hmac.ts";
import { BODY_CHANGES } from "./body-changes.ts";

type Encoding = "hex" | "base64" | "base64url";

/** How a destination signs. Holds its secrets: never log or serialise it. */
export interface Signing {
  kind: "standard" | "custom";
  algorithm: HmacAlgorithm;
  encoding: Encoding;
  secrets: readonly { name: "current" | "previous"; key: Buffer }[];
}

export interface Received {
  webhook_id: string;
  webhook_timestamp: string;
  signature: string;
  body: string;
}

type Part = CheckedSignature["parts"][number];

/** What receivers' libraries allow, to either side. */
const TOLERANCE_S = 300;
const DIGEST_BYTES: Record<HmacAlgorithm, number> = { sha1: 20, sha256: 32, sha512: 64 };
const MAX_CANDIDATES = 16;

const good = (part: SignaturePart, says: string): Part => ({ part, is_good: true, says });
const bad = (part: SignaturePart, says: string): Part => ({ part, is_good: false, says });

function idPart({ webhook_id: id }: Received): Part {
  if (id === "") return bad("id", "webhook-id is missing: it is part of what is signed.");
  if (id.trim() !== id) return bad("id", "webhook-id has blanks around it, and the signature has not.");
  return good("id", "webhook-id is there.");
}

function timePart({ webhook_timestamp: text }: Received, nowMs: number): Part {
  if (!/^\d{1,12}$/.test(text)) return bad("timestamp", "webhook-timestamp is no whole number of seconds.");
  const age = Math.floor(nowMs / 1000) - Number(text);
  if (Math.abs(age) <= TOLERANCE_S) return good("timestamp", "webhook-timestamp is within 5 minutes of now.");
  const side = age > 0 ? "old" : "ahead";
  return good(
    "timestamp",
    `webhook-timestamp is ${Math.abs(age)} s ${side}: a receiver that looks at it refuses over 300 s.`,
  );
}

const candidatesOf = ({ kind }: Signing, { signature }: Received): string[] =>
  (kind === "standard"
    ? signature
        .split(/\s+/)
        .filter((text) => text.startsWith("v1,"))
        .map((text) => text.slice("v1,".length))
    : signature.split(",").map((text) => text.trim())
  ).slice(0, MAX_CANDIDATES);

function digestsOf(signing: Signing, received: Received): Buffer[] {
  const bytes = DIGEST_BYTES[signing.algorithm];
  return candidatesOf(signing, received)
    .map((text) => Buffer.from(text, signing.encoding))
    .filter((digest) => digest.length === bytes);
}

function formPart(signing: Signing, digests: readonly Buffer[]): Part {
  const form =
    signing.kind === "standard"
      ? "v1, and 44 characters of base64"
      : `${DIGEST_BYTES[signing.algorithm]} bytes of ${signing.algorithm} as ${signing.encoding}`;
  return digests.length > 0
    ? good("form", `The signature has its form: ${form}.`)
    : bad("form", `The signature is not ${form}.`);
}

function secretThatFits(signing: Signing, received: Received, digests: readonly Buffer[]) {
  const head = signing.kind === "standard" ? `${received.webhook_id}.${received.webhook_timestamp}.` : "";
  return signing.secrets.find(({ key }) => {
    const wanted = makeHmac(signing.algorithm, key)([Buffer.from(head + received.body, "utf8")]);
    return digests.some((digest) => timingSafeEqual(digest, wanted));
  })?.name;
}

function conclusion(
  parts: readonly Part[],
  fits: "current" | "previous" | undefined,
  change: string | undefined,
): string {
  if (fits === "current") return "It fits: the current secret made it over these very bytes.";
  if (fits === "previous") return "It fits the previous secret: the receiver has not got the current one yet.";
  if (change !== undefined) return `The signature is right, and the body is not: ${change}.`;
  const wrong = parts.find(({ is_good }) => !is_good);
  if (wrong && wrong.part !== "digest") return `${wrong.says} Look at what the receiver reads before it compares.`;
  return "Another secret made it, or the body was changed: compare the last four characters of the receiver's secret with those here.";
}

/** Judges `received` part by part. */
export function judgeSignature(
  signing: Signing,
  received: Received,
  nowMs: number,
): Omit<CheckedSignature, "checked_at"> {
  const digests = digestsOf(signing, received);
  const fits = secretThatFits(signing, received, digests);
  const change = fits
    ? undefined
    : BODY_CHANGES.find(({ undo }) => secretThatFits(signing, { ...received, body: undo(received.body) }, digests))
        ?.says;
  const parts = [
    ...(signing.kind === "standard" ? [idPart(received), timePart(received, nowMs)] : []),
    formPart(signing, digests),
    fits
      ? good("digest", `The digest is that of the ${fits} secret.`)
      : bad("digest", "The digest is of neither secret."),
  ];
  return { fits: fits ?? null, parts, says: conclusion(parts, fits, change) };
}
