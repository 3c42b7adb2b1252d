// Which faults come when: a pure function of the seed, so that a run that failed can be had again.
import { seeded } from "#test/support/seeded.ts";
import { FAULT_KINDS, type FaultKind } from "./fault-kinds.ts";

export interface Fault {
  kind: FaultKind;
  /** From the beginning of the load. */
  atMs: number;
  lengthMs: number;
  /** From 0 up to 1: which of those that it can hit. */
  pick: number;
  /** From 0 up to 1: how hard. */
  strength: number;
}

export interface Plan {
  seed: number;
  lengthMs: number;
  /** Mean time from one fault to the next; several may be under way at once. */
  paceMs: number;
  kinds: readonly FaultKind[];
}

/** Nothing is broken in the last moments of a run: its end waits for what then comes back. */
const QUIET_END_MS = 2_000;

/** Every kind comes before any of them comes again. */
export function makeSchedule({ seed, lengthMs, paceMs, kinds }: Plan): Fault[] {
  const random = seeded(seed);
  const faults: Fault[] = [];
  let bag: FaultKind[] = [];
  let atMs = 0;
  for (;;) {
    atMs += paceMs * (0.5 + random());
    if (kinds.length === 0 || atMs > lengthMs - QUIET_END_MS) return faults;
    if (bag.length === 0) bag = [...kinds];
    const [kind] = bag.splice(Math.floor(random() * bag.length), 1);
    if (!kind) return faults;
    const { minMs, maxMs } = FAULT_KINDS[kind];
    const longest = Math.min(maxMs, Math.max(minMs, lengthMs - atMs));
    faults.push({
      kind,
      atMs: Math.round(atMs),
      lengthMs: Math.round(minMs + random() * (longest - minMs)),
      pick: random(),
      strength: random(),
    });
  }
}
