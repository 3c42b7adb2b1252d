// What is committed in groups must be gone by the next minor collection: see docs/decisions/012-what-dies-young.md.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { ROLE_COMMANDS } from "#server/start/role-command.ts";

/** Collections in the middle of many batches teach V8 what it learns from a burst; then it is left alone. */
const LOAD = `
import { setTimeout as sleep } from "node:timers/promises";
import { makeGroupCommit } from "#server/batch/group-commit.ts";
const group = makeGroupCommit({
  write: () => sleep(3), bytesOf: () => 1, maxBatchItems: 500, maxBatchBytes: 500, patienceMs: 1e9, isTransient: () => false, onPoison() {},
});
const run = async (rounds, each) => {
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < 10; i++) group.add({ headers: new Array(400).fill(round) });
    await sleep(1);
    each();
  }
};
await run(1_000, () => gc({ type: "minor" }));
console.log("left alone");
await run(3_000, () => {});
await group.idle();
`;

test.concurrent.each(["gateway", "worker"] as const)(
  "with the options of the %s next to nothing survives",
  async (role) => {
    const options = ["--expose-gc", "--trace-gc-nvp", "--max-semi-space-size=16", "--input-type=module", "-e", LOAD];
    const { stdout } = await promisify(execFile)(process.execPath, [...ROLE_COMMANDS[role].nodeFlags, ...options], {
      maxBuffer: 64 * 1024 * 1024,
    });
    const collections = (stdout.split("left alone")[1] ?? "").split("\n").filter((line) => line.includes(" gc=s "));
    const sum = (name: string) =>
      collections.reduce((total, line) => total + Number(new RegExp(` ${name}=(\\d+)`).exec(line)?.[1]), 0);
    expect(collections.length).toBeGreaterThan(2);
    expect(sum("promoted") / sum("allocated")).toBeLessThan(0.05);
  },
  60_000,
);
