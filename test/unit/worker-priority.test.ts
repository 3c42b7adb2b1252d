// How the worker gives way, asked of the kernel by a process that did.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

const FILE = "/proc/self/autogroup";
const scriptOf = (nice: number) => `
import { existsSync, readFileSync } from "node:fs";
import { getPriority, setPriority } from "node:os";
import { giveWay } from "#worker/priority.ts";
if (${nice} > 0) setPriority(${nice});
giveWay();
console.log(getPriority(), existsSync("${FILE}") ? readFileSync("${FILE}", "utf8").trim() : "none");`;

interface Start {
  isSessionLeader: boolean;
  nice?: number;
}

async function giveWay({ isSessionLeader, nice = 0 }: Start): Promise<string> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", scriptOf(nice)], {
    detached: isSessionLeader,
    stdio: ["ignore", "pipe", "inherit"],
  });
  return (await text(child.stdout)).trim();
}

const session = existsSync(FILE) ? readFileSync(FILE, "utf8").trim() : "none";

test("a worker in a session of its own lowers itself and its session", async () => {
  expect(await giveWay({ isSessionLeader: true })).toMatch(session === "none" ? /^5 none$/ : /^5 \S+ nice 5$/);
});

test("a worker in somebody else's session lowers itself alone", async () => {
  expect(await giveWay({ isSessionLeader: false })).toBe(`5 ${session}`);
});

test("a worker that was started lower stays there", async () => {
  expect(await giveWay({ isSessionLeader: false, nice: 12 })).toBe(`12 ${session}`);
});
