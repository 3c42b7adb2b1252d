// Bugs of a gateway as they show in the logs of those outside: one at a time, planted in evidence that is sound.
import type { Evidence, FaultEntry } from "#test/chaos/logs.ts";
import { eventOf, requestOf } from "./chaos-logs.ts";

/** An event and what was logged of it. */
export const N = 3;
export const find = <T>(items: T[], isIt: (item: T) => boolean): T => {
  const item = items.find(isIt);
  if (!item) throw new Error("The sound evidence lacks it.");
  return item;
};
export const receiptOf = ({ receipts }: Evidence, n = N) => find(receipts, (one) => one.n === n);
export const eventIn = ({ told }: Evidence, n = N) => find(told.ours.events, ({ id }) => id === eventOf(n));
const requestIn = ({ told }: Evidence, n = N) => find(told.ours.requests, ({ id }) => id === requestOf(n));
export const attemptIn = ({ told }: Evidence, n = N) =>
  find(told.ours.attempts, ({ eventId }) => eventId === eventOf(n));
export const countedIn = ({ told }: Evidence) => find(told.ours.counted, ({ events }) => events > 0);
export const without = <T>(items: T[], item: T) => void items.splice(items.indexOf(item), 1);

/** The same event once more, and its charts as they would be. */
export function repeat(evidence: Evidence, afterMs: number, isRecorded: boolean): void {
  const receipt = receiptOf(evidence);
  const [atMs, endedAtMs] = [receipt.atMs + afterMs, receipt.endedAtMs + afterMs];
  evidence.receipts.push({ ...receipt, atMs, endedAtMs });
  if (!isRecorded) return;
  const attempt = attemptIn(evidence);
  evidence.told.ours.attempts.push({ ...attempt, id: "att_again", createdAtMs: attempt.createdAtMs + afterMs });
  countedIn(evidence).attempts += 1;
}

export const faultAround = (evidence: Evidence, kind: string): FaultEntry => {
  const { atMs } = receiptOf(evidence);
  return { kind, target: "worker-1", fromMs: atMs - 500, toMs: atMs + 2_000 };
};

