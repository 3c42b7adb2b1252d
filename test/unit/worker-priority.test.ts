// How the worker gives way, asked of the kernel by a process that did.
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

// A kernel may have no autogroups, or this process may be in none: then the file is missing or empty.
const LOOK = `
import { existsSync, readFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { lowerPriority } from "#worker/priority.ts";
const file = "/proc/self/autogroup";
const session = () => (existsSync(file) ? readFileSync(file, "utf8").trim().replace(/^\\S+ /, "") : "");
const say = (words) => console.log(JSON.stringify(words));`;
const scriptOf = (nice: number, isLowered: boolean) => `${LOOK}
if (${nice} > 0) setPriority(${nice});
if (${isLowered}) lowerPriority();
say({ nice: getPriority(), session: session() });`;

/** Goes up and down with the door; where sessions have no weight there is nothing to see. */
const CHANGING = `${LOOK}
const usual = session();
const priority = lowerPriority(20);
const until = async (words, act = () => {}) => {
  for (act(); usual !== "" && session() !== words; await sleep(20)) act();
};
await until(usual);
await until("nice 5", priority.doorIsBusy);
await until(usual);
say({ nice: getPriority(), session: session(), usual });`;

interface Start {
  isSessionLeader: boolean;
  nice?: number;
  /** False for a process to compare with. */
  isLowered?: boolean;
}

/** What the kernel says of a process and of its session: "nice 0", or nothing where sessions have no weight of their own. */
const priorityOf = ({ isSessionLeader, nice = 0, isLowered = true }: Start) =>
  runScript(scriptOf(nice, isLowered), isSessionLeader);

async function runScript(script: string, isSessionLeader: boolean) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    detached: isSessionLeader,
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 4_000,
  });
  return JSON.parse(await text(child.stdout)) as { nice: number; session: string; usual?: string };
}

test("a worker in a session of its own lowers itself and its session", async () => {
  const before = await priorityOf({ isSessionLeader: true, isLowered: false });
  expect(await priorityOf({ isSessionLeader: true })).toEqual({ nice: 5, session: before.session && "nice 5" });
});

test("a worker in somebody else's session lowers itself alone", async () => {
  const before = await priorityOf({ isSessionLeader: false, isLowered: false });
  expect(await priorityOf({ isSessionLeader: false })).toEqual({ nice: 5, session: before.session });
});

test("a worker that was started lower stays there", async () => {
  const { nice } = await priorityOf({ isSessionLeader: false, nice: 12 });
  expect(nice).toBe(12);
});

test("a session goes up again when the door has been quiet, and down when it is busy", async () => {
  const { nice, session, usual } = await runScript(CHANGING, true);
  expect(nice).toBe(5);
  expect(session).toBe(usual);
});
