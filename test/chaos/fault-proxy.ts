// A relay of TCP on loopback that can do to a connection what a network does: cut it, refuse it, hold it up, or swallow bytes.
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

export type ProxyMode =
  | { kind: "open" }
  /** New connections are reset, and so are those that were open. */
  | { kind: "refuse" }
  /** Every piece comes so much later, in order. */
  | { kind: "delay"; ms: number }
  /** So many bytes in each direction of a connection every ten milliseconds. */
  | { kind: "slow"; bytes: number }
  /** Nothing comes through in either direction, and nobody is told. What was open then stays dead. */
  | { kind: "half-open" }
  /** What the client says arrives, what the server answers does not: a commit whose answer is lost. What was open then stays dead. */
  | { kind: "deaf" }
  /** What the client says arrives, and its connection is reset in place of the answer: a statement, or a commit, of which nobody hears. */
  | { kind: "cut-answers" }
  /** One text in place of another of the same length, in both directions: no fault of a network, but a bug to be found. */
  | { kind: "tamper"; from: string; to: string };

const TICK_MS = 10;
const OPEN: ProxyMode = { kind: "open" };

interface Pair {
  outer: Socket;
  inner: Socket;
  /** It has lost bytes: nothing sensible can follow. */
  isDead: boolean;
}

export type FaultProxy = Awaited<ReturnType<typeof startFaultProxy>>;

/** @param target where connections are led, asked anew for each */
export async function startFaultProxy(target: () => NetConnectOpts) {
  let mode = OPEN;
  const pairs = new Set<Pair>();
  const reset = ({ outer, inner }: Pair) => {
    outer.resetAndDestroy();
    inner.destroy();
  };
  const server = createServer({ noDelay: true }, (outer) => {
    if (mode.kind === "refuse") {
      // Its client may have reset it first.
      outer.on("error", () => {});
      outer.resetAndDestroy();
      return;
    }
    const inner = connect({ noDelay: true, ...target() });
    const pair = { outer, inner, isDead: false };
    pairs.add(pair);
    void relay(pair, outer, inner, () => mode);
    void relay(pair, inner, outer, () => mode);
    for (const [one, other] of [
      [outer, inner],
      [inner, outer],
    ] as const) {
      one.on("error", () => {});
      one.on("close", (hadError) => {
        pairs.delete(pair);
        // A peer that is cut off does not hear that the other one has gone.
        if (pair.isDead && one === inner) return;
        if (hadError) other.destroy();
        else other.end();
      });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    set(next: ProxyMode) {
      mode = next;
      if (next.kind === "refuse") for (const pair of pairs) reset(pair);
    },
    heal() {
      mode = OPEN;
    },
    /** Resets every connection. */
    cut() {
      for (const pair of pairs) reset(pair);
    },
    openCount: () => pairs.size,
    /** Connections that are still there and have lost bytes. */
    swallowedCount: () => [...pairs].filter(({ isDead }) => isDead).length,
    async [Symbol.asyncDispose]() {
      for (const { outer, inner } of pairs) {
        outer.destroy();
        inner.destroy();
      }
      server.close();
    },
  };
}

/** One direction, from `from` to `to`, until it ends. */
async function relay(pair: Pair, from: Socket, to: Socket, mode: () => ProxyMode): Promise<void> {
  try {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (const piece of await passed(pair, from === pair.inner, chunk, mode)) {
        if (!to.write(piece)) await drained(to);
      }
    }
    if (!pair.isDead) to.end();
  } catch {
    // The connection broke, which its listeners deal with.
  }
}

const drained = (to: Socket) =>
  new Promise<void>((resolve) => {
    const end = () => {
      to.off("drain", end);
      to.off("close", end);
      resolve();
    };
    to.on("drain", end);
    to.on("close", end);
    if (to.destroyed) end();
  });

/** What of a piece goes on, when its time has come. */
async function passed(pair: Pair, isAnswer: boolean, chunk: Buffer, mode: () => ProxyMode): Promise<Buffer[]> {
  const now = mode();
  if (pair.isDead && (isAnswer || now.kind !== "deaf")) return [];
  switch (now.kind) {
    case "half-open":
      pair.isDead = true;
      return [];
    case "deaf":
      // What the client says goes on arriving until the fault ends.
      if (!isAnswer) return [chunk];
      pair.isDead = true;
      return [];
    case "cut-answers":
      if (!isAnswer) return [chunk];
      pair.outer.resetAndDestroy();
      pair.inner.destroy();
      return [];
    case "delay":
      await sleep(now.ms);
      return [chunk];
    case "slow":
      for (let left = chunk.length; left > 0 && mode() === now; left -= now.bytes) await sleep(TICK_MS);
      return [chunk];
    case "tamper":
      return [Buffer.from(chunk.toString("latin1").replaceAll(now.from, now.to), "latin1")];
    default:
      return [chunk];
  }
}
