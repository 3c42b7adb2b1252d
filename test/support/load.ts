// A bounded load with a log of what each request was answered: the client's side of "nothing acknowledged is ever lost".
import { Agent, request as sendRequest } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

export interface Answer {
  /** Which request of the load this was; it stands in the body as `n`. */
  n: number;
  body: Buffer;
  sentAtMs: number;
  tookMs: number;
  /** 0 when the connection failed or nothing was answered in time. */
  status: number;
  retryAfter: string | null;
  /** Set exactly when the answer was 2xx. */
  requestId: string | null;
  isDuplicate: boolean;
}

export interface LoadOptions {
  /** Whole URLs of the door; requests take turns. A connection that is refused is tried at the next one: nothing was sent. */
  urls: string[];
  /** Requests that are under way at once, at most. */
  concurrency?: number;
  /** Pause of each sender between two requests. */
  pauseMs?: number;
  /** The load ends by itself after so many requests … */
  maxRequests: number;
  /** … or after so long. */
  maxMs?: number;
  headers?: Record<string, string>;
  body?: (n: number) => Buffer;
}

export interface Load {
  answers: Answer[];
  /** Resolves when `count` requests have been answered with 2xx, counted from now on. */
  acknowledged(count: number, patienceMs?: number): Promise<void>;
  /** No further requests; resolves to all answers when the last has come. */
  end(): Promise<Answer[]>;
  /** Resolves to all answers when the load has ended by itself. */
  done: Promise<Answer[]>;
  /** Ends it where a test fails before: it would send on into the next one. */
  [Symbol.asyncDispose](): Promise<void>;
}

const ANSWER_PATIENCE_MS = 20_000;
const UMLAUTS = "ü\n\t🚚 ";

/** Bytes that a careless parser would not give back as they were. */
export const oddBody = (n: number): Buffer =>
  Buffer.from(`{ "n":${n}, "amount" : 1.0e2,"text":"${JSON.stringify(UMLAUTS).slice(1, -1)}${"x".repeat(n % 700)}" }`);

export function startLoad(options: LoadOptions): Load {
  const { urls, concurrency = 8, pauseMs = 20, maxRequests, maxMs = 120_000, headers = {}, body = oddBody } = options;
  const agent = new Agent({ keepAlive: true });
  const answers: Answer[] = [];
  const listeners = new Set<() => void>();
  const deadline = performance.now() + maxMs;
  let next = 0;
  let isEnding = false;

  const sender = async () => {
    while (!isEnding && next < maxRequests && performance.now() < deadline) {
      const n = next++;
      answers.push(await sendOnce({ agent, urls, n, body: body(n), headers }));
      for (const listener of listeners) listener();
      if (pauseMs > 0) await sleep(pauseMs);
    }
  };
  const done = Promise.all(Array.from({ length: concurrency }, sender)).then(() => {
    agent.destroy();
    return answers;
  });
  const end = () => {
    isEnding = true;
    return done;
  };
  return {
    answers,
    done,
    acknowledged(count, patienceMs = 30_000) {
      const from = countAcknowledged(answers);
      return new Promise((resolve, reject) => {
        const settle = (end: () => void) => {
          clearTimeout(timer);
          listeners.delete(check);
          end();
        };
        const check = () => countAcknowledged(answers) - from >= count && settle(resolve);
        const timer = setTimeout(
          () => settle(() => reject(new Error(`Not ${count} more acknowledged within ${patienceMs} ms`))),
          patienceMs,
        );
        listeners.add(check);
        check();
      });
    },
    end,
    [Symbol.asyncDispose]: async () => void (await end()),
  };
}

const countAcknowledged = (answers: Answer[]) => answers.filter(({ requestId }) => requestId !== null).length;

interface Sending {
  agent: Agent;
  urls: string[];
  n: number;
  body: Buffer;
  headers: Record<string, string>;
}

/** One request at the URL whose turn it is; the next one where nobody listens. */
async function sendOnce({ agent, urls, n, body, headers }: Sending): Promise<Answer> {
  const sentAtMs = Date.now();
  const startedAt = performance.now();
  const failed = { status: 0, retryAfter: null, requestId: null, isDuplicate: false };
  let answer: Omit<Answer, "n" | "body" | "sentAtMs" | "tookMs"> = failed;
  for (let i = 0; i < urls.length; i++) {
    const outcome = await post(agent, urls[(n + i) % urls.length] ?? "", body, headers);
    answer = outcome === "refused" || outcome === "broken" ? failed : outcome;
    if (outcome !== "refused") break;
  }
  return { n, body, sentAtMs, tookMs: performance.now() - startedAt, ...answer };
}

type Outcome = Pick<Answer, "status" | "retryAfter" | "requestId" | "isDuplicate"> | "refused" | "broken";

function post(agent: Agent, url: string, body: Buffer, headers: Record<string, string>): Promise<Outcome> {
  return new Promise((resolve) => {
    const request = sendRequest(url, {
      agent,
      method: "POST",
      headers: { "content-type": "application/json", "content-length": body.length, ...headers },
      signal: AbortSignal.timeout(ANSWER_PATIENCE_MS),
    });
    request.on("error", (error: NodeJS.ErrnoException) => {
      resolve(error.code === "ECONNREFUSED" ? "refused" : "broken");
    });
    request.on("response", (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", () => resolve("broken"));
      response.on("end", () => {
        const status = response.statusCode ?? 0;
        const isTaken = status >= 200 && status < 300;
        const told = isTaken ? JSON.parse(Buffer.concat(chunks).toString("utf8")) : {};
        resolve({
          status,
          retryAfter: response.headers["retry-after"] ?? null,
          requestId: told.request_id ?? null,
          isDuplicate: told.duplicate === true,
        });
      });
    });
    request.end(body);
  });
}
