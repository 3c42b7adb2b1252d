// The reason why the door believed a request's sender, or did not. The verdict is the stored one; the steps before it are
// read again from the evidence.
import type { Ctx } from "#server/auth/ctx.ts";
import { MASK } from "#server/contracts/mask.ts";
import type { RequestVerification, VerificationCheck } from "#server/contracts/request-verification.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import type { SourceConfig } from "#server/contracts/source.ts";
import { withSecrets } from "#server/crypto/secrets.ts";
import { notFound } from "#server/errors/app-error.ts";
import { type SignatureEvidence, signatureEvidence } from "#server/providers/evidence.ts";
import { BY_ENDED_SECRET } from "#server/providers/hmac-scheme.ts";
import type { Inbound } from "#server/providers/inbound.ts";
import { tellOtherSigner } from "#server/providers/other-signer.ts";
import { readSignatureAgain } from "./read-signature-again.ts";
import { type RequestDetailRow, selectRequest } from "./requests.sql.ts";
import { openSealed } from "./secret-fields.ts";
import { withoutMasked } from "./shown-request.ts";

/** No scheme that reads the body for its form is sent a larger one. */
const MAX_READ_BYTES = 64 * 1024;

export async function getRequestVerification(ctx: Ctx, { id }: ById): Promise<RequestVerification> {
  const row = await selectRequest(ctx, id, MAX_READ_BYTES);
  if (!row) throw notFound("request", id);
  const request = withoutMasked(row);
  const config = await findOpenConfig(ctx, request.source_id);
  if (!config) return { auth_type: null, checks: valueAlone(request), conclusion: null };
  const { auth_type, auth } = config;
  // The headers that were checked are gone; the verdict stays.
  if (request.erased_at) return { auth_type, checks: valueAlone(request), conclusion: null };
  const inbound = inboundOf(request);
  const seen = signatureEvidence(auth_type, auth, inbound);
  if (seen?.found?.value === MASK) return { auth_type, checks: valueAlone(request), conclusion: null };
  const checks = seen === null || !wasJudged(request) ? [] : checksOf(request, seen);
  return { auth_type, checks, conclusion: (await causeOf(request, config, inbound, checks)) ?? conclusionOf(checks) };
}

/** What is known, and not only likely, of a signature that was refused. */
async function causeOf(
  request: RequestDetailRow,
  config: Pick<SourceConfig, "auth_type" | "auth">,
  inbound: Inbound,
  checks: readonly VerificationCheck[],
): Promise<string | null> {
  if (!checks.some(({ outcome }) => outcome === "failed")) return null;
  if (request.rejection_detail?.includes(BY_ENDED_SECRET)) return `The signature ${BY_ENDED_SECRET}`;
  if (isUnfit(checks))
    return isWhole(request) ? readSignatureAgain(config, { inbound, receivedAt: request.created_at }) : null;
  const other = tellOtherSigner(inbound, signatureEvidence(config.auth_type, config.auth, inbound)?.headers ?? []);
  return other === "" ? null : other.trimStart();
}

/** The source's settings with its secrets; null where the source is gone. They never leave the verb. */
async function findOpenConfig(ctx: Ctx, id: string): Promise<Pick<SourceConfig, "auth_type" | "auth"> | null> {
  const row = await ctx.app.db.source.findFirst({
    where: { id, team_id: ctx.teamId },
    select: { id: true, config: true, secrets: true },
  });
  if (!row) return null;
  const { secrets } = openSealed(ctx.app.keyring, "source", row);
  return withSecrets(row.config as Pick<SourceConfig, "auth_type" | "auth">, secrets);
}

/** Whether all of the body is there, as it came. */
const isWhole = ({ body, body_bytes, masks }: RequestDetailRow) => masks === null && (body?.length ?? 0) === body_bytes;

/** There is a signature of the right form, and it belongs to nothing. */
const isUnfit = (checks: readonly VerificationCheck[]) =>
  checks.some(({ check, outcome }) => check === "value" && outcome === "failed");

const wasJudged = ({ verification }: RequestDetailRow) => verification !== "unattempted";

const inboundOf = ({ method, headers, body }: RequestDetailRow) => ({
  method,
  urls: [],
  headers,
  header: (name: string) =>
    headers
      .filter(([one]) => one.toLowerCase() === name)
      .map(([, value]) => value)
      .join(", ") || undefined,
  body: Buffer.from(body ?? []),
});

