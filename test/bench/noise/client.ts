// A second team's way in: the REST API with its own key, and the door.
import { request } from "node:http";

export interface Neighbour {
  gatewayUrl: string;
  key: string;
}

interface Answer {
  status: number;
  body: string;
}

/** One request on a connection of its own. A caller that is cut off resolves too: the worst neighbour does not mind. */
function send(
  url: string,
  method: string,
  headers: Record<string, string>,
  body: string | Buffer,
  signal?: AbortSignal,
): Promise<Answer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const outgoing = request(url, { method, headers, agent: false, signal }, (incoming) => {
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", () => resolve({ status: 0, body: "" }));
      incoming.on("end", () =>
        resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") }),
      );
    });
    outgoing.on("error", () => resolve({ status: 0, body: "" }));
    outgoing.end(body);
  });
}

/** A call of the REST API; whatever it answers is the neighbour's problem. */
export const callApi = (
  { gatewayUrl, key }: Neighbour,
  method: string,
  path: string,
  body: string,
  signal?: AbortSignal,
): Promise<Answer> =>
  send(
    `${gatewayUrl}/v1${path}`,
    method,
    { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body,
    signal,
  );

/** Makes a resource. Throws when it is refused: a neighbour without a topology would measure nothing. */
export async function make<T>(neighbour: Neighbour, path: string, input: unknown): Promise<T> {
  const { status, body } = await callApi(neighbour, "POST", path, JSON.stringify(input));
  if (status !== 200 && status !== 201) throw new Error(`POST ${path} answered ${status}: ${body.slice(0, 300)}`);
  return JSON.parse(body) as T;
}

/** Where a source is reached at this gateway, whatever its public URL is. */
export const doorOf = ({ gatewayUrl }: Neighbour, source: { url: string }) =>
  new URL(new URL(source.url).pathname, gatewayUrl).href;

export const post = (url: string, body: string | Buffer, signal?: AbortSignal): Promise<Answer> =>
  send(url, "POST", { "content-type": "application/json" }, body, signal);

/** Calls `act` again and again, `width` at a time, until the signal; `act` must resolve whatever happens. */
export async function keepDoing(width: number, signal: AbortSignal, act: (round: number) => Promise<unknown>) {
  let round = 0;
  const line = async () => {
    while (!signal.aborted) await act(round++);
  };
  await Promise.all(Array.from({ length: width }, line));
}
