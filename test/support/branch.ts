// A source, a destination and a connection between them, with names of their own, and a producer that posts to the source.
import type { CreateConnection } from "#server/contracts/connection.ts";
import type { CreateDestination } from "#server/contracts/destination.ts";
import type { CreateSource } from "#server/contracts/source.ts";
import { createSource, getSource } from "#server/resources/sources.ts";
import type { World } from "./world.ts";

let made = 0;
const nextName = (kind: string) => `${kind}-${++made}`;

type SourceInput = Omit<CreateSource, "name">;
type Body = string | Uint8Array<ArrayBuffer> | null;

export interface Producer {
  sourceId: string;
  /** The source's URL at this world's own door. */
  url: string;
  /** Posts to the source; `rest` is what follows its URL. */
  post(body: Body, headers?: Record<string, string>, rest?: string): Promise<Response>;
  /** Posts JSON, insists on a 200 and returns the request's id. */
  send(body: unknown, headers?: Record<string, string>, rest?: string): Promise<string>;
}

export async function makeProducer(world: World, source: SourceInput = {}): Promise<Producer> {
  const saved = await createSource(world.ctx, { name: nextName("source"), ...source });
  return producerOf(world, saved);
}

function producerOf(world: World, source: { id: string; url: string }): Producer {
  const url = world.ingestUrl(source);
  const post: Producer["post"] = (body, headers = {}, rest = "") =>
    fetch(url + rest, { method: "POST", body, headers: { "content-type": "application/json", ...headers } });
  return {
    sourceId: source.id,
    url,
    post,
    async send(body, headers, rest) {
      const answer = await post(JSON.stringify(body), headers, rest);
      const text = await answer.text();
      if (answer.status !== 200) throw new Error(`The door answered ${answer.status}: ${text}`);
      return JSON.parse(text).request_id;
    },
  };
}

export interface Branch extends Producer {
  id: string;
  destinationId: string;
}

/** @param options `from` an existing producer (fan-out) and `into` an existing destination (fan-in), or new ones */
export async function makeBranch(
  world: World,
  options: {
    from?: Producer;
    source?: SourceInput;
    into?: string;
    to?: CreateDestination["config"];
    rules?: CreateConnection["rules"];
  },
): Promise<Branch> {
  const { from, into, rules } = options;
  const connection = await world.connect({
    name: nextName("connection"),
    ...(from ? { source_id: from.sourceId } : { source: { name: nextName("source"), ...options.source } }),
    ...(into
      ? { destination_id: into }
      : { destination: { name: nextName("destination"), config: options.to ?? { url: "http://127.0.0.1:1024/" } } }),
    ...(rules && { rules }),
  });
  const producer = from ?? producerOf(world, await getSource(world.ctx, { id: connection.source_id }));
  return { ...producer, id: connection.id, destinationId: connection.destination_id };
}
