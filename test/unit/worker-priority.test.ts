// How the worker gives way, asked of the kernel by a process that did.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";

const FILE = "/proc/self/autogroup";
const SCRIPT = `
import { existsSync, readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { giveWay } from "#worker/priority.ts";
giveWay();
console.log(getPriority(), existsSync("${FILE}") ? readFileSync("${FILE}", "utf8").trim() : "none");`;

async function giveWay({ isSessionLeader }: { isSessionLeader: boolean }): Promise<string> {
  const child = spawn(process.execPath, ["--input-type=module", "-e", SCRIPT], {
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
