import { describe, expect, test } from "vitest";
import { makeByteSeals } from "#server/crypto/byte-seal.ts";
import { judgeDisk, judgeMemory, judgePort } from "#server/doctor/judge-machine.ts";
import { judgeClock, judgeServer } from "#server/doctor/judge-server.ts";
import { standbysWanted } from "#server/doctor/judge-settings.ts";
import { judgeSpool } from "#server/doctor/judge-spool.ts";
import { judgeWork } from "#server/doctor/judge-work.ts";
import { readSpool } from "#server/env-spool.ts";
import { inBytes, inSeconds } from "#server/process/amounts.ts";
import type { SpoolLook } from "#server/spool/look-at-spool.ts";
import { SPOOL_KEY_PURPOSE, sealArrival } from "#server/spool/sealed-arrival.ts";
import { tryFirst } from "#server/spool/try-first.ts";
import { plainArrival } from "#test/support/arrival.ts";

const GIB = 2 ** 30;

test("amounts are said in the unit that a person would take", () => {
  expect([0, 1023, 1536, 20 * GIB].map(inBytes)).toEqual(["0 bytes", "1023 bytes", "1.5 KiB", "20 GiB"]);
  expect([3, 600, 7_200].map(inSeconds)).toEqual(["3 s", "10 min", "2 h"]);
});

describe("the disk", () => {
  const disk = { whose: "Postgres", freeBytes: 100 * GIB, totalBytes: 400 * GIB, freeFiles: 1e6, forecast: undefined };
  const verdictOf = (change: object) => judgeDisk({ ...disk, ...change }).verdict;
  test("is judged by its room, its files, and the day on which traffic fills it", () => {
    expect(verdictOf({})).toBe("ok");
    expect(verdictOf({ freeBytes: GIB, totalBytes: 4 * GIB })).toBe("warn");
    expect(verdictOf({ freeBytes: 30 * GIB })).toBe("warn");
    expect(verdictOf({ freeBytes: GIB / 8 })).toBe("fail");
    expect(verdictOf({ freeFiles: 10 })).toBe("fail");
    expect(verdictOf({ forecast: { bytesPerDay: GIB, fullInDays: null } })).toBe("ok");
    expect(verdictOf({ forecast: { bytesPerDay: GIB, fullInDays: 9 } })).toBe("warn");
    expect(verdictOf({ forecast: { bytesPerDay: 200 * GIB, fullInDays: 1 } })).toBe("fail");
  });

  test("says how much a day takes, and when it is full", () => {
    const { says } = judgeDisk({ ...disk, forecast: { bytesPerDay: 9 * GIB, fullInDays: 11 } });
    expect(says).toBe("100 GiB of 400 GiB are free, and a day like the last takes 9.0 GiB: it is full in 11 days.");
  });
});

test("memory is judged by what is available, whatever the machine has", () => {
  const verdicts = [GIB, GIB / 4, GIB / 16].map((bytes) => judgeMemory(bytes, 8 * GIB).verdict);
  expect(verdicts).toEqual(["ok", "warn", "fail"]);
});

test("a port is ours, free, another's, or root's", () => {
  const port = { variable: "GATEWAY_PORT", host: "127.0.0.1", port: 443, firstFree: 0 } as const;
  const of = (command: string) => judgePort({ ...port, holder: { pid: 7, command } });
  expect(of("node --expose-gc server/gateway/main.ts").verdict).toBe("ok");
  expect(of("/usr/sbin/nginx -g daemon")).toMatchObject({
    verdict: "fail",
    says: "Another program has it: process 7 (nginx).",
  });
  expect(of("node server/web/main.ts").verdict).toBe("fail");
  const verdicts = ([null, "somebody", undefined] as const).map((holder) => judgePort({ ...port, holder }).verdict);
  expect(verdicts).toEqual(["ok", "warn", "unknown"]);
  expect(judgePort({ ...port, holder: null, firstFree: 1024 }).verdict).toBe("fail");
});

test("clocks may differ by as long as the answer took, and no more than a second", () => {
  const verdicts = [
    [100, 10],
    [-1_500, 1_000],
    [-1_500, 10],
    [90_000, 10],
  ].map(([aheadMs = 0, uncertainMs = 0]) => judgeClock(aheadMs, uncertainMs, false).verdict);
  expect(verdicts).toEqual(["ok", "ok", "warn", "fail"]);
});

test("standbys are counted as Postgres reads their names", () => {
  const wanted = ["", "*", "a, b", "FIRST 2 (a, b, c)", "any 1 (*)", "2 (a, b)"].map(standbysWanted);
  expect(wanted).toEqual([
    { wanted: 0, named: 0 },
    { wanted: 1, named: null },
    { wanted: 1, named: 2 },
    { wanted: 2, named: 3 },
    { wanted: 1, named: null },
    { wanted: 2, named: 2 },
  ]);
});

