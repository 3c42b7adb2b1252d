// The product under more than thirty faults at once and in turn, judged from outside; and the judge, shown products that have bugs.
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { childEnv } from "#server/env.ts";
import { PROJECT_ROOT } from "#server/start/build.ts";
import { check } from "#test/chaos/check.ts";
import { ALL_KINDS, needOf } from "#test/chaos/fault-kinds.ts";
import { startFaultProxy } from "#test/chaos/fault-proxy.ts";
import { type Instance, startInstance } from "#test/chaos/instance.ts";
import type { Receipt, Violation } from "#test/chaos/logs.ts";
import { PLANT_HOOK, plantEnv, requirePlanted } from "#test/chaos/planted-role.ts";
import { BARS_MS } from "#test/chaos/recovery.ts";
import { reportLines } from "#test/chaos/report.ts";
import { type Outcome, runChaos } from "#test/chaos/run-chaos.ts";
import { startLyingDoor } from "#test/support/lying-door.ts";

let instance: Instance;
beforeAll(async () => {
  instance = await startInstance("one", inject("migratedCluster"));
});
afterAll(() => instance?.[Symbol.asyncDispose]());

/** A server that says everything back, behind a relay, and what a client hears of it within a moment. */
async function startEcho() {
  const echo = createServer((socket) => socket.on("error", () => {}).pipe(socket)).listen(0, "127.0.0.1");
  await once(echo, "listening");
  const proxy = await startFaultProxy(() => ({ host: "127.0.0.1", port: (echo.address() as AddressInfo).port }));
  const open = async () => {
    const socket = connect(proxy.port, "127.0.0.1");
    let heard = "";
    let end = "open";
    socket.on("data", (chunk) => (heard += String(chunk)));
    socket.on("error", (error: NodeJS.ErrnoException) => (end = error.code ?? "error"));
    await once(socket, "connect");
    const say = async (text: string, waitMs = MOMENT_MS) => {
      heard = "";
      socket.write(text);
      for (const fromMs = performance.now(); performance.now() - fromMs < waitMs; ) {
        if (heard.length >= text.length || end !== "open") break;
        await sleep(TICK_MS);
      }
      return end === "open" ? heard : end;
    };
    /** On a busy machine an answer takes a while. */
    const hear = (text: string) => say(text, PATIENCE_MS);
    return { say, hear, socket };
  };
  const close = async () => {
    await proxy[Symbol.asyncDispose]();
    echo.close();
  };
  return { proxy, open, [Symbol.asyncDispose]: close };
}
const MOMENT_MS = 120;
const TICK_MS = 5;
const PATIENCE_MS = 10_000;

test("the relay cuts, refuses, delays, slows, swallows and deafens as it is told, and heals", async () => {
  await using echo = await startEcho();
  const { proxy } = echo;
  const first = await echo.open();
  expect(await first.hear("hello")).toBe("hello");
  proxy.cut();
  expect(await first.hear("hello")).toBe("ECONNRESET");
  const second = await echo.open();
  proxy.set({ kind: "delay", ms: 2 * MOMENT_MS });
  expect(await second.say("late")).toBe("");
  await sleep(4 * MOMENT_MS);
  proxy.set({ kind: "slow", bytes: 1 });
  expect(await second.say("x".repeat(100))).toBe("");
  proxy.heal();
  await sleep(MOMENT_MS);
  expect(await second.hear("well")).toBe("well");
  proxy.set({ kind: "deaf" });
  expect(await second.say("anybody")).toBe("");
  proxy.heal();
  expect(await second.say("anybody")).toBe("");
  const third = await echo.open();
  expect(await third.hear("well")).toBe("well");
  proxy.set({ kind: "half-open" });
  expect(await third.say("anybody")).toBe("");
  proxy.set({ kind: "refuse" });
  expect(await third.hear("anybody")).toBe("ECONNRESET");
  for (const { socket } of [first, second, third]) socket.destroy();
});

test("roles that are told to stop do so in order, also where the database is slow or says nothing", async () => {
  const [[mute, slow], gateway] = [instance.workers, instance.gateways[1]];
  if (!mute || !slow || !gateway) throw new Error("There are two of each.");
  const stopped = [mute, slow, gateway];
  slow.proxy.set({ kind: "delay", ms: 250 });
  for (const { proxy } of [mute, gateway]) proxy.set({ kind: "half-open" });
  // The sweep and the heartbeat of a gateway are under way when the order comes.
  await sleep(2_000);
  expect(await Promise.all(stopped.map(({ process }) => process.stop()))).toEqual([0, 0, 0]);
  for (const { proxy } of stopped) proxy.heal();
  await Promise.all(stopped.map((slot) => slot.replace()));
});

