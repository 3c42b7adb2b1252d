// The test of a source from outside: a webhook as its provider signs it goes to the public URL, and every gateway is asked
// whether it knows the source. What it finds is told in sentences, with the remedy.
import { setTimeout as sleep } from "node:timers/promises";
import { type Ctx, requireCan } from "#server/auth/ctx.ts";
import type { LiveGateway } from "#server/auth/gateways.ts";
import { HOP_BY_HOP } from "#server/contracts/hop-by-hop.ts";
import type { OwnRequest } from "#server/contracts/own-request.ts";
import type { ById } from "#server/contracts/resource-fields.ts";
import {
  GATEWAY_HEADER,
  type GatewayAnswer,
  REQUEST_HEADER,
  type SourceExample,
  type SourceTest,
  type TestSource,
} from "#server/contracts/source-test.ts";
import { MARK_HEADER } from "#server/crypto/test-mark.ts";
import type { SendOutcome } from "#server/egress/client.ts";
import { AppError } from "#server/errors/app-error.ts";
import { type IdKind, isId, newId } from "#server/ids.ts";
import { currentSecret, makeOwnSample, makeSample, proveSample } from "#server/providers/sample.ts";
import { sampleCommand } from "#server/providers/sample-command.ts";
import { publicAnswer, type StoredTest } from "./source-test-words.ts";
import { type OpenedSource, openSource } from "./sources.ts";

const UNSIGNABLE =
  "Only the provider can sign its webhooks, with a key that it alone holds. Have it send one from its own settings.";
const WRITTEN =
  "This provider's proof is no line of a shell. Send the test from here, which proves itself as the provider does.";
const INCOMPLETE = "The source's settings are incomplete: save its secret again.";

/** The command by which an owner sends a signed webhook by hand. */
export async function getSourceExample(ctx: Ctx, { id }: ById): Promise<SourceExample> {
  const { source } = await openSource(ctx, id);
  const command = sampleCommand(source);
  if (command) return { command: command.text, secret_variable: command.secretVariable, missing_because: null };
  const sample = makeSample(source, "test", 0);
  const because = sample === null ? INCOMPLETE : sample.proof === null ? UNSIGNABLE : WRITTEN;
  return { command: null, secret_variable: null, missing_because: because };
}

/** Waits between questions while a gateway has not followed a change yet: a second in all, in which each of them does. */
const ASK_AGAIN_AFTER_MS = [100, 200, 300, 400];

export async function testSource(ctx: Ctx, { id, route, webhook }: TestSource): Promise<SourceTest> {
  requireCan(ctx, "source.write");
  const opened = await openSource(ctx, id);
  if (opened.source.type === "PUBLISH")
    throw new AppError("CONFLICT", "This source has no door: publish on it by POST /v1/publish.");
  if (opened.source.unusable_because !== null) throw new AppError("CONFLICT", opened.source.unusable_because);
  // Asked first, since a test that comes at once after a change would be judged by what was before it.
  const gateways = await askAll(ctx, opened);
  const answer = await sendTest(ctx, opened, { route, webhook });
  return {
    source_id: id,
    revision: opened.source.updated_at,
    answer,
    gateways,
    tested_at: ctx.app.now().toISOString(),
  };
}

/** Headers of the hop that a kept webhook came by, and what only a proxy says. */
const OF_THE_HOP = new Set([
  ...HOP_BY_HOP,
  ...["host", "content-length", "expect", "forwarded", "x-real-ip", "x-forwarded-for", "x-forwarded-host"],
  ...["x-forwarded-proto", "x-forwarded-port", MARK_HEADER],
]);

function toSample(source: OpenedSource["source"], webhook: OwnRequest | undefined, nowMs: number) {
  const id = `test_${newId("request", nowMs).slice("req_".length)}`;
  if (!webhook) return makeSample(source, id, nowMs);
  const { method, path, query, body_base64 } = webhook;
  const url = `${source.url}${path === "/" ? "" : path}${query === "" ? "" : `?${query}`}`;
  const headers = webhook.headers.filter(([name]) => !OF_THE_HOP.has(name.toLowerCase()));
  const body = Buffer.from(body_base64, "base64");
  return makeOwnSample(source, { method, url, headers, body }, { nowMs, id });
}

