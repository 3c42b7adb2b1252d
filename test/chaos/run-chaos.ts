// One run: traffic, faults by a schedule, the wait for all that is left, and the evidence for the checker.
import { setTimeout as sleep } from "node:timers/promises";
import { check, type Verdict } from "./check.ts";
import type { FaultKind } from "./fault-kinds.ts";
import { NETWORK_FAULTS } from "./faults-of-networks.ts";
import { PEOPLE_FAULTS } from "./faults-of-people.ts";
import { PROCESS_FAULTS } from "./faults-of-processes.ts";
import { type Hands, makeAlone, type Strike } from "./hands.ts";
import type { Instance } from "./instance.ts";
import type { Evidence, Told } from "./logs.ts";
import { startProducers } from "./producers.ts";
import { countUnfinished, readTold } from "./read-told.ts";
import { startReceivers } from "./receivers.ts";
import { type Fault, makeSchedule } from "./schedule.ts";
import { wire } from "./wiring.ts";

const STRIKES: Record<FaultKind, Strike> = { ...PROCESS_FAULTS, ...NETWORK_FAULTS, ...PEOPLE_FAULTS };

export interface RunOptions {
  seed: number;
  lengthMs: number;
  paceMs: number;
  /** Requests per second. */
  rate: number;
  kinds: readonly FaultKind[];
  /** For the names of its sources: an installation may see several runs. */
  suffix: string;
  say: (sentence: string) => void;
  /** Where requests are sent in place of the gateways: a way in that has a bug. */
  doorUrls?: string[];
  /** Called when all is wired and nothing is sent yet. */
  onWired?: (hands: Hands) => void;
}

export interface Outcome {
  evidence: Evidence;
  verdict: Verdict;
  /** From the last request to the end of the last delivery. */
  drainMs: number;
  /** Why a fault could not be done; nothing was broken after it, and what had been sent was judged. */
  failure: unknown;
  /** What the roles logged as errors, by its sentence. */
  complaints: Map<string, number>;
}

/** A worker that died has its lanes taken over within a lease; a retry follows within a second or so. */
const DRAIN_PATIENCE_MS = 120_000;
const LOOK_EVERY_MS = 500;
/** The clock of the database, and the minute in which the run begins. */
const FROM_SLACK_MS = 5_000;

/** @throws when a process does not come back, or the API does not */
export async function runChaos(instance: Instance, options: RunOptions): Promise<Outcome> {
  await using stack = new AsyncDisposableStack();
  const fromMs = Date.now() - FROM_SLACK_MS;
  const receivers = stack.use(await startReceivers());
  const wiring = stack.use(await wire(instance, receivers, options));
  const hands: Hands = { instance, receivers, wiring, faults: [], quiets: [], replays: [], alone: makeAlone() };
  options.onWired?.(hands);
  const producers = startProducers({
    ...{
      urls: options.doorUrls ?? instance.urls(),
      doors: wiring.doors,
      rate: options.rate,
      seed: options.seed,
      firstN: 1,
    },
  });
  const failure = await strikeAll(hands, makeSchedule(options), options).then(
    () => undefined,
    (error: unknown) => error ?? new Error("A fault failed without a word."),
  );
  await producers.end();
  options.say(`${producers.sent.length} requests were sent; waiting for what is left of them.`);
  const endedAtMs = performance.now();
  const evidence = () => ({
    sent: producers.sent,
    receipts: receivers.receipts,
    faults: hands.faults,
    quiets: hands.quiets,
    replays: hands.replays,
    wires: wiring.wires,
    limits: wiring.limits,
  });
  const told = await readSettled(hands, fromMs, options);
  const all = { ...evidence(), told };
  const complaints = countComplaints(instance.slots.map((slot) => slot.log()).join("\n"));
  return { evidence: all, verdict: check(all), drainMs: performance.now() - endedAtMs, complaints, failure };
}

/** Each fault at its time, also while others last. Resolves when all have ended and the time is over, or throws then what failed. */
async function strikeAll(hands: Hands, schedule: Fault[], { lengthMs, say }: RunOptions): Promise<void> {
  const startedAtMs = performance.now();
  const failed = new AbortController();
  const until = (ms: number) =>
    sleep(Math.max(0, startedAtMs + ms - performance.now()), undefined, { signal: failed.signal });
  const strike = async (fault: Fault) => {
    await until(fault.atMs);
    say(`${at(Date.now())} ${(fault.atMs / 1_000).toFixed(1)} s: ${fault.kind}`);
    await STRIKES[fault.kind](hands, fault).catch((error: unknown) => failed.abort(error));
  };
  const ended = await Promise.allSettled([...schedule.map(strike), until(lengthMs)]);
  if (failed.signal.aborted) throw failed.signal.reason;
  for (const one of ended) if (one.status === "rejected") throw one.reason;
}

/** Reads until everything is at its end, or patience is; what is left then is for the checker to judge. */
async function readSettled(hands: Hands, fromMs: number, { say }: RunOptions): Promise<Evidence["told"]> {
  const { teams } = hands.instance;
  const teamOf = (team: "ours" | "theirs") => ({ ...teams[team], sourceIds: hands.wiring.sourceIds[team] });
  const deadline = performance.now() + DRAIN_PATIENCE_MS;
  const isOver = () => performance.now() > deadline;
  for (;;) {
    while ((await countUnfinished(teamOf("ours"))) + (await countUnfinished(teamOf("theirs"))) > 0 && !isOver())
      await sleep(LOOK_EVERY_MS);
    const ours = await readTold(teamOf("ours"), teams.theirs.api, fromMs);
    const theirs = await readTold(teamOf("theirs"), teams.ours.api, fromMs);
    const unrouted = countUnrouted(ours) + countUnrouted(theirs);
    if (unrouted === 0 || isOver()) return { ours, theirs };
    say(`${unrouted} requests are not routed yet.`);
    await sleep(LOOK_EVERY_MS);
  }
}

/** Lines of JSON at the level of errors; others are what Node itself says when it dies. */
function countComplaints(log: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const line of log.split("\n")) {
    const told = /"msg":"((?:[^"\\]|\\.)*)"/.exec(line)?.[1] ?? line;
    if (told !== "") counts.set(told, (counts.get(told) ?? 0) + 1);
  }
  return counts;
}

const at = (ms: number) => (Number.isFinite(ms) ? new Date(ms).toISOString().slice(11, 23) : "later");

const countUnrouted = ({ requests }: Told) =>
  requests.filter(
    ({ isAccepted, duplicateOf, eventsCount, ignoredCount }) =>
      isAccepted && duplicateOf === null && eventsCount + ignoredCount === 0,
  ).length;
