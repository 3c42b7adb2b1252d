// The challenge of an endpoint: a nonce goes to its URL, and events go there once it has come back. So nobody can point a team's
// events at a receiver that does not want them.
import { randomBytes } from "node:crypto";
import { recordAudit } from "#server/auth/audit.ts";
import { type Ctx, requireOwn } from "#server/auth/ctx.ts";
import { inTurn } from "#server/auth/in-turn.ts";
import type { Endpoint, VerificationState } from "#server/contracts/endpoint.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import type { SendOutcome } from "#server/egress/client.ts";
import { AppError, CallerGone } from "#server/errors/app-error.ts";
import { writeHold } from "./endpoint-change.ts";
import { findEndpoint } from "./endpoint-rows.ts";
import { lockRow, transact } from "./transact.ts";

/** Somebody waits for the answer. */
const TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 4_096;

interface Verdict {
  state: VerificationState;
  detail: string;
}

/** Sends the challenge once more, and says what came of it. */
export async function verifyEndpoint(ctx: Ctx, { id }: ById): Promise<Endpoint> {
  requireOwn(ctx, id, "destination.write");
  const { url, verification } = await findEndpoint(ctx.app.db, ctx, id);
  if (verification === null)
    throw new AppError(
      "CONFLICT",
      "No challenge was asked for this endpoint: register it with verify true, and its events wait for one.",
    );
  await record(ctx, id, url, await challenge(ctx, url));
  return findEndpoint(ctx.app.db, ctx, id);
}

/** The challenge of a registration, in the team's turn of what goes outside. A team that asks too often asks again later. */
export async function challengeAtOnce(ctx: Ctx, id: string): Promise<void> {
  const { url, verification } = await findEndpoint(ctx.app.db, ctx, id);
  if (verification?.state === "confirmed") return;
  try {
    await record(ctx, id, url, await inTurn(ctx, "outside", () => challenge(ctx, url)));
  } catch (error) {
    if (error instanceof CallerGone || (error instanceof AppError && error.code === "TOO_MANY_REQUESTS")) return;
    throw error;
  }
}

async function challenge(ctx: Ctx, url: string): Promise<Verdict> {
  const nonce = randomBytes(24).toString("base64url");
  const body = Buffer.from(JSON.stringify({ type: "endpoint.verification", challenge: nonce }));
  const outcome = await ctx.app.egress.send({
    teamId: ctx.teamId,
    url: new URL(url),
    method: "POST",
    headers: [["content-type", "application/json"]],
    body,
    timeoutMs: TIMEOUT_MS,
    ...(ctx.signal && { signal: ctx.signal }),
  });
  return verdictOf(outcome, nonce);
}

/** The nonce alone, or as `challenge` of a JSON object. Nothing else of the answer is told. */
function verdictOf(outcome: SendOutcome, nonce: string): Verdict {
  if (outcome.kind === "error") return { state: "failed", detail: `No answer came: ${outcome.code}.` };
  if (outcome.status < 200 || outcome.status > 299)
    return { state: "failed", detail: `The answer was ${outcome.status}; it has to be 200 with the challenge.` };
  const text = outcome.body.subarray(0, MAX_ANSWER_BYTES).toString("utf8").trim();
  if (text === nonce || challengeIn(text) === nonce) return { state: "confirmed", detail: "The challenge came back." };
  return {
    state: "failed",
    detail: 'The answer did not bring the challenge back: send it as {"challenge": "…"}, or alone.',
  };
}

function challengeIn(text: string): unknown {
  try {
    return JSON.parse(text)?.challenge;
  } catch {
    return undefined;
  }
}

/** A verdict on a URL that is not the endpoint's any more says nothing. */
async function record(ctx: Ctx, id: string, url: string, { state, detail }: Verdict): Promise<void> {
  await transact(ctx, async (tx) => {
    await lockRow(tx, ctx, "destination", id);
    const now = ctx.app.now();
    const count = await tx.$executeRaw`
      update endpoint e set verification = ${state}, verified_at = ${now}, verification_detail = ${detail} from destination d
      where e.team_id = ${ctx.teamId} and e.id = ${id} and d.id = e.id and d.config ->> 'url' = ${url}`;
    if (count === 0) return;
    await writeHold(tx, ctx, id);
    await recordAudit(tx, ctx, "update", "destination", id, { after: { verification: state }, at: now });
  });
}