test("a bug is in what a role loads, and a role whose text is another ends", async () => {
  await using stack = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "switchyard-planted-"));
  stack.defer(() => rm(directory, { recursive: true }));
  const noteFile = join(directory, "notes");
  const start = (find: string) => {
    const edits = [{ file: "test/chaos/timeout.ts", find, replace: "TIMEOUT_MS = 7_000" }];
    const program = 'console.log((await import("#test/chaos/timeout.ts")).TIMEOUT_MS)';
    const args = ["--import", PLANT_HOOK, "--input-type=module", "--eval", program];
    const env = childEnv(plantEnv({ edits }, noteFile));
    return spawnSync(process.execPath, args, { cwd: PROJECT_ROOT, env, encoding: "utf8" });
  };
  expect(start("TIMEOUT_MS = 5_000")).toMatchObject({ status: 0, stdout: "7000\n" });
  expect(await readFile(noteFile, "utf8")).toBe("test/chaos/timeout.ts\n");
  const refused = start("TIMEOUT_MS = 6_000");
  expect(refused).toMatchObject({ status: 1, stdout: "" });
  expect(refused.stderr).toContain("A bug is to be planted in test/chaos/timeout.ts where it says once");
  // What is not loaded at all leaves no note.
  const unloaded = { name: "unloaded", edits: [{ file: "server/ids.ts", find: "", replace: "" }] };
  await expect(requirePlanted(unloaded, noteFile)).rejects.toThrow(/runs without unloaded: .* server\/ids.ts/);
});

const SEED = 20_261_127;
const QUIET = { seed: SEED, paceMs: 1_000, kinds: [], say: () => {} };

const violationsOf = ({ verdict, failure }: Outcome) => {
  if (!verdict) throw failure;
  return verdict.violations;
};
const brokenIn = (violations: Violation[]) => [...new Set(violations.map(({ invariant }) => invariant))].toSorted();
const broken = (outcome: Outcome) => brokenIn(violationsOf(outcome));

test("thirty faults and more, of every kind, lose nothing, and what comes twice has a fault to explain it", async () => {
  const kinds = ALL_KINDS.filter((kind) => needOf(kind) === undefined);
  const lines: string[] = [];
  const outcome = await runChaos(instance, {
    ...{ seed: SEED, lengthMs: 48_000, paceMs: 1_200, rate: 30, kinds, suffix: "", say: (line) => lines.push(line) },
  });
  const again = `npm run chaos -- --seed ${SEED} --minutes 0.8 --rate 30 --pace 1.2`;
  const report = reportLines(outcome, { seed: SEED }, again);
  console.log(report.join("\n"));
  if (outcome.failure !== undefined) throw outcome.failure;
  const { totals, faults, recoveries } = outcome;
  expect(violationsOf(outcome), [...lines, ...report].join("\n")).toEqual([]);
  expect(recoveries.slowest).toMatchObject([{ work: "acknowledgement" }, { work: "delivery" }]);
  // Three other files share the machine: twice as long as a run by itself may take.
  expect(recoveries.slowest.filter(({ work, ms }) => ms > 2 * BARS_MS[work])).toEqual([]);
  expect(faults.length).toBeGreaterThanOrEqual(30);
  expect(totals.acknowledged).toBeGreaterThan(500);
  expect(totals.delivered).toBeGreaterThan(totals.acknowledged);
  // Forty-eight seconds of load, the faults that last longer, and as long as it takes others to let go of the processors.
}, 300_000);

test("a door that answers for what it throws away, or sends on twice, is found", async () => {
  await using door = await startLyingDoor(instance.urls()[0] ?? "");
  const outcome = await runChaos(instance, {
    ...{ ...QUIET, lengthMs: 3_000, rate: 60, suffix: "-lied", doorUrls: [door.url] },
  });
  expect(broken(outcome)).toEqual([1, 2]);
  const found = (sentence: RegExp) => violationsOf(outcome).filter((one) => sentence.test(one.sentence)).length;
  expect(found(/was acknowledged and the API does not know it/)).toBe(door.told.lost);
  expect(found(/that was sent once/)).toBe(door.told.doubled);
});

test("a network that changes a letter of what is delivered is found, by the bytes and by the signature", async () => {
  const outcome = await runChaos(instance, {
    ...{ ...QUIET, lengthMs: 2_000, rate: 60, suffix: "-changed" },
    onWired: ({ wiring }) => {
      const steady = wiring.places.find(({ name }) => name === "steady");
      steady?.proxy?.set({ kind: "tamper", from: '"loud"', to: '"Loud"' });
    },
  });
  expect(broken(outcome)).toEqual([3, 7]);
});

test("a receiver whose log lacks a delivery, has one twice, or has it in another order, is found", async () => {
  const outcome = await runChaos(instance, {
    ...{ ...QUIET, lengthMs: 2_000, rate: 60, suffix: "-told", isEvidenceHeld: true },
  });
  expect(broken(outcome)).toEqual([]);
  const { evidence } = outcome;
  if (!evidence) throw new Error("The evidence was not held.");
  const { receipts } = evidence;
  const judged = (changed: Receipt[]) => brokenIn(check({ ...evidence, receipts: changed }).violations);
  expect(judged(receipts.slice(1))).toEqual([3]);
  const [first, ...ordered] = receipts.filter(({ destination }) => destination === "ordered");
  const twice = { ...first, atMs: Date.now(), endedAtMs: Date.now() } as Receipt;
  expect(judged([...receipts, twice])).toEqual([4, 5]);
  const last = ordered.at(-1)?.endedAtMs ?? 0;
  expect(
    judged(receipts.map((one) => (one === first ? { ...one, atMs: last + 1, endedAtMs: last + 2 } : one))),
  ).toEqual([5]);
});
