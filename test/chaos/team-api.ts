// The public REST API as one team calls it, through gateways that may be gone for a while.
import { setTimeout as sleep } from "node:timers/promises";

export interface TeamApi {
  /** The parsed answer. Throws with its text unless it is 2xx; what is away is asked again, so calls must bear a repeat. */
  call<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** The status alone, whatever it is. */
  status(path: string): Promise<number>;
  bytes(path: string): Promise<Buffer>;
  /** All items of a list from `from` on, oldest first, page by page. */
  pages<T>(path: string, onPage: (items: T[]) => void): Promise<void>;
}

/** An answer other than 2xx. */
export class RefusedError extends Error {
  readonly status: number;
  /** Nobody knows whether an earlier try of the same call went through: it got no answer, or one that says so. */
  readonly isRepeat: boolean;

  constructor(sentence: string, status: number, isRepeat: boolean) {
    super(sentence);
    this.status = status;
    this.isRepeat = isRepeat;
  }
}

const PATIENCE_MS = 90_000;
const CALL_MS = 15_000;
const PAUSE_MS = 250;
const PAGE = 255;

/** Not there just now, or asked for too much at once. */
const isAway = (status: number) => status === 503 || status === 429 || status === 502;

/** @param urls of the gateways, asked anew for each call: a gateway that was replaced keeps its address */
export function makeTeamApi(urls: () => string[], apiKey: string): TeamApi {
  let turn = 0;
  async function ask(method: string, path: string, body?: unknown): Promise<{ response: Response; tries: number }> {
    const deadline = performance.now() + PATIENCE_MS;
    for (let tries = 1; ; tries++) {
      const url = urls()[turn++ % urls().length];
      const response = await fetch(`${url}/v1${path}`, {
        method,
        headers: {
          authorization: `Bearer ${apiKey}`,
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(CALL_MS),
      })
        // The whole body here: a gateway may be killed in the middle of it.
        .then(async (answer) => new Response(await answer.arrayBuffer(), { status: answer.status }))
        .catch(() => undefined);
      if (response && !isAway(response.status)) return { response, tries };
      if (performance.now() > deadline)
        throw new Error(`${method} ${path}: ${response ? await response.text() : "no gateway answers"}`);
      await sleep(PAUSE_MS);
    }
  }

  async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const { response, tries } = await ask(method, path, body);
    if (!response.ok) {
      const sentence = `${method} ${path}: ${response.status} ${await response.text()}`;
      throw new RefusedError(sentence, response.status, tries > 1);
    }
    return (await response.json()) as T;
  }

  return {
    call,
    status: async (path) => (await ask("GET", path)).response.status,
    bytes: async (path) => Buffer.from(await (await ask("GET", path)).response.arrayBuffer()),
    async pages<T>(path: string, onPage: (items: T[]) => void) {
      let next: string | null = null;
      do {
        const cursor: string = next === null ? "" : `&next=${encodeURIComponent(next)}`;
        const page: { data: T[]; pagination: { next: string | null } } = await call(
          "GET",
          `${path}${path.includes("?") ? "&" : "?"}dir=asc&limit=${PAGE}${cursor}`,
        );
        onPage(page.data);
        next = page.pagination.next;
      } while (next !== null);
    },
  };
}
