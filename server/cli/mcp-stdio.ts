// Agents that start a program and speak the model context protocol over its streams: each line is passed to the gateway's /mcp
// with the key, and its answer back. Nothing is kept, so a gateway that was away is simply there again.
import type { Readable, Writable } from "node:stream";

type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface StdioOptions {
  /** The gateway, such as `https://hooks.example.com`. */
  url: string;
  /** Begins with `sy_`. */
  key: string;
  /** Chooses the team of a key that has several. */
  teamId?: string | undefined;
  stdin: Readable;
  stdout: Writable;
  /** The global one where it is left out: this runs on the machine of whoever calls, which no policy of ours guards. */
  fetch?: Fetch | undefined;
  /** Ends it before its input does. */
  signal?: AbortSignal | undefined;
}

interface Message {
  id?: unknown;
  method?: unknown;
  params?: { name?: unknown; uri?: unknown; _meta?: Record<string, unknown> };
}

/** The gateway takes no more either. */
const MAX_LINE_CHARS = 256 * 1024;
const AT_ONCE = 8;
const VERSION = "io.modelcontextprotocol/protocolVersion";
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;

/** A text as a header may hold it, in the protocol's own spelling. */
const headerText = (text: string) =>
  PLAIN.test(text) && !text.startsWith("=?base64?") ? text : `=?base64?${Buffer.from(text).toString("base64")}?=`;

/** What today's protocol repeats of a message in its headers; that of 2025 repeats the version alone. */
function headersOf({ method, params }: Message, agreed: string | undefined): Record<string, string> {
  const claimed = params?._meta?.[VERSION];
  if (typeof claimed !== "string") return agreed === undefined ? {} : { "mcp-protocol-version": agreed };
  const name = params?.name ?? params?.uri;
  return {
    "mcp-protocol-version": claimed,
    ...(typeof method === "string" && { "mcp-method": method }),
    ...(typeof name === "string" && { "mcp-name": headerText(name) }),
  };
}

const failure = (id: unknown, code: number, message: string) => ({
  jsonrpc: "2.0",
  id: id ?? null,
  error: { code, message },
});

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Lines of a stream. One that is too long is given as null, and its rest is dropped as it comes. */
async function* linesOf(stream: Readable): AsyncGenerator<string | null> {
  let rest = "";
  let isTooLong = false;
  stream.setEncoding("utf8");
  for await (const chunk of stream) {
    const parts = `${rest}${chunk}`.split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) {
      yield isTooLong || part.length > MAX_LINE_CHARS ? null : part;
      isTooLong = false;
    }
    if (rest.length <= MAX_LINE_CHARS) continue;
    isTooLong = true;
    rest = "";
  }
  if (rest.trim() !== "") yield rest;
}

function makeRelay({ url, key, teamId, fetch: send = globalThis.fetch, signal }: StdioOptions) {
  const endpoint = `${url.replace(/\/+$/, "")}/mcp`;
  let agreed: string | undefined;

  async function ask(message: Message, text: string): Promise<unknown> {
    const answer = await send(endpoint, {
      method: "POST",
      redirect: "error",
      body: text,
      headers: {
        authorization: `Bearer ${key}`,
        accept: "application/json, text/event-stream",
        "content-type": "application/json",
        ...(teamId !== undefined && { "x-team-id": teamId }),
        ...headersOf(message, agreed),
      },
      ...(signal && { signal }),
    });
    const said = await answer.text();
    if (message.id === undefined || message.id === null) return undefined;
    const body = parse(said);
    if (!isObject(body) || body.jsonrpc !== "2.0")
      return failure(
        message.id,
        -32_000,
        `${endpoint} answers ${answer.status}, and not as Switchyard does: check the URL.`,
      );
    const result = isObject(body.result) ? body.result : {};
    if (message.method === "initialize" && typeof result.protocolVersion === "string") agreed = result.protocolVersion;
    return { ...body, id: message.id };
  }

  /** The answer to a line; undefined where none is due. */
  return async (line: string | null): Promise<unknown> => {
    if (line === null) return failure(null, -32_600, `A message has at most ${MAX_LINE_CHARS} characters.`);
    const message = parse(line);
    if (!isObject(message)) return failure(null, -32_700, "Each line is one JSON message.");
    try {
      return await ask(message, line);
    } catch {
      if (message.id === undefined || signal?.aborted) return undefined;
      return failure(message.id, -32_000, `The gateway at ${url} does not answer: check the URL, or try again.`);
    }
  };
}

/** Passes on until the input ends, and the last answer is written. */
export async function runStdio(options: StdioOptions): Promise<void> {
  const { stdin, stdout, signal } = options;
  const relay = makeRelay(options);
  const underWay = new Set<Promise<void>>();
  signal?.addEventListener("abort", () => stdin.destroy(), { once: true });
  async function pass(line: string | null): Promise<void> {
    const answer = await relay(line);
    if (answer !== undefined) stdout.write(`${JSON.stringify(answer)}\n`);
  }
  try {
    for await (const line of linesOf(stdin)) {
      if (line?.trim() === "") continue;
      const passing = pass(line).finally(() => underWay.delete(passing));
      underWay.add(passing);
      if (underWay.size >= AT_ONCE) await Promise.race(underWay);
    }
  } catch (error) {
    if (!signal?.aborted) throw error;
  }
  await Promise.all(underWay);
}