export const PLANTED: [name: string, invariant: number, plant: (evidence: Evidence) => void][] = [
  [
    "an answer before the commit: the request was never stored",
    1,
    (evidence) => {
      without(evidence.told.ours.requests, requestIn(evidence));
      without(evidence.told.ours.events, eventIn(evidence));
      without(evidence.told.ours.attempts, attemptIn(evidence));
      without(evidence.receipts, receiptOf(evidence));
    },
  ],
  [
    "a stored request that nobody routed",
    1,
    (evidence) => {
      without(evidence.told.ours.events, eventIn(evidence));
      without(evidence.told.ours.attempts, attemptIn(evidence));
      without(evidence.receipts, receiptOf(evidence));
    },
  ],
  [
    "a request that was routed twice",
    1,
    ({ told }) => told.ours.events.push({ ...eventIn({ told } as Evidence), id: "evt_x" }),
  ],
  ["an event that is stuck", 1, (evidence) => Object.assign(eventIn(evidence), { status: "QUEUED" })],
  ["an id that was given to the wrong sender", 1, (evidence) => Object.assign(requestIn(evidence), { n: 4 })],
  ["a stored body of other bytes", 1, ({ told }) => told.ours.bodies.set(requestOf(1), "other")],
  [
    "an event for a duplicate of its provider",
    1,
    ({ sent }) =>
      Object.assign(
        find(sent, ({ n }) => n === N),
        { isDuplicate: true },
      ),
  ],
  [
    "an event that its filter should have kept back",
    1,
    ({ sent, wires }) => {
      find(wires, ({ team }) => team === "ours").hasFilter = true;
      find(sent, ({ n }) => n === N).isFiltered = true;
    },
  ],
  [
    "a request that nobody sent",
    2,
    ({ sent }) =>
      without(
        sent,
        find(sent, ({ n }) => n === N),
      ),
  ],
  [
    "a request that was stored twice, the first time without an answer",
    2,
    ({ told }) => told.ours.requests.push({ ...requestIn({ told } as Evidence), id: "req_twice" }),
  ],
  ["an event without its request", 2, (evidence) => Object.assign(eventIn(evidence), { requestId: "req_none" })],
  [
    "one event of a provider that was new twice",
    2,
    ({ sent }) => {
      for (const n of [N, N + 1]) find(sent, (one) => one.n === n).providerId = "delivery-1";
    },
  ],
  ["an event that is delivered and never arrived", 3, (evidence) => without(evidence.receipts, receiptOf(evidence))],
  ["a body with one byte changed", 3, (evidence) => Object.assign(receiptOf(evidence), { hash: "hash of 4" })],
  ["a delivery that the receiver refused", 3, (evidence) => Object.assign(receiptOf(evidence), { status: 500 })],
  [
    "an attempt that nobody made",
    3,
    ({ told }) => {
      told.ours.attempts.push({ ...attemptIn({ told } as Evidence), id: "att_x" });
      countedIn({ told } as Evidence).attempts += 1;
    },
  ],
  [
    "a delivery in the name of another request",
    3,
    (evidence) => Object.assign(receiptOf(evidence), { requestId: "req_1" }),
  ],
  [
    "a delivery of an event that does not exist",
    3,
    (evidence) => Object.assign(receiptOf(evidence), { eventId: "evt_x" }),
  ],
  ["a repeat without a fault", 4, (evidence) => repeat(evidence, 1_000, true)],
  [
    "a repeat at a fault of the door, which explains none",
    4,
    (evidence) => {
      repeat(evidence, 1_000, true);
      evidence.faults.push(faultAround(evidence, "gateway-kill"));
    },
  ],
  [
    "a repeat after an orderly stop",
    4,
    (evidence) => {
      repeat(evidence, 1_000, true);
      evidence.faults.push(faultAround(evidence, "worker-stop"));
    },
  ],
  [
    "a repeat long after a fault",
    4,
    (evidence) => {
      repeat(evidence, 1_000, true);
      evidence.faults.push({
        ...faultAround(evidence, "worker-kill"),
        fromMs: 0,
        toMs: receiptOf(evidence).atMs - 60_000,
      });
    },
  ],
  [
    "a repeat of what timed out before its time",
    4,
    (evidence) => {
      repeat(evidence, 1_000, true);
      Object.assign(attemptIn(evidence), { status: null, errorCode: "TIMEOUT" });
    },
  ],
  [
    "a delivery of which no attempt tells",
    4,
    (evidence) => {
      without(evidence.told.ours.attempts, attemptIn(evidence));
      countedIn(evidence).attempts -= 1;
    },
  ],
  [
    "more repeats after one kill than can have been under way",
    4,
    (evidence) => {
      evidence.faults.push(faultAround(evidence, "worker-kill"));
      for (let i = 1; i <= 55; i++) repeat(evidence, i * 10, false);
      evidence.limits = evidence.limits.map((one) => ({ ...one, isMeasured: false, ratePerSecond: null }));
    },
  ],
  [
    "an event that overtook the one before it",
    5,
    (evidence) => {
      const [first, second] = [receiptOf(evidence, 3), receiptOf(evidence, 5)];
      [first.atMs, second.atMs] = [second.atMs, first.atMs];
      [first.endedAtMs, second.endedAtMs] = [second.endedAtMs, first.endedAtMs];
    },
  ],
  [
    "one more in a second than its rate allows",
    5,
    (evidence) => {
      const last = receiptOf(evidence, 11);
      last.atMs = receiptOf(evidence, 1).atMs + 990;
    },
  ],
  [
    "more at once than its concurrency allows",
    5,
    (evidence) => {
      for (const n of [3, 4, 5]) receiptOf(evidence, n).endedAtMs = receiptOf(evidence, 5).atMs + 10;
    },
  ],
  [
    "a count of requests that is one too high",
    6,
    ({ told }) => void (told.ours.counted[0] as { accepted: number }).accepted++,
  ],
  ["a settle that was counted twice", 6, (evidence) => void countedIn(evidence).delivered++],
  ["an attempt that was not counted", 6, (evidence) => void countedIn(evidence).attempts--],
  [
    "an event that was counted in the minute after",
    6,
    (evidence) => Object.assign(countedIn(evidence), { minuteMs: 0 }),
  ],
  ["a wrong signature", 7, (evidence) => Object.assign(receiptOf(evidence), { isSigned: false })],
  [
    "a signature of two minutes ago",
    7,
    (evidence) => Object.assign(receiptOf(evidence), { signedAtMs: receiptOf(evidence).atMs - 120_000 }),
  ],
  [
    "a delivery two seconds after a pause",
    8,
    (evidence) => {
      const { atMs } = receiptOf(evidence);
      evidence.quiets.push({ connectionId: "web_ours", fromMs: atMs - 2_000, toMs: atMs + 10 });
    },
  ],
  [
    "an attempt that a replay changed",
    9,
    (evidence) => {
      const before = { ...attemptIn(evidence), latencyMs: 14 };
      repeat(evidence, 500, true);
      Object.assign(
        find(evidence.told.ours.attempts, ({ id }) => id === "att_again"),
        { trigger: "MANUAL" },
      );
      evidence.replays.push({ eventId: eventOf(N), before: [before] });
    },
  ],
  [
    "a replay that made no attempt",
    9,
    (evidence) => void evidence.replays.push({ eventId: eventOf(N), before: [attemptIn(evidence)] }),
  ],
  ["a row of another team in a list", 10, (evidence) => Object.assign(eventIn(evidence), { teamId: "tm_theirs" })],
  [
    "an event on a connection of another team",
    10,
    ({ told }) => Object.assign(told.theirs.events[0] ?? {}, { connectionId: "web_ours" }),
  ],
  [
    "another team's event that answers",
    10,
    ({ told }) => told.ours.foreign.push({ path: "/events/evt_1", status: 200 }),
  ],
  [
    "a delivery to another team's receiver",
    10,
    (evidence) => Object.assign(receiptOf(evidence), { destination: "stranger" }),
  ],
];
