// The door: bytes -> checks -> committed request -> answer. An answer of 2xx is given after the commit and never before.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { CachedSource, ConfigCache } from "../config-cache.ts";
import type { HeaderList } from "../contracts/page.ts";
import { isSourceKey, newId } from "../ids.ts";
import type { Log } from "../log.ts";
import { parsePayload } from "../payload.ts";
import { challenge, describe } from "../providers/describe.ts";
import type { Inbound } from "../providers/inbound.ts";
import type { Arrival } from "./accept.sql.ts";
import type { AcceptWriter } from "./accept-writer.ts";
import { answerAccepted, answerError, answerText } from "./answers.ts";
import { type ArrivalTarget, readTarget } from "./arrival-target.ts";
import { EVIDENCE_BODY_BYTES, makeEvidenceCap } from "./evidence-cap.ts";
import { authOf, judgeEncoding, judgeHead, judgeSignature, type Rejection, tooLarge } from "./judge.ts";
import { type ByteBudget, readBody } from "./read-body.ts";
import type { Sender } from "./sender.ts";

export interface DoorOptions {
  config: ConfigCache;
  writer: AcceptWriter;
  readSender: (request: IncomingMessage) => Sender;
  log: Log;
  nowMs: () => number;
  /** Called with the status of each answer. */
  onAnswer?: (status: number) => void;
}

export interface Door {
  handle(request: IncomingMessage, response: ServerResponse): void;
  /** Resolves when every request that came in has been answered. */
  idle(): Promise<void>;
}

const MAX_WAITING_REQUESTS = 10_000;
const MAX_HELD_BYTES = 256 * 1024 * 1024;
/** Node drops headers past its own limit in silence: a request that reaches this many is refused while all are still seen. */
export const MAX_HEADERS = 500;

