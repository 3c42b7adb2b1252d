// One request and its answer, as undici's dispatch handler. It settles exactly once, with a value.
import type { Dispatcher } from "undici";
import type { AttemptPhases, ErrorCode } from "#server/contracts/attempt.ts";
import type { HeaderList } from "#server/contracts/header-list.ts";
import type { Timed } from "./deadline.ts";
import { errorCodeOf } from "./error-code.ts";

/** An answer, or as much of it as arrived. `body` is the first 32 KiB as received: never decompressed. */
export interface Answer {
  status: number;
  headers: HeaderList;
  body: Buffer;
}

/**
 * The outcome of one attempt. `seen` is the part of an answer that arrived before it broke off; null when no status came.
 * `latencyMs` covers the whole attempt, and `phases` divides it; null when nothing was sent.
 */
export type SendOutcome = { latencyMs: number; phases: AttemptPhases | null } & SendResult;
export type SendResult = ({ kind: "response" } & Answer) | { kind: "error"; code: ErrorCode; seen: Answer | null };

const KEPT_BODY_BYTES = 32 * 1024;
/** The answer is cut here: its status is known, and an endless body must cost nothing. */
const READ_BODY_BYTES = 64 * 1024;
const SWITCHING_PROTOCOLS = 101;
/** Real servers send a handful of 1xx answers; a storm of them is refused. */
const MAX_INFORMATIONAL = 256;
const EMPTY = Buffer.alloc(0);

/** `isReusable`: the answer was read to its end, so the connection may carry another request. */
type Settled = (result: SendResult, isReusable: boolean) => void;

export class Exchange implements Dispatcher.DispatchHandler, Timed {
  #status = 0;
  #headers: HeaderList = [];
  #headAtMs: number | undefined;
  #informational = 0;
  #readBytes = 0;
  #chunks: Buffer[] = [];
  #settled: Settled | null;
  readonly #onSent: (() => void) | undefined;

  constructor(settled: Settled, onSent: (() => void) | undefined) {
    this.#settled = settled;
    this.#onSent = onSent;
  }

  /** Ends the exchange from outside. Later events of the wire change nothing. */
  fail(code: ErrorCode): void {
    this.#settle({ kind: "error", code, seen: this.#status === 0 ? null : this.#answer() }, false);
  }

  /** The time at which the head of the final answer came, by `performance.now()`. */
  get headAtMs(): number | undefined {
    return this.#headAtMs;
  }

  timeOut(): void {
    this.fail("TIMEOUT");
  }

  onRequestStart(): void {}

  onRequestSent(): void {
    this.#onSent?.();
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (status < 200) {
      this.#informational += 1;
      // The bytes after a 101 are no longer HTTP, and no upgrade was requested.
      if (status === SWITCHING_PROTOCOLS || this.#informational > MAX_INFORMATIONAL) this.fail("PROTOCOL_ERROR");
      return;
    }
    this.#status = status;
    this.#headAtMs = performance.now();
    this.#headers = toHeaderList(controller.rawHeaders);
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#readBytes < KEPT_BODY_BYTES) this.#chunks.push(chunk);
    this.#readBytes += chunk.length;
    if (this.#readBytes >= READ_BODY_BYTES) this.#settle({ kind: "response", ...this.#answer() }, false);
  }

  onResponseEnd(): void {
    this.#settle({ kind: "response", ...this.#answer() }, true);
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    this.fail(errorCodeOf(error));
  }

  #answer(): Answer {
    return { status: this.#status, headers: this.#headers, body: this.#keptBody() };
  }

  /** A copy, because the chunks are windows into read buffers of up to 64 KiB that would stay alive with them. */
  #keptBody(): Buffer {
    if (this.#chunks.length === 0) return EMPTY;
    return Buffer.concat(this.#chunks, Math.min(this.#readBytes, KEPT_BODY_BYTES));
  }

  #settle(result: SendResult, isReusable: boolean): void {
    const settled = this.#settled;
    if (!settled) return;
    this.#settled = null;
    this.#chunks = [];
    settled(result, isReusable);
  }
}

/** Order, case and repeats are kept; bytes are read as Latin-1, as HTTP/1.1 has them. */
function toHeaderList(raw: Dispatcher.DispatchController["rawHeaders"]): HeaderList {
  const headers: HeaderList = [];
  if (!Array.isArray(raw)) return headers;
  for (let i = 0; i + 1 < raw.length; i += 2) headers.push([latin1(raw[i]), latin1(raw[i + 1])]);
  return headers;
}

const latin1 = (text: Buffer | string | undefined): string =>
  text === undefined ? "" : typeof text === "string" ? text : text.toString("latin1");
