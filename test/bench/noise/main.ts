// The noisy neighbour, in a process of its own: what it spends must not slow down the generator that measures.
import { serveParent } from "#test/bench/remote.ts";
import type { Neighbour } from "./client.ts";
import { NOISES, type NoiseKind } from "./kinds.ts";

let current: { stop: AbortController; ended: Promise<void> } | null = null;

const calls = {
  async start({ kind, neighbour }: { kind: NoiseKind; neighbour: Neighbour }): Promise<void> {
    const load = await NOISES[kind](neighbour);
    const stop = new AbortController();
    current = { stop, ended: load(stop.signal) };
    current.ended.catch(() => undefined);
  },
  /** Throws what the noise failed with, so that silence is never measured as noise. */
  async stop(_: null): Promise<void> {
    current?.stop.abort();
    await current?.ended;
    current = null;
  },
};
export type NoiseCalls = typeof calls;

serveParent(calls);
