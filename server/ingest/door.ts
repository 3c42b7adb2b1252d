// The door: bytes -> checks -> committed request -> answer. It answers 2xx after the commit and never before.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { CachedSource, ConfigCache } from "#server/config/config-cache.ts";
import { isSourceKey } from "#server/ids.ts";
import type { Log } from "#server/process/log.ts";
import type { FetchKey, Inbound } from "#server/providers/inbound.ts";
import type { Challenge } from "#server/providers/provider.ts";
import type { ReadTurns } from "#server/shares/read-turns.ts";
import { makeSeldom } from "#server/shares/seldom.ts";
import { callerKey } from "#server/wire/caller-address.ts";
import { letGo } from "#server/wire/let-go.ts";
import type { AcceptWriter } from "./accept-writer.ts";
import { answerAccepted, answerBusy, answerError, answerProbe } from "./answers.ts";
import {
  type Arrival,
  type ArrivalHead,
  acceptedArrival,
  type Reason,
  rejectedArrival,
  startArrival,
  withoutSecrets,
} from "./arrival.ts";
import { type ArrivalTarget, readTarget } from "./arrival-target.ts";
import { type Kept, makeEvidenceCap, type Sent } from "./evidence.ts";
import { makeHandshakeCap } from "./handshake-cap.ts";
import { makeHeavyTurns } from "./heavy-turns.ts";
import { judgeBody, judgeHead, judgeProbe, type Rejection, tooLarge, tooMany, tooSlow } from "./judge.ts";
import { type Admission, makeAdmissions } from "./read-body.ts";
import type { Sender } from "./sender.ts";
import type { SourceRates } from "./source-rates.ts";
import type { TestsFromHere } from "./tests-from-here.ts";

export interface DoorOptions {
  config: ConfigCache;
  writer: AcceptWriter;
  rates: SourceRates;
  readSender: (request: IncomingMessage) => Sender;
  log: Log;
  nowMs: () => number;
  /** For providers that serve the key or certificate which they sign with. */
  fetchKey: FetchKey;
  /** Called with the status of each answer. */
  onAnswer?: (status: number) => void;
  /** Without it no call is known as one of the installation's own. */
  tests?: TestsFromHere;
  /** Of all that this process reads. */
  reads: ReadTurns;
  /** The bytes that all requests under way may hold together. */
  maxHeldBytes?: number;
}

export interface Door {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Resolves when every request that came in has been answered. */
  idle(): Promise<void>;
}

const MAX_HELD_BYTES = 256 * 1024 * 1024;
/**
 * Node silently drops headers past its own limit. A request that reaches this number is refused while all its headers are
 * still seen.
 */
export const MAX_HEADERS = 500;
const NO_BODY = Buffer.alloc(0);

