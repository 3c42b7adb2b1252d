// How the worker gives way, asked of the kernel by a process that did.
import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

// A kernel may have no autogroups, or this process may be in none: then the file is missing or empty.
const scriptOf = (nice: number, doesGiveWay: boolean) => `
import { existsSync, readFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";
import { giveWay } from "#worker/priority.ts";
const file = "/proc/self/autogroup";
if (${nice} > 0) setPriority(${nice});
if (${doesGiveWay}) giveWay();
const session = existsSync(file) ? readFileSync(file, "utf8").trim() : "";
console.log(JSON.stringify({ nice: getPriority(), session: session.replace(/^\\S+ /, "") }));`;

interface Start {
  isSessionLeader: boolean;
  nice?: number;
  /** False for a process to compare with. */
  doesGiveWay?: boolean;
}

/** What the kernel says of a process and of its session: "nice 0", or nothing where sessions have no weight of their own. */
async function priorityOf({ isSessionLeader, nice = 0, doesGiveWay = true }: Start) {
  const child = spawn(process.execPath, ["--input-type=module", "-e", scriptOf(nice, doesGiveWay)], {
    detached: isSessionLeader,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return JSON.parse(await text(child.stdout)) as { nice: number; session: string };
}

test("a worker in a session of its own lowers itself and its session", async () => {
  const before = await priorityOf({ isSessionLeader: true, doesGiveWay: false });
  expect(await priorityOf({ isSessionLeader: true })).toEqual({ nice: 5, session: before.session && "nice 5" });
});

test("a worker in somebody else's session lowers itself alone", async () => {
  const before = await priorityOf({ isSessionLeader: false, doesGiveWay: false });
  expect(await priorityOf({ isSessionLeader: false })).toEqual({ nice: 5, session: before.session });
});

test("a worker that was started lower stays there", async () => {
  const { nice } = await priorityOf({ isSessionLeader: false, nice: 12 });
  expect(nice).toBe(12);
});
