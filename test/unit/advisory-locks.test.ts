import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ADVISORY_LOCKS } from "#server/database/advisory-locks.ts";

const ROOT = join(import.meta.dirname, "..", "..");

test("no two advisory locks have one number, and none is taken by a number of its own", () => {
  const numbers = Object.values(ADVISORY_LOCKS);
  expect(new Set(numbers).size).toBe(numbers.length);
  const files = ["server", "worker"].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts") && !path.includes("generated"))
      .map((path) => join(folder, path)),
  );
  const taking = files.filter((path) => /pg_(try_)?advisory/.test(readFileSync(join(ROOT, path), "utf8")));
  expect(taking.length).toBeGreaterThan(3);
  const strangers = taking.filter((path) => !readFileSync(join(ROOT, path), "utf8").includes("ADVISORY_LOCKS."));
  expect(strangers).toEqual([]);
});