export function makeDoor(options: DoorOptions): Door {
  const { config, writer, rates, readSender, log, nowMs, onAnswer, fetchKey, tests } = options;
  const admissions = makeAdmissions(options.maxHeldBytes ?? MAX_HELD_BYTES, options.reads, nowMs);
  const [keepEvidence, keepHandshake] = [makeEvidenceCap(), makeHandshakeCap()];
  const heavyTurns = makeHeavyTurns();
  const [unstored, unstoredEvidence, unusable, failed] = [makeSeldom(), makeSeldom(), makeSeldom(), makeSeldom()];
  let underWay = 0;
  let onIdle: (() => void)[] = [];

  /** Looks for a source that another process may have made a moment ago. Callers share one look, so strangers cost little. */
  async function findNewSource(key: string): Promise<CachedSource | "unknown" | undefined> {
    if (!isSourceKey(key)) return undefined;
    const fresh = await config.upToDate().catch(() => null);
    return fresh ? fresh.sourcesByKey.get(key) : "unknown";
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = readTarget(request.url ?? "");
    const known = target && config.current().sourcesByKey.get(target.key);
    const test = (target && tests?.read(request, target.key, nowMs())) ?? null;
    if (test === "known") return tests?.answerKnown(response, known ?? undefined);
    const source = known ?? (target && (await findNewSource(target.key)));
    if (source === "unknown") return answerBusy(response);
    if (!target || !source)
      return answerError(response, 404, "NOT_FOUND", "No source has this URL. Copy it from the source.");
    if (request.rawHeaders.length >= MAX_HEADERS * 2)
      return answerError(response, 431, "BAD_REQUEST", "Send fewer headers.");
    if (hasTwoHosts(request.rawHeaders)) return answerError(response, 400, "BAD_REQUEST", "Send one Host header.");

    const sender = readSender(request);
    const admission = admissions.admit([source.teamId, source.id, callerKey(sender.ip)], headBytes(request));
    if (!admission) return answerBusy(response);
    try {
      await judge(request, response, { source, target, sender, admission, test });
    } finally {
      admission.release();
    }
  }

  async function judge(request: IncomingMessage, response: ServerResponse, admitted: Admitted): Promise<void> {
    const { source, target, sender, admission, test } = admitted;
    const started = startArrival(request, source, target, sender.ip, nowMs());
    const head = test && tests ? tests.mark(started, response, test) : started;
    const refusal = judgeHead(source, head.method);
    if (refusal) {
      const isMethod = refusal.cause === "METHOD_NOT_ALLOWED";
      const probe = isMethod ? judgeProbe(source, asInbound(request, head, sender.urls, NO_BODY)) : null;
      if (probe) return answer(response, source, head, NO_BODY, probe);
      return reject(response, source, head, NO_BODY, refusal);
    }
    // Nothing can be verified, so nothing is accepted: the sender keeps the event and tries again.
    if (source.unusable !== undefined) {
      const times = unusable(nowMs());
      if (times !== null) log.warn({ source_id: source.id, times }, `A request was turned away. ${source.unusable}`);
      return answerBusy(response);
    }

    const closedForMs = isLimited(source, head) ? rates.closedForMs(source) : 0;
    if (closedForMs > 0) return reject(response, source, head, NO_BODY, tooMany(source, closedForMs));

    const read = await admission.readBody(request, source.config.body_limit_bytes);
    if (read.kind === "aborted") return;
    if (read.kind === "no-room") return answerBusy(response);
    if (read.kind === "too-large") return reject(response, source, head, NO_BODY, tooLarge(source, read.bytes));
    if (read.kind === "too-slow") return reject(response, source, head, read.body, tooSlow(read.body.length));
    const { body } = read;
    const inbound = asInbound(request, head, sender.urls, body);
    const isCompressed = request.headers["content-encoding"] !== undefined;
    const verdict = await heavyTurns.run(source.teamId, { bytes: body.length, isCompressed }, () =>
      judgeBody(source, inbound, head.content_type, nowMs(), fetchKey),
    );
    if (verdict === null) return answerBusy(response);
    if (verdict.kind === "probed") return answer(response, source, head, body, verdict);
    if (verdict.kind === "rejected") return reject(response, source, head, body, verdict.rejection);

    const isConnected = config.current().connectionsBySource.has(source.id);
    const arrival = acceptedArrival(withoutSecrets(head, source), verdict, body, { isConnected });
    await accept(response, source, head, arrival);
  }

  /** Stores what passed all checks, where the source's limit has room for it. */
  async function accept(response: ServerResponse, source: CachedSource, head: ArrivalHead, arrival: Arrival) {
    const waitMs = isLimited(source, head) ? await rates.take(source).catch(() => null) : 0;
    if (waitMs === null) return answerBusy(response);
    if (waitMs > 0) return reject(response, source, head, arrival.body, tooMany(source, waitMs));
    return store(response, source, arrival);
  }

  async function store(response: ServerResponse, source: CachedSource, arrival: Arrival): Promise<void> {
    try {
      const { duplicateOf, isFree } = await writer.store(arrival);
      answerAccepted(response, source.config.custom_response, arrival.id, duplicateOf);
      if (isFree) letGo(arrival.body);
    } catch (error) {
      const times = unstored(nowMs());
      if (times !== null) {
        log.warn(
          { request_id: arrival.id, error: (error as Error).message, times },
          "A request was not stored; its sender was told to try again.",
        );
      }
      answerBusy(response);
    }
  }

  /**
   * Answers a provider's probe. What it brings its owner is stored before, within a cap of its own: a provider that got its
   * answer sends it no second time.
   */
  async function answer(
    response: ServerResponse,
    source: CachedSource,
    head: ArrivalHead,
    body: Buffer,
    probe: Challenge,
  ) {
    const { forOwner } = probe;
    if (forOwner !== undefined) {
      const kept = keepHandshake(ownerOf(source, head), sentOf(source, head, body), head.created_at.getTime());
      const reason: Reason = { cause: "HANDSHAKE", detail: forOwner };
      if (!(await storeEvidence(head, body, reason, kept))) return answerBusy(response);
    }
    answerProbe(response, probe);
  }

  /** Answers a rejection. The sender gets the true answer even if its evidence is not stored. */
  async function reject(
    response: ServerResponse,
    source: CachedSource,
    head: ArrivalHead,
    body: Buffer,
    rejection: Rejection,
  ): Promise<void> {
    const kept = keepEvidence(ownerOf(source, head), sentOf(source, head, body), head.created_at.getTime());
    await storeEvidence(head, body, rejection, kept);
    if (rejection.header) response.setHeader(...rejection.header);
    answerError(response, rejection.status, rejection.cause, rejection.message);
  }

  /** Stores what was kept of what goes no further, and its count. False: it is counted at most. */
  async function storeEvidence(head: ArrivalHead, body: Buffer, reason: Reason, { isKept, evidence }: Kept) {
    try {
      const arrival = rejectedArrival(head, reason, evidence, { bodyBytes: body.length, isKept });
      if ((await writer.store(arrival)).isFree) letGo(body);
      return isKept;
    } catch (error) {
      const times = unstoredEvidence(nowMs());
      if (times !== null) {
        log.warn(
          { request_id: head.id, error: (error as Error).message, times },
          "The evidence of a rejected request was not stored.",
        );
      }
      return false;
    }
  }

  return {
    async handle(request, response) {
      underWay++;
      try {
        await serve(request, response);
      } catch (err) {
        const times = failed(nowMs());
        if (times !== null) log.error({ err, times }, "The door failed");
        if (!response.headersSent)
          answerError(response, 500, "INTERNAL", "Something failed on our side. Send the request again.");
      }
      underWay--;
      if (response.headersSent) onAnswer?.(response.statusCode);
      if (underWay > 0) return;
      for (const resolve of onIdle) resolve();
      onIdle = [];
    },
    async idle() {
      if (underWay > 0) await new Promise<void>((resolve) => onIdle.push(resolve));
      await writer.idle();
    },
  };
}