test("what holds a server back is found before it stops", () => {
  const well = {
    ...{
      now_ms: 0,
      is_standby: false,
      sessions: 3,
      synchronous: 0,
      oldest_transaction: 2,
      oldest_transaction_of: null,
    },
    ...{ prepared: 0, slot_bytes: 0, age: 2e8, archive_failed: false, dead_table: null, dead_rows: 0, live_rows: 0 },
  };
  const failing = (change: object) =>
    judgeServer({ ...well, ...change })
      .filter(({ verdict }) => verdict !== "ok")
      .map(({ check, verdict }) => `${check} ${verdict}`);
  expect(failing({})).toEqual([]);
  expect(failing({ is_standby: true })).toEqual(["primary fail"]);
  expect(failing({ oldest_transaction: 400 })).toEqual(["transactions warn"]);
  expect(failing({ oldest_transaction: 4_000 })).toEqual(["transactions fail"]);
  expect(failing({ prepared: 1 })).toEqual(["transactions warn"]);
  expect(failing({ dead_table: "event_20261126", dead_rows: 2e5 })).toEqual(["dead rows warn"]);
  expect(failing({ slot_bytes: 2 * GIB })).toEqual(["WAL that is kept fail"]);
  expect(failing({ archive_failed: true })).toEqual(["WAL that is kept fail"]);
  expect(failing({ age: 1.2e9 })).toEqual(["age warn"]);
  expect(failing({ age: 1.9e9 })).toEqual(["age fail"]);
});

test("work that waits is late by its age, and fails where nobody does it", () => {
  const work = { runners: 4, oldestDueSeconds: 1, handOffs: 2, deferredBranches: 0 };
  const verdicts = (change: object) => judgeWork({ ...work, ...change }).map(({ verdict }) => verdict);
  expect(verdicts({})).toEqual(["ok", "ok"]);
  expect(verdicts({ runners: 0 })).toEqual(["fail", "ok"]);
  expect(verdicts({ oldestDueSeconds: 90 })).toEqual(["ok", "warn"]);
  expect(verdicts({ handOffs: 5_000 })).toEqual(["ok", "warn"]);
  expect(verdicts({ oldestDueSeconds: 900 })).toEqual(["ok", "fail"]);
});

describe("the spool", () => {
  const settings = readSpool("nats://us:hidden@a,b,c");
  if (!settings) throw new Error("It is no spool.");
  const empty = {
    ...{ kind: "there" as const, messages: 0, bytes: 0, maxMessages: 1e6, maxBytes: GIB, oldestAt: null },
    ...{ replicas: 3, currentReplicas: 3, opened: { tried: 0, shut: 0 } },
  };
  const verdicts = (stream: SpoolLook["stream"], away: string[] = []) =>
    Object.fromEntries(judgeSpool({ away, stream }, settings, 0).map(({ check, verdict }) => [check, verdict]));
  const fine = { spool: "ok", "spool's replicas": "ok", "spool's room": "ok", "spool's key": "ok" };

  test("is well while all servers answer and it is empty, and is looked at when one does not", () => {
    expect(verdicts(empty)).toEqual(fine);
    expect(verdicts(empty, ["b:4222"])).toEqual({ ...fine, spool: "warn" });
    for (const kind of ["away", "refused", "without JetStream"] as const)
      expect(verdicts({ kind })).toEqual({ spool: "fail" });
    expect(verdicts({ kind: "unreadable", reason: "no leader" })).toEqual({ spool: "fail" });
  });

  test("takes nothing without most of its replicas, and may soon without some", () => {
    const of = (change: object) => verdicts({ ...empty, ...change })["spool's replicas"];
    expect([3, 2, 1].map((currentReplicas) => of({ currentReplicas }))).toEqual(["ok", "warn", "fail"]);
    expect(of({ replicas: 1, currentReplicas: 1 })).toBe("warn");
  });

  test("is full by its bytes or by its requests", () => {
    const of = (change: object) => verdicts({ ...empty, ...change })["spool's room"];
    expect([0.4, 0.6, 0.97].map((share) => of({ bytes: share * GIB }))).toEqual(["ok", "warn", "fail"]);
    expect([0.4, 0.6, 0.97].map((share) => of({ messages: share * 1e6 }))).toEqual(["ok", "warn", "fail"]);
  });

  test("says nothing of its key where none was given", () => {
    expect(verdicts({ ...empty, opened: null })["spool's key"]).toBe("unknown");
  });

  test("is not unreadable because a request in it was drained as it was tried, or could not be read once", async () => {
    const seals = makeByteSeals(SPOOL_KEY_PURPOSE, "a secret of at least thirty-two characters");
    const messageAt = (seq: number) => {
      const arrival = plainArrival("src_a", new Date(0));
      const data = sealArrival(seals, arrival);
      return { seq, subject: `spool.${arrival.team_id}`, data, header: { get: () => arrival.id } };
    };
    /** @param answers one for each look, from the first number on */
    const sample = (...answers: (ReturnType<typeof messageAt> | Error | null)[]) => {
      const read = async () => {
        const answer = answers.shift();
        if (answer === undefined || answer instanceof Error) throw answer ?? new Error("It was asked once more.");
        return answer;
      };
      return tryFirst(read, { state: { first_seq: 1, last_seq: 3 }, config: { name: "spool" } }, seals);
    };
    const damaged = { ...messageAt(2), data: Buffer.from("of somebody else") };
    expect(await sample(messageAt(1), damaged, messageAt(3))).toEqual({ tried: 3, shut: 1 });
    expect(await sample(messageAt(2), null)).toEqual({ tried: 1, shut: 0 });
    const lost = await sample(messageAt(1), new Error("timeout"));
    expect(lost).toEqual({ tried: 1, shut: 0, failure: "timeout" });
    expect(verdicts({ ...empty, messages: 3, opened: lost })).toEqual(fine);
    const unread = await sample(new Error("timeout"));
    expect(verdicts({ ...empty, messages: 3, opened: unread })).toEqual({ ...fine, "spool's key": "unknown" });
  });
});