export function makeDoor(options: DoorOptions): Door {
  const { config, writer, readSender, log, nowMs, onAnswer } = options;
  const budget: ByteBudget = { used: 0, max: MAX_HELD_BYTES };
  const keepsEvidence = makeEvidenceCap();
  let underWay = 0;
  let onIdle: (() => void)[] = [];

  /** It may have been made a moment ago, through another process. Callers share one look, so strangers cost little. */
  async function findNewSource(key: string): Promise<CachedSource | undefined> {
    if (!isSourceKey(key)) return undefined;
    const fresh = await config.upToDate().catch(() => config.current());
    return fresh.sourcesByKey.get(key);
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const target = readTarget(request.url ?? "");
    const known = target && config.current().sourcesByKey.get(target.key);
    const source = known ?? (target && (await findNewSource(target.key)));
    if (!target || !source)
      return answerError(response, 404, "NOT_FOUND", "No source has this URL. Copy it from the source.");
    if (request.rawHeaders.length >= MAX_HEADERS * 2)
      return answerError(response, 431, "BAD_REQUEST", "Send fewer headers.");
    if (hasTwoHosts(request.rawHeaders)) return answerError(response, 400, "BAD_REQUEST", "Send one Host header.");
    if (writer.waiting().items >= MAX_WAITING_REQUESTS) return answerBusy(response);

    const arrival = startArrival(request, source, target, readSender(request), nowMs());
    const refusal = judgeHead(source, arrival.method);
    if (refusal) return reject(response, source, arrival, Buffer.alloc(0), refusal);

    const read = await readBody(request, source.config.body_limit_bytes, budget);
    try {
      if (read.kind === "aborted") return;
      if (read.kind === "no-room") return answerBusy(response);
      if (read.kind === "too-large") {
        return await reject(response, source, arrival, Buffer.alloc(0), tooLarge(source, read.bytes));
      }
      await judgeAndStore(request, response, source, arrival, read.body);
    } finally {
      read.release();
    }
  }

  async function judgeAndStore(
    request: IncomingMessage,
    response: ServerResponse,
    source: CachedSource,
    arrival: PartialArrival,
    body: Buffer,
  ): Promise<void> {
    const contentEncoding = request.headers["content-encoding"];
    const badEncoding = judgeEncoding(contentEncoding);
    if (badEncoding) return reject(response, source, arrival, body, badEncoding);

    const inbound: Inbound = {
      method: arrival.method,
      url: arrival.url,
      headers: arrival.headers,
      header: (name) => {
        const value = request.headers[name];
        return Array.isArray(value) ? value.join(", ") : value;
      },
      body,
    };
    const verdict = judgeSignature(source, inbound, nowMs());
    if (verdict.kind === "rejected") return reject(response, source, arrival, body, verdict.rejection);

    const auth = authOf(source);
    let parsed: unknown;
    const parse = () => {
      parsed ??= parsePayload(body, arrival.content_type, contentEncoding ?? null).value;
      return parsed;
    };
    const probe = challenge(source.type, auth, inbound, parse);
    if (probe) return answerText(response, probe.status, probe.contentType, probe.body);

    const { eventType, providerEventId } = describe(source.type, auth, inbound, parse);
    const { url: _, ...kept } = arrival;
    await store(
      response,
      source,
      {
        ...kept,
        status: "accepted",
        verified: verdict.verified,
        verified_with: verdict.with,
        rejection_cause: null,
        rejection_detail: null,
        body_bytes: body.length,
        event_type: eventType,
        provider_event_id: providerEventId,
        is_deduplicated: source.config.deduplicate_provider_events && providerEventId !== null,
        is_kept: true,
        body_at: 0,
        kept_bytes: 0,
      },
      body,
    );
  }

  async function store(response: ServerResponse, source: CachedSource, arrival: Arrival, body: Buffer): Promise<void> {
    try {
      const { duplicateOf } = await writer.store(arrival, body);
      answerAccepted(response, source.config.custom_response, arrival.id, duplicateOf);
    } catch (error) {
      log.warn(
        { request_id: arrival.id, error: (error as Error).message },
        "A request was not stored; its sender was told to try again.",
      );
      answerBusy(response);
    }
  }

  /** The evidence is kept within its cap; when even that fails, the sender still gets the true answer. */
  async function reject(
    response: ServerResponse,
    source: CachedSource,
    { url: _, ...arrival }: PartialArrival,
    body: Buffer,
    rejection: Rejection,
  ): Promise<void> {
    const evidence = {
      ...arrival,
      status: "rejected",
      verified: false,
      verified_with: null,
      rejection_cause: rejection.cause,
      rejection_detail: rejection.detail,
      body_bytes: body.length,
      event_type: null,
      provider_event_id: null,
      is_deduplicated: false,
      is_kept: keepsEvidence(source.id, arrival.created_at.getTime()),
      body_at: 0,
      kept_bytes: 0,
    } as const;
    await writer.store(evidence, body.subarray(0, EVIDENCE_BODY_BYTES)).catch((error: Error) => {
      log.warn({ request_id: arrival.id, error: error.message }, "The evidence of a rejected request was not stored.");
    });
    if (rejection.status === 405) response.setHeader("allow", source.config.allowed_http_methods.join(", "));
    answerError(response, rejection.status, rejection.cause, rejection.message);
  }

  return {
    handle(request, response) {
      underWay++;
      serve(request, response)
        .catch((err: unknown) => {
          log.error({ err }, "The door failed");
          if (!response.headersSent)
            answerError(response, 500, "INTERNAL", "Something failed on our side. Send the request again.");
        })
        .then(() => {
          underWay--;
          if (response.headersSent) onAnswer?.(response.statusCode);
          if (underWay > 0) return;
          for (const resolve of onIdle) resolve();
          onIdle = [];
        });
    },
    async idle() {
      if (underWay > 0) await new Promise<void>((resolve) => onIdle.push(resolve));
      await writer.idle();
    },
  };
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

const answerBusy = (response: ServerResponse) => {
  response.setHeader("retry-after", "2");
  answerError(response, 503, "UNAVAILABLE", "The request was not stored. Send it again in a moment.");
};

/** What is known of a request before its body is. */
type PartialArrival = Pick<
  Arrival,
  "team_id" | "id" | "source_id" | "method" | "path" | "query" | "headers" | "content_type" | "remote_ip" | "created_at"
> & { url: string };

function startArrival(
  request: IncomingMessage,
  source: CachedSource,
  target: ArrivalTarget,
  sender: Sender,
  nowMs: number,
): PartialArrival {
  const { rawHeaders } = request;
  const headers: HeaderList = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) headers.push([rawHeaders[i] ?? "", rawHeaders[i + 1] ?? ""]);
  return {
    team_id: source.teamId,
    id: newId("request", nowMs),
    source_id: source.id,
    method: request.method ?? "GET",
    path: target.path,
    query: target.query,
    headers,
    content_type: request.headers["content-type"] ?? null,
    remote_ip: sender.ip,
    created_at: new Date(nowMs),
    url: sender.url,
  };
}
