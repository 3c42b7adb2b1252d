// One run: traffic, faults by a schedule, the wait for all that is left, and the verdict.
import { setTimeout as sleep } from "node:timers/promises";
import { makeChecker, type Verdict } from "./check.ts";
import { type EvidenceStore, openEvidenceStore } from "./evidence-store.ts";
import type { FaultKind } from "./fault-kinds.ts";
import { NETWORK_FAULTS } from "./faults-of-networks.ts";
import { PEOPLE_FAULTS } from "./faults-of-people.ts";
import { PROCESS_FAULTS } from "./faults-of-processes.ts";
import { type Hands, makeAlone, type Strike } from "./hands.ts";
import type { Instance } from "./instance.ts";
import type { Evidence, FaultEntry, RunFacts, Slice, Team } from "./logs.ts";
import { startProducers } from "./producers.ts";
import { startReceivers } from "./receivers.ts";
import { makeRecoveries, type Recoveries } from "./recovery.ts";
import { makeRunTotals, type RunTotals, type Totals } from "./run-totals.ts";
import { type Fault, makeSchedule } from "./schedule.ts";
import { readSettled } from "./settled.ts";
import { specsOf, wire } from "./wiring.ts";

const STRIKES: Record<FaultKind, Strike> = { ...PROCESS_FAULTS, ...NETWORK_FAULTS, ...PEOPLE_FAULTS };

export interface RunOptions {
  seed: number;
  lengthMs: number;
  paceMs: number;
  /** Requests per second. */
  rate: number;
  kinds: readonly FaultKind[];
  /** The faults to do, in place of those that the seed decides. */
  script?: readonly Fault[] | null;
  /** For the names of its sources: an installation may see several runs. */
  suffix: string;
  say: (sentence: string) => void;
  /** Ends the load before its time; what was sent is judged all the same. */
  signal?: AbortSignal;
  /** Where requests are sent in place of the gateways: a way in that has a bug. */
  doorUrls?: string[];
  /** Called when all is wired and nothing is sent yet. */
  onWired?: (hands: Hands) => void;
  /** All logs in memory, for a short run of which something is to be made. */
  isEvidenceHeld?: boolean;
}

export interface Outcome {
  totals: Totals;
  faults: FaultEntry[];
  recoveries: Recoveries;
  /** Null when the API could not be read to the end: `failure` says why. */
  verdict: Verdict | null;
  /** From the last request to the end of the last delivery, and until all lists were read. */
  drainMs: number;
  readMs: number;
  /** Why a fault could not be done; nothing was broken after it, and what had been sent was judged. */
  failure: unknown;
  /** What the roles logged as errors, by its sentence. */
  complaints: Map<string, number>;
  evidence: Evidence | null;
  /** Where the logs are, if something was found. */
  directory: string | null;
}

/** The clock of the database, and the minute in which the run begins. */
const FROM_SLACK_MS = 5_000;
/** Some 50,000 events, which are judged at once. */
const REQUESTS_PER_SLICE = 20_000;
const PROGRESS_MS = 30_000;
const LEAST_OVERTIME_MS = 60_000;
const OVERTIME_PART = 0.2;