const WITH = { secret: "the secret of the source", previous_secret: "the previous secret of the source" };

function valueAlone(request: RequestDetailRow): VerificationCheck[] {
  return request.verified_with === null ? [] : [valueCheck(request, false)];
}

/** @param isKnown whether a check before it failed already */
function valueCheck(request: RequestDetailRow, isKnown: boolean): VerificationCheck {
  const check = "value" as const;
  if (request.verified_with !== null)
    return { check, outcome: "passed", detail: `It matches ${WITH[request.verified_with]}.` };
  if (request.rejection_cause === "TIMESTAMP_OUT_OF_TOLERANCE")
    return { check, outcome: "passed", detail: "It matches a secret of the source." };
  if (isKnown) return { check, outcome: "not_reached", detail: "Not compared." };
  return { check, outcome: "failed", detail: "It matches no secret of the source." };
}

function checksOf(request: RequestDetailRow, seen: SignatureEvidence): VerificationCheck[] {
  const before = [headerCheck(seen), ...timeChecks(request, seen), ...lengthChecks(seen)];
  const hasFailed = before.some(({ outcome }) => outcome === "failed");
  // The settings are others than those that it was judged by.
  if (hasFailed && request.verified_with !== null) return valueAlone(request);
  return [...before, valueCheck(request, hasFailed)];
}

const SHOWN_CHARS = 120;
const shown = (value: string) => (value.length > SHOWN_CHARS ? `${value.slice(0, SHOWN_CHARS)}…` : value);

function headerCheck({ found, headers }: SignatureEvidence): VerificationCheck {
  if (!found) return { check: "header", outcome: "failed", detail: `${headers.join(" or ")} is missing.` };
  return { check: "header", outcome: "passed", detail: `${found.header}: ${shown(found.value)}` };
}

function timeChecks(request: RequestDetailRow, seen: SignatureEvidence): VerificationCheck[] {
  const { timestampMs, toleranceSeconds, problem } = seen;
  if (problem !== null || timestampMs === null || toleranceSeconds === null) return [];
  const awayMs = request.created_at.getTime() - timestampMs;
  const seconds = Math.trunc(Math.abs(awayMs) / 1000);
  const side = awayMs < 0 ? `${seconds} s in the future` : `${seconds} s old`;
  const isWithin = seconds <= toleranceSeconds;
  const time = new Date(timestampMs).toISOString().slice(11, 19);
  const detail = `${time} UTC, ${side}, ${isWithin ? "within" : "not within"} ${toleranceSeconds} s.`;
  return [{ check: "time", outcome: isWithin ? "passed" : "failed", detail }];
}

function lengthChecks({ found, problem, isDigest, form }: SignatureEvidence): VerificationCheck[] {
  if (!found) return [{ check: "length", outcome: "not_reached", detail: "Not looked at." }];
  if (problem !== null) return [{ check: "length", outcome: "failed", detail: problem }];
  if (isDigest === null) return [];
  return isDigest
    ? [{ check: "length", outcome: "passed", detail: `It has the form of ${form}.` }]
    : [{ check: "length", outcome: "failed", detail: `Nothing in it has the form of ${form}.` }];
}

const CONCLUSIONS: Record<VerificationCheck["check"], string> = {
  header:
    "It was not signed at all. Probably another sender knows the URL, or the sender's side has no secret yet. A proxy may also have taken the header out.",
  time: "The signature is right, so the sender is real, but it is late or early: an old request sent again, or a clock that is wrong on one side.",
  length:
    "There is a signature, but not of this kind. Probably the source has another provider's settings, or the value was cut on its way.",
  value:
    "All has the right form, but the value belongs to no secret of this source. Probably the secret is another one than the sender's, or a proxy changed the body.",
};

function conclusionOf(checks: readonly VerificationCheck[]): string | null {
  const failed = checks.filter(({ outcome }) => outcome === "failed");
  const isLate = failed.length === 1 && failed[0]?.check === "time";
  // A wrong signature says more than its time, which anybody can write.
  const telling = isLate ? failed[0] : failed.find(({ check }) => check !== "time");
  return telling ? CONCLUSIONS[telling.check] : null;
}
