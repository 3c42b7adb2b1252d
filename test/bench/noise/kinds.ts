// The worst that one team may do, one place after another.
import { connect, createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { callApi, doorOf, keepDoing, make, type Neighbour, post } from "./client.ts";

/** Makes what it needs, then resolves with the load itself, which goes on until the signal. */
export type Noise = (neighbour: Neighbour) => Promise<(signal: AbortSignal) => Promise<void>>;

const MIB = 1024 * 1024;
const BRANCHES = 30;
/** Nobody answers there; a connection is refused at once. */
const CLOSED_URL = "http://127.0.0.1:9009/";

/** Ends early, and without an error, when the signal comes. */
const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => undefined);

interface Branches {
  /** Of the source, the destination and the connections. */
  name: string;
  /** Of the destination. */
  url: string;
  count: number;
  rules: unknown[];
}

/** A source without proof, and `count` connections with `rules` to a destination of its own. */
async function makeBranches(neighbour: Neighbour, { name, url, count, rules }: Branches): Promise<string> {
  const source = await make<{ id: string; url: string }>(neighbour, "/sources", { name });
  const destination = await make<{ id: string }>(neighbour, "/destinations", { name, config: { url } });
  for (let i = 0; i < count; i++) {
    const ends = { source_id: source.id, destination_id: destination.id };
    await make(neighbour, "/connections", { name: `${name}-${i}`, ...ends, rules });
  }
  return doorOf(neighbour, source);
}

/** Stalled bodies that together exceed what the door may hold, and bodies that are dear to parse. */
const door: Noise = async (neighbour) => {
  const url = new URL(await makeBranches(neighbour, { name: "door", url: CLOSED_URL, count: 1, rules: [] }));
  const exponents = `[1e1${",1".repeat(5 * MIB - 10)}]`;
  const unstorable = JSON.stringify({ type: "a\0", text: "\ud800" });
  return async (signal) => {
    let sockets: Socket[] = [];
    await Promise.all([
      keepDoing(1, signal, async () => {
        for (const socket of sockets) socket.destroy();
        sockets = stall(url);
        await pause(5_000, signal);
      }),
      keepDoing(4, signal, async () => {
        await post(url.href, unstorable, signal);
        await pause(20, signal);
      }),
      keepDoing(1, signal, async () => {
        await post(url.href, exponents, signal);
        await pause(1_000, signal);
      }),
    ]);
    for (const socket of sockets) socket.destroy();
  };
};

/** Bodies that lack their last byte, together as many bytes as the door may hold. */
function stall(url: URL): Socket[] {
  const filler = Buffer.alloc(10 * MIB, 0x61);
  const stalls: [count: number, bytes: number][] = [
    [25, 10 * MIB],
    [40, 128 * 1024],
    [100, 2048],
  ];
  const sockets: Socket[] = [];
  for (const [count, bytes] of stalls) {
    for (let i = 0; i < count; i++) {
      const socket = connect(Number(url.port), url.hostname);
      socket.on("error", () => undefined);
      socket.resume();
      socket.write(`POST ${url.pathname} HTTP/1.1\r\nHost: x\r\nContent-Length: ${bytes}\r\n\r\n`);
      socket.write(filler.subarray(0, bytes - 1));
      sockets.push(socket);
    }
  }
  return sockets;
}

/** Filters with many clauses, and exclusions with wildcards, over large bodies. */
const rules: Noise = async (neighbour) => {
  const clauses = Array.from({ length: 40 }, (_, i) => ({ items: { name: { $regex: `^(a|b)*${i}$` } } }));
  const heavy = [
    {
      type: "deduplicate",
      window: 60_000,
      exclude_fields: Array.from({ length: 50 }, (_, i) => `body.items[*].f${i}`),
    },
    { type: "filter", body: { $or: clauses } },
  ];
  const url = await makeBranches(neighbour, { name: "rules", url: CLOSED_URL, count: BRANCHES, rules: heavy });
  const items = Array.from({ length: 12_000 }, (_, i) => ({ name: `ab${"ab".repeat(10)}`, i }));
  const body = JSON.stringify({ items });
  return (signal) =>
    keepDoing(1, signal, async () => {
      await post(url, body, signal);
      await pause(1_000, signal);
    });
};

/** Transforms that never end. */
const transforms: Noise = async (neighbour) => {
  const { id } = await make<{ id: string }>(neighbour, "/transformations", { name: "noise", code: "for(;;);" });
  const endless = [{ type: "transform", transformation_id: id }];
  const url = await makeBranches(neighbour, { name: "transforms", url: CLOSED_URL, count: BRANCHES, rules: endless });
  return (signal) =>
    keepDoing(1, signal, async () => {
      await post(url, "{}", signal);
      await pause(400, signal);
    });
};

/** Large bodies for every write, runs that take all they may, and searches through all there is. */
const api: Noise = async (neighbour) => {
  const url = await makeBranches(neighbour, { name: "api", url: CLOSED_URL, count: 1, rules: [] });
  const texts = Array.from({ length: 2_000 }, (_, i) => JSON.stringify({ i, text: "x".repeat(500) }));
  while (texts.length > 0) await Promise.all(texts.splice(-50).map((text) => post(url, text)));
  const many = `[${"{},".repeat(690_000)}{}]`;
  const busy = JSON.stringify("const end = Date.now() + 900; while (Date.now() < end); return request;");
  const search = encodeURIComponent(JSON.stringify({ nowhere: { at: "all" } }));
  return async (signal) => {
    await Promise.all([
      keepDoing(60, signal, async () => {
        await callApi(neighbour, "PUT", "/transformations/run", `{"code":${busy},"request":{"body":${many}}}`, signal);
        await pause(100, signal);
      }),
      keepDoing(2, signal, async () => {
        await callApi(neighbour, "POST", "/connections", `{"name":"x","rules":${many}}`, signal);
        await pause(100, signal);
      }),
      keepDoing(12, signal, async () => {
        await callApi(neighbour, "GET", `/requests?body=${search}`, "", signal);
        await pause(20, signal);
      }),
    ]);
  };
};

/** A receiver that takes connections and never answers, with a queue in front of it, and one that refuses. */
const receivers: Noise = async (neighbour) => {
  const open = new Set<Socket>();
  const silent = createServer((socket) => {
    open.add(socket);
    socket.on("error", () => undefined);
    socket.resume();
  });
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  const { port } = silent.address() as { port: number };
  const silentUrl = `http://127.0.0.1:${port}/`;
  const url = await makeBranches(neighbour, { name: "receivers", url: silentUrl, count: 1, rules: [] });
  return async (signal) => {
    await keepDoing(2, signal, async (round) => {
      await post(url, JSON.stringify({ round }), signal);
      await pause(10, signal);
    });
    for (const socket of open) socket.destroy();
    silent.close();
  };
};

export const NOISES = { door, rules, transforms, api, receivers } satisfies Record<string, Noise>;
export type NoiseKind = keyof typeof NOISES;
