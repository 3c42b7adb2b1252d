// One call of the API: its attempts, their time-outs, and the errors that they end with. Uses only what Node, edge runtimes and
// browsers have in common.
import { type FieldIssue, SwitchyardError } from "./errors.ts";
import { bodyOf, type Fields, type OperationRow, pathAndQuery } from "./request-url.ts";

/** The part of fetch that a call needs. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface ClientOptions {
  /** The gateway, such as `https://hooks.example.com`, without `/v1`. */
  url: string;
  /** Begins with `sy_`. */
  apiKey: string;
  /** Chooses the team of a key that has several. */
  teamId?: string | undefined;
  /** The global fetch where it is left out. */
  fetch?: Fetch | undefined;
  /** Reads answers: JSON.parse where it is left out, which rounds numbers that a double cannot hold. */
  parseJson?: ((text: string) => unknown) | undefined;
  /** The longest that one attempt may take, its answer read: 30,000 where it is left out. */
  timeoutMs?: number | undefined;
  /** The attempts after the first: 3 where it is left out. */
  maxRetries?: number | undefined;
}

export interface CallOptions {
  /** Ends the call, also between two attempts. */
  signal?: AbortSignal | undefined;
  timeoutMs?: number | undefined;
  maxRetries?: number | undefined;
}

/** What a client takes from its surroundings besides fetch. */
export interface Clock {
  now(): number;
  random(): number;
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>;
}

/** Where a server asks for more patience than this, its caller decides. */
const MAX_WAIT_MS = 60_000;
const FIRST_WAIT_MS = 500;
const LONGEST_BACKOFF_MS = 8_000;
const DEFAULTS = { timeoutMs: 30_000, maxRetries: 3 };

/** A call that has no effect the second time. A publish has a key for that; after an `if_updated_at` the second one is a conflict with the first. */
function isIdempotent({ method }: OperationRow, input: Fields): boolean {
  if (method === "GET" || input.idempotency_key !== undefined) return true;
  return (method === "PUT" || method === "DELETE") && input.if_updated_at === undefined;
}

/** Refused before anything was done. */
const NOT_BEGUN = new Set([429]);
const FOR_NOW = new Set([429, 502, 503, 504]);

function mayRetry(error: SwitchyardError, isRepeatable: boolean): boolean {
  if ((error.retryAfterMs ?? 0) > MAX_WAIT_MS) return false;
  if (error.status === null) return isRepeatable;
  return isRepeatable ? FOR_NOW.has(error.status) : NOT_BEGUN.has(error.status);
}

/** Exponential with jitter; what the server asks for can lengthen a wait, never shorten it. */
function waitMs(retry: number, error: SwitchyardError, clock: Clock): number {
  const backoffMs = Math.min(FIRST_WAIT_MS * 2 ** retry, LONGEST_BACKOFF_MS);
  return Math.max(backoffMs * (0.5 + clock.random() / 2), error.retryAfterMs ?? 0);
}

/**
 * Calls an operation, again where that is safe and may help.
 * @returns the answer, of which the body is not yet read where it is bytes
 * @throws SwitchyardError, or the reason of the signal
 */
export async function call(
  client: ClientOptions,
  clock: Clock,
  operation: OperationRow,
  input: Fields,
  options: CallOptions,
): Promise<unknown> {
  const maxRetries = options.maxRetries ?? client.maxRetries ?? DEFAULTS.maxRetries;
  const isRepeatable = isIdempotent(operation, input);
  for (let retry = 0; ; retry++) {
    try {
      return await attempt(client, clock, operation, input, options);
    } catch (error) {
      const isOurs = error instanceof SwitchyardError;
      // Written so that a number that is none ends it, too.
      if (!isOurs || !(retry < maxRetries) || !mayRetry(error, isRepeatable)) throw error;
      await clock.sleep(waitMs(retry, error, clock), options.signal);
    }
  }
}

async function attempt(
  client: ClientOptions,
  clock: Clock,
  operation: OperationRow,
  input: Fields,
  options: CallOptions,
): Promise<unknown> {
  const url = `${client.url.replace(/\/+$/, "")}${pathAndQuery(operation, input)}`;
  const body = bodyOf(operation, input);
  const timeoutMs = options.timeoutMs ?? client.timeoutMs ?? DEFAULTS.timeoutMs;
  const timeout = AbortSignal.timeout(timeoutMs);
  options.signal?.throwIfAborted();
  const init: RequestInit = {
    method: operation.method,
    headers: headersOf(client, body),
    // A redirect would lead the key elsewhere.
    redirect: "manual",
    signal: options.signal ? AbortSignal.any([timeout, options.signal]) : timeout,
    ...(body !== undefined && { body }),
  };
  const fetch: Fetch = client.fetch ?? ((...of) => globalThis.fetch(...of));
  try {
    const response = await fetch(url, init);
    return await read(response, operation, client, clock);
  } catch (cause) {
    options.signal?.throwIfAborted();
    if (cause instanceof SwitchyardError) throw cause;
    if (timeout.aborted) {
      const message = `${operation.id} got no answer within ${timeoutMs} ms: try again, or give a longer timeoutMs.`;
      throw new SwitchyardError(message, { code: "TIMEOUT", cause });
    }
    const message = `${operation.id} did not reach ${new URL(url).origin}: look whether a gateway listens there.`;
    throw new SwitchyardError(message, { code: "UNREACHABLE", cause });
  }
}

const headersOf = ({ apiKey, teamId }: ClientOptions, body: string | undefined): Record<string, string> => ({
  accept: "application/json",
  authorization: `Bearer ${apiKey}`,
  ...(teamId !== undefined && { "x-team-id": teamId }),
  ...(body !== undefined && { "content-type": "application/json" }),
});

async function read(
  response: Response,
  operation: OperationRow,
  { parseJson = JSON.parse }: ClientOptions,
  clock: Clock,
): Promise<unknown> {
  if (response.ok && operation.answer === "bytes") return response.blob();
  const text = await response.text();
  const answer = parsed(text, parseJson);
  if (response.ok && answer !== undefined) return answer;
  throw errorOf(response, answer, operation, clock);
}

function parsed(text: string, parseJson: (text: string) => unknown): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const isIssue = (value: unknown): value is FieldIssue =>
  isFields(value) && typeof value.path === "string" && typeof value.message === "string";

function errorOf(response: Response, answer: unknown, operation: OperationRow, clock: Clock): SwitchyardError {
  const details = {
    status: response.status === 0 ? null : response.status,
    requestId: response.headers.get("x-request-id"),
    retryAfterMs: retryAfterMs(response.headers.get("retry-after"), clock.now()),
  };
  const told = isFields(answer) && isFields(answer.error) ? answer.error : {};
  if (typeof told.code === "string" && typeof told.message === "string") {
    const issues = Array.isArray(told.issues) ? told.issues.filter(isIssue) : [];
    return new SwitchyardError(told.message, { ...details, code: told.code, issues, changedSince: told.changed_since });
  }
  const where = response.type === "opaqueredirect" ? "a redirect" : `status ${response.status}`;
  const message = `${operation.id} was answered with ${where}, and not as a gateway answers: look whether \`url\` is one.`;
  return new SwitchyardError(message, { ...details, code: "BAD_ANSWER" });
}

/** Seconds or a date of HTTP. */
function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - nowMs;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
