// A checker that has never failed proves nothing: each bug is planted in logs that are sound, and seen.
import { describe, expect, test } from "vitest";
import { check, INVARIANTS, makeChecker } from "#test/chaos/check.ts";
import { FAULT_KINDS, needOf } from "#test/chaos/fault-kinds.ts";
import type { Evidence, FaultEntry, Slice, Team } from "#test/chaos/logs.ts";
import { editText } from "#test/chaos/plant-edits.ts";
import { requirePlantable } from "#test/chaos/planted-role.ts";
import { judgePlant, PLANTS } from "#test/chaos/plants.ts";
import { makeRecoveries } from "#test/chaos/recovery.ts";
import { soundEvidence } from "#test/support/chaos-logs.ts";
import {
  attemptIn,
  countedIn,
  eventIn,
  faultAround,
  find,
  N,
  PLANTED,
  receiptOf,
  repeat,
  without,
} from "#test/support/planted-bugs.ts";

test("sound evidence has nothing wrong in it", () => {
  expect(check(soundEvidence()).violations).toEqual([]);
});

describe("the checker sees", () => {
  test.each(PLANTED)("%s", (_, invariant, plant) => {
    const evidence = soundEvidence();
    plant(evidence);
    expect(check(evidence).violations.map((violation) => violation.invariant)).toContain(invariant);
  });
});