/** @throws when nothing could be sent at all; later failures are in the outcome */
export async function runChaos(instance: Instance, options: RunOptions): Promise<Outcome> {
  await using stack = new AsyncDisposableStack();
  const fromMs = Date.now() - FROM_SLACK_MS;
  const store = stack.use(await openEvidenceStore(REQUESTS_PER_SLICE));
  const [totals, recoveries] = [makeRunTotals(), makeRecoveries()];
  const receivers = stack.use(
    await startReceivers((receipt) => {
      totals.addReceipt(receipt);
      recoveries.addReceipt(receipt);
      store.add("receipts", receipt.n, receipt);
    }),
  );
  const wiring = stack.use(await wire(instance, receivers, { specs: specsOf(options.rate), suffix: options.suffix }));
  const over = new AbortController();
  const hands: Hands = {
    ...{ instance, receivers, wiring, faults: [], quiets: [], replays: [] },
    ...{ alone: makeAlone(), isOver: () => over.signal.aborted, burst: (copies) => producers.burst(copies) },
  };
  options.onWired?.(hands);
  const producers = startProducers({
    ...{ urls: options.doorUrls ?? instance.urls(), doors: wiring.doors, rate: options.rate },
    ...{ seed: options.seed, firstN: 1 },
    log(sent) {
      totals.addSent(sent);
      recoveries.addSent(sent);
      store.add("sent", sent.n, sent);
    },
  });
  const progress = setInterval(() => options.say(progressLine(hands, totals)), PROGRESS_MS);
  stack.defer(() => clearInterval(progress));
  const stop = () => over.abort();
  options.signal?.addEventListener("abort", stop);
  let failure = await strikeAll(hands, over, options.script ?? makeSchedule(options), options);
  await producers.end();
  const loadEndedAtMs = Date.now();
  options.say(`${totals.now.sent} requests were sent; waiting for what is left of them.`);
  const endedAtMs = performance.now();
  let drainMs = 0;
  const onDrained = () => {
    drainMs = performance.now() - endedAtMs;
  };
  const told = await readSettled(hands, store, { ...options, fromMs, onDrained }).catch((error: unknown) => {
    failure ??= error;
    return null;
  });
  receivers.endAll();
  const readMs = performance.now() - endedAtMs - drainMs;
  const { faults, quiets, replays } = hands;
  const facts = told && { faults, quiets, replays, wires: wiring.wires, limits: wiring.limits, told };
  const verdict = facts && (await judge(facts, store, totals));
  const isSound = failure === undefined && verdict?.violations.length === 0;
  if (!isSound) store.keep();
  return {
    ...{ totals: totals.now, faults, verdict, drainMs, readMs, failure },
    recoveries: recoveries.end(faults, wiring.limits, loadEndedAtMs),
    complaints: countComplaints(instance.slots.map((slot) => slot.log()).join("\n")),
    evidence: facts && options.isEvidenceHeld ? await holdEvidence(facts, store) : null,
    directory: isSound ? null : store.directory,
  };
}

async function judge(facts: RunFacts, store: EvidenceStore, totals: RunTotals): Promise<Verdict> {
  const checker = makeChecker(facts);
  for await (const slice of store.slices()) {
    totals.addSlice(slice);
    checker.add(slice);
  }
  return checker.end();
}

async function holdEvidence(facts: RunFacts, store: EvidenceStore): Promise<Evidence> {
  const slices: Slice[] = [];
  for await (const slice of store.slices()) slices.push(slice);
  const told = (team: Team) => ({
    ...facts.told[team],
    requests: slices.flatMap((slice) => slice.told[team].requests),
    events: slices.flatMap((slice) => slice.told[team].events),
    attempts: slices.flatMap((slice) => slice.told[team].attempts),
  });
  return {
    ...facts,
    sent: slices.flatMap(({ sent }) => sent),
    receipts: slices.flatMap(({ receipts }) => receipts),
    told: { ours: told("ours"), theirs: told("theirs") },
  };
}

/** Each fault at its time, also while others last. Resolves when all have ended and the time is over, to what failed. */
async function strikeAll(
  hands: Hands,
  over: AbortController,
  schedule: readonly Fault[],
  options: RunOptions,
): Promise<unknown> {
  const startedAtMs = performance.now();
  let failure: unknown;
  const until = (ms: number) =>
    sleep(Math.max(0, startedAtMs + ms - performance.now()), undefined, { signal: over.signal }).catch(() => undefined);
  const strike = async (fault: Fault) => {
    await until(fault.atMs);
    if (hands.isOver()) return;
    options.say(`${at(Date.now())} ${(fault.atMs / 1_000).toFixed(1)} s: ${fault.kind}`);
    await STRIKES[fault.kind](hands, fault).catch((error: unknown) => {
      failure ??= new Error(`The fault ${fault.kind} could not be done.`, { cause: error });
      over.abort();
    });
  };
  if (options.signal?.aborted) over.abort();
  const strikes = Promise.all(schedule.map(strike));
  await until(options.lengthMs);
  // Those that had to wait for others still come, where they do not make the run much longer.
  await Promise.race([
    strikes,
    until(options.lengthMs + Math.max(LEAST_OVERTIME_MS, options.lengthMs * OVERTIME_PART)),
  ]);
  over.abort();
  await strikes;
  return failure;
}

const MIB = 2 ** 20;

const progressLine = ({ faults }: Hands, { now }: RunTotals): string =>
  `${at(Date.now())} ${now.acknowledged} of ${now.sent} acknowledged, ${now.receipts} deliveries arrived, ${faults.length} faults; ${Math.round(process.memoryUsage().rss / MIB)} MiB here`;

/** Lines of JSON at the level of errors; others are what Node itself says when it dies. */
function countComplaints(log: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of log.split("\n")) {
    const told = /"msg":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? line;
    if (told !== "") counts.set(told, (counts.get(told) ?? 0) + 1);
  }
  return counts;
}

const at = (ms: number) => new Date(ms).toISOString().slice(11, 23);