async function sendTest(
  ctx: Ctx,
  { source, key }: OpenedSource,
  { route, webhook }: Pick<TestSource, "route" | "webhook">,
): Promise<SourceTest["answer"]> {
  const sample = toSample(source, webhook, ctx.app.now().getTime());
  if (!sample) throw new AppError("CONFLICT", INCOMPLETE);
  const signed = proveSample(sample, currentSecret(source.config));
  const { method } = sample;
  const { url, headers, body: bytes } = signed ?? sample;
  const body = bytes.length > 0 ? bytes : null;
  const behind = url.slice(source.url.length);
  const kind = route ? "routed" : "unrouted";
  const sent = await ctx.app.gateways.sendTest({ sourceKey: key, behind, kind, method, headers, body });
  const ids = idsIn(sent);
  const stored = ids.request_id === null ? null : await readStored(ctx, ids.request_id);
  return publicAnswer({
    url: source.url,
    sent,
    ids,
    stored,
    proof: signed === null ? "impossible" : sample.proof?.kind === "none" ? "none" : "signed",
  });
}

/** A gateway of ours names itself and the request. What has not the form of their ids is another's. */
function idsIn(sent: SendOutcome): { gateway_id: string | null; request_id: string | null } {
  const headers = sent.kind === "response" ? sent.headers : (sent.seen?.headers ?? []);
  const idIn = (header: string, kind: IdKind) => {
    const id = headers.find(([name]) => name.toLowerCase() === header)?.[1];
    return id !== undefined && isId(kind, id) ? id : null;
  };
  return { gateway_id: idIn(GATEWAY_HEADER, "gateway"), request_id: idIn(REQUEST_HEADER, "request") };
}

async function readStored(ctx: Ctx, id: string): Promise<StoredTest | null> {
  const row = await ctx.app.db.request.findFirst({
    where: { team_id: ctx.teamId, id },
    select: { verification: true, rejection_cause: true, rejection_detail: true },
  });
  return row as StoredTest | null;
}

async function askAll(ctx: Ctx, opened: OpenedSource): Promise<GatewayAnswer[]> {
  const live = await ctx.app.gateways.live();
  return Promise.all(live.map((gateway) => askOne(ctx, gateway, opened)));
}

async function askOne(ctx: Ctx, gateway: LiveGateway, opened: OpenedSource): Promise<GatewayAnswer> {
  let answer = await askOnce(ctx, gateway, opened);
  for (const waitMs of ASK_AGAIN_AFTER_MS) {
    if (answer.outcome === "current" || answer.outcome === "silent") break;
    await sleep(waitMs, undefined, { signal: ctx.signal });
    answer = await askOnce(ctx, gateway, opened);
  }
  return answer;
}

async function askOnce(ctx: Ctx, gateway: LiveGateway, { source, key }: OpenedSource): Promise<GatewayAnswer> {
  const said = await ctx.app.gateways.ask(gateway, key);
  const { id } = gateway;
  if (!said) {
    const detail =
      "It lives, but does not answer at its own address, which stands in its log beside this id. Check the network between the gateways.";
    return { id, outcome: "silent", revision: null, detail };
  }
  if (!said.source) {
    const detail =
      "It has not heard of this source yet: webhooks that reach it wait for a look into the database. Check its connection to the database.";
    return { id, outcome: "unknown", revision: null, detail };
  }
  const revision = said.source.updated_at;
  if (revision >= source.updated_at)
    return { id, outcome: "current", revision, detail: "It has the source as it is saved." };
  const detail = "It still goes by an earlier revision of the source. Check its connection to the database.";
  return { id, outcome: "behind", revision, detail };
}