describe("a bug that is planted in the product", () => {
  test.each(PLANTS)(
    "$name: its text stands once in the source, and its faults can be done in its time",
    async (plant) => {
      await requirePlantable(plant);
      // The hook is not loaded in threads, which load these too.
      for (const { file } of plant.edits) expect(file).not.toMatch(/^server\/(?:rules|judging|sandbox|payload)\//);
      for (const { kind, atMs, lengthMs } of plant.script) {
        expect(needOf(kind)).toBeUndefined();
        expect(lengthMs).toBeGreaterThanOrEqual(FAULT_KINDS[kind].minMs);
        expect(lengthMs).toBeLessThanOrEqual(FAULT_KINDS[kind].maxMs);
        expect(atMs + lengthMs).toBeLessThan(plant.minutes * 60_000);
      }
    },
  );

  test("there is for each invariant", () => {
    const broken = new Set(PLANTS.flatMap(({ invariants }) => invariants));
    expect([...broken].toSorted((a, b) => a - b)).toEqual(Object.keys(INVARIANTS).map(Number));
  });

  test("is refused where its text is gone, and where it stands twice", async () => {
    const edit = { file: "server/ids.ts", find: "of", replace: "off" };
    expect(editText("a bug of it", edit)).toBe("a bug off it");
    expect(() => editText("a bug", edit)).toThrow("A bug is to be planted in server/ids.ts where it says once: of");
    expect(() => editText("of a bug of it", edit)).toThrow(/says once/);
    const gone = { name: "gone", edits: [{ ...edit, find: "what nobody wrote" }] };
    await expect(requirePlantable(gone)).rejects.toThrow(
      "gone cannot be planted. A bug is to be planted in server/ids.ts where it says once: what nobody wrote",
    );
  });

  test("is found by an invariant of its own, and by no other", () => {
    const plant = { name: "send-twice", invariants: [4, 5] };
    const broken = (...invariants: number[]) => invariants.map((invariant) => ({ invariant, sentence: "" }));
    expect(judgePlant(plant, broken(4, 4, 6))).toEqual({
      isFound: true,
      sentence: "FOUND        send-twice, by invariant 4 (2 findings). Also broken: 6 (1 finding).",
    });
    expect(judgePlant(plant, broken(6))).toEqual({
      isFound: false,
      sentence: "NOT FOUND    send-twice: invariant 4 or 5 should be broken, and holds. Also broken: 6 (1 finding).",
    });
    expect(judgePlant(plant, [])).toMatchObject({ isFound: false });
  });
});

describe("recovery", () => {
  const SECOND_MS = 1_000;
  /** A request and its delivery each second but for those in a gap. */
  function recoveriesOf(seconds: number, isStill: (second: number) => boolean, faults: FaultEntry[]) {
    const { sent, receipts, limits } = soundEvidence();
    const recoveries = makeRecoveries();
    const [one, receipt] = [sent[0], receipts.find(({ destination }) => destination === "ordered")];
    if (!one || !receipt) throw new Error("The sound evidence lacks them.");
    for (let second = 0; second <= seconds; second++) {
      if (isStill(second)) continue;
      recoveries.addSent({ ...one, answeredAtMs: second * SECOND_MS });
      recoveries.addReceipt({ ...receipt, atMs: second * SECOND_MS });
    }
    return recoveries.end(faults, limits, seconds * SECOND_MS);
  }
  const fault = (kind: string, from: number, to: number): FaultEntry => ({
    ...{ kind, target: "", fromMs: from * SECOND_MS, toMs: to * SECOND_MS },
  });
  const from5To = (to: number) => (second: number) => second > 5 && second < to;

  test("is counted from the end of what is mended from outside, and from the kill of a role", () => {
    const slowest = (faults: FaultEntry[]) => recoveriesOf(100, from5To(20), faults).slowest.map(({ ms }) => ms);
    expect(slowest([fault("postgres-freeze", 6, 18)])).toEqual([2_000, 2_000]);
    expect(slowest([fault("worker-kill", 6, 18)])).toEqual([14_000, 14_000]);
    expect(slowest([fault("worker-kill", 6, 7), fault("database-refuse", 8, 19)])).toEqual([1_000, 1_000]);
    expect(slowest([fault("postgres-freeze", 6, 25)])).toEqual([1_000, 1_000]);
    // A receiver's fault stops neither, and one that was over before explains nothing.
    expect(slowest([fault("receiver-hang", 6, 18), fault("worker-kill", 1, 2)])).toEqual([15_000, 15_000]);
  });

  test("that takes too long is late: at the door after 10 s, of deliveries after 45 s", () => {
    expect(recoveriesOf(100, from5To(16), [fault("everything-kill", 6, 7)]).late).toEqual([]);
    expect(recoveriesOf(100, from5To(17), [fault("everything-kill", 6, 7)]).late).toEqual([
      "everything-kill: 11000 ms to the next acknowledgement; 10000 are allowed.",
    ]);
    expect(recoveriesOf(100, from5To(52), [fault("everything-kill", 6, 7)]).late).toEqual([
      "everything-kill: 46000 ms to the next acknowledgement; 10000 are allowed.",
      "everything-kill: 46000 ms to the next delivery; 45000 are allowed.",
    ]);
  });

  test("that never comes is late when the load ends", () => {
    const from = (still: number) => (second: number) => second >= still;
    expect(recoveriesOf(100, from(90), [fault("everything-kill", 90, 91)]).late).toEqual([]);
    expect(recoveriesOf(100, from(88), [fault("everything-kill", 89, 90)]).late).toEqual([
      "everything-kill: 11000 ms to the end of the load; 10000 are allowed.",
    ]);
    // All that a fault lasts is its own.
    expect(recoveriesOf(100, from(60), [fault("postgres-freeze", 61, 95)]).late).toEqual([]);
  });
});

/** As a long run is judged: what belongs to a few requests at a time, and what belongs to none by itself. */
function slicesOf({ sent, receipts, told }: Evidence): Slice[] {
  const sliceOf = (n: number) => (Number.isFinite(n) ? Math.floor(n / REQUESTS_PER_SLICE) : -1);
  const of = (id: string) => sliceOf(Number(id.split("_")[1]));
  const rows = (team: Team, slice: number) => ({
    requests: told[team].requests.filter(({ n }) => sliceOf(n) === slice),
    events: told[team].events.filter(({ requestId }) => of(requestId) === slice),
    attempts: told[team].attempts.filter(({ eventId }) => of(eventId) === slice),
  });
  return Array.from({ length: 10 }, (_, i) => i - 1).map((slice) => ({
    sent: sent.filter(({ n }) => sliceOf(n) === slice),
    receipts: receipts.filter(({ n }) => sliceOf(n) === slice),
    told: { ours: rows("ours", slice), theirs: rows("theirs", slice) },
  }));
}
const REQUESTS_PER_SLICE = 4;

function checkSliced(evidence: Evidence) {
  const checker = makeChecker(evidence);
  // Not in the order of time: nobody promises one.
  for (const slice of slicesOf(evidence).toReversed()) checker.add(slice);
  return checker.end();
}

describe("slice by slice", () => {
  test("sound evidence has nothing wrong in it", () => {
    expect(checkSliced(soundEvidence()).violations).toEqual([]);
  });

  test.each(PLANTED)("the checker sees %s", (_, invariant, plant) => {
    const evidence = soundEvidence();
    plant(evidence);
    expect(checkSliced(evidence).violations.map((violation) => violation.invariant)).toContain(invariant);
  });
});

describe("the checker lets pass", () => {
  test.each(["worker-kill", "worker-freeze", "postgres-kill", "database-deaf", "everything-kill"])(
    "a repeat around %s, and counts it",
    (kind) => {
      const evidence = soundEvidence();
      evidence.limits = evidence.limits.map((one) => ({ ...one, isMeasured: false, ratePerSecond: null }));
      repeat(evidence, 50, false);
      evidence.faults.push(faultAround(evidence, kind));
      const verdict = check(evidence);
      expect([verdict.violations, [...verdict.repeatsByCause]]).toEqual([[], [[kind, 1]]]);
    },
  );

  test("a repeat of what a worker has not heard of in all the time it had, and counts it", () => {
    const evidence = soundEvidence();
    evidence.limits = evidence.limits.map((one) => ({ ...one, isMeasured: false, ratePerSecond: null }));
    repeat(evidence, 50, true);
    Object.assign(attemptIn(evidence), { status: null, errorCode: "TIMEOUT", latencyMs: 5_000 });
    const verdict = check(evidence);
    expect([verdict.violations, [...verdict.repeatsByCause]]).toEqual([[], [["time-out of an attempt", 1]]]);
  });

  test("a repeat of what another receiver's network lost is not explained by this one", () => {
    const evidence = soundEvidence();
    repeat(evidence, 1_000, true);
    evidence.faults.push({ ...faultAround(evidence, "receiver-deaf"), target: "stranger" });
    expect(check(evidence).violations.map(({ invariant }) => invariant)).toContain(4);
  });

  test("a refusal that was stored all the same, and an event that says what it waits for", () => {
    const evidence = soundEvidence();
    Object.assign(
      find(evidence.sent, ({ n }) => n === N),
      { status: 503, requestId: null },
    );
    Object.assign(eventIn(evidence, 4), { status: "HOLD", holdReason: "connection_paused" });
    without(evidence.receipts, receiptOf(evidence, 4));
    without(evidence.told.ours.attempts, attemptIn(evidence, 4));
    countedIn(evidence).attempts -= 1;
    countedIn(evidence).delivered -= 1;
    expect(check(evidence).violations).toEqual([]);
  });

  test("a late delivery by a worker that could not hear of the pause, and counts it", () => {
    const evidence = soundEvidence();
    const { atMs } = receiptOf(evidence);
    evidence.quiets.push({ connectionId: "web_ours", fromMs: atMs - 1_800, toMs: atMs + 10 });
    evidence.faults.push(faultAround(evidence, "database-refuse"));
    const verdict = check(evidence);
    expect([verdict.violations, verdict.excusedQuiet]).toEqual([[], 1]);
  });
});