interface Admitted {
  source: CachedSource;
  target: ArrivalTarget;
  sender: Sender;
  admission: Admission;
  /** Set where the installation itself sends it. */
  test: "unrouted" | "routed" | null;
}

const ownerOf = ({ teamId, id }: CachedSource, { remote_ip }: ArrivalHead) => ({ teamId, sourceId: id, ip: remote_ip });

const sentOf = (source: CachedSource, head: ArrivalHead, body: Buffer): Sent => ({
  ...withoutSecrets(head, source),
  body,
});

/** A test from here is neither counted nor refused. */
const isLimited = ({ config }: CachedSource, { test }: ArrivalHead) => config.rate_limit !== null && test === undefined;

function headBytes({ url = "", rawHeaders }: IncomingMessage): number {
  let bytes = url.length;
  for (const text of rawHeaders) bytes += text.length;
  return bytes;
}

/** RFC 9112 section 3.2 asks for a 400: proxies on the way may have gone by the other one. */
function hasTwoHosts(rawHeaders: string[]): boolean {
  let hosts = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i];
    if (name?.length === 4 && name.toLowerCase() === "host") hosts++;
  }
  return hosts > 1;
}

function asInbound(request: IncomingMessage, head: ArrivalHead, urls: readonly string[], body: Buffer): Inbound {
  return {
    method: head.method,
    urls,
    headers: head.headers,
    header: (name) => {
      const value = request.headers[name];
      return Array.isArray(value) ? value.join(", ") : value;
    },
    body,
  };
}
