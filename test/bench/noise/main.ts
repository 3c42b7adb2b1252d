// The noisy neighbour, in a process of its own: what it spends must not slow down the generator that measures.
import { existsSync, writeFileSync } from "node:fs";
import { constants, setPriority } from "node:os";
import { serveParent } from "#test/bench/remote.ts";
import type { Neighbour } from "./client.ts";
import { NOISES, type NoiseKind } from "./kinds.ts";

const AUTOGROUP = "/proc/self/autogroup";
const LOWEST = constants.priority.PRIORITY_LOW;

/**
 * The noise stands for other machines, so it takes no processor time that the product wants. Linux shares the processor out among
 * sessions first, and a session has a priority of its own.
 */
function lowerPriority(): void {
  setPriority(LOWEST);
  if (existsSync(AUTOGROUP)) writeFileSync(AUTOGROUP, String(LOWEST));
}

let current: { stop: AbortController; ended: Promise<void> } | null = null;

const calls = {
  /** Makes what the kinds need, then begins all of them. */
  async start({ kinds, neighbour }: { kinds: NoiseKind[]; neighbour: Neighbour }): Promise<void> {
    const loads = await Promise.all(kinds.map((kind) => NOISES[kind](neighbour)));
    const stop = new AbortController();
    current = { stop, ended: Promise.all(loads.map((load) => load(stop.signal))).then(() => undefined) };
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

lowerPriority();
serveParent(calls);
