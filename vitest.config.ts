import { defineConfig } from "vitest/config";
import { LongestFirst } from "./test/support/longest-first.ts";

/** Files that kill, freeze or start whole processes. */
const FAULTS = ["bulk-replay", "faults", "faults-*", "limits-*", "start", "start-*"].map(
  (name) => `test/e2e/${name}.test.ts`,
);

/**
 * A process runs many files, one after the other (docs/decisions/071-what-tests-share.md): to load the server once more costs more
 * than most files do.
 */
const SHARED = { isolate: false };

/** Tests of the database and of faults mostly wait for what they watch: four at once fill two processors, as two pages do. */
const WAITING = { ...SHARED, maxWorkers: 4, sequence: { groupOrder: 1 } };

export default defineConfig({
  test: {
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          ...SHARED,
          // The runner leaves one processor free for itself, of two that is the half.
          maxWorkers: "100%",
          sequence: { groupOrder: 0 },
          // A machine that others use as well takes several times as long for the tests that try many cases.
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: "db",
          include: ["test/db/**/*.test.ts"],
          globalSetup: ["test/support/template-database.ts"],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          ...WAITING,
        },
      },
      {
        test: {
          name: "faults",
          include: FAULTS,
          globalSetup: ["test/support/template-database.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 10_000 } },
          ...WAITING,
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          exclude: FAULTS,
          globalSetup: ["test/support/built-pages.ts", "test/support/template-database.ts"],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          ...SHARED,
          maxWorkers: 2,
          // A page answers after a round trip or two, which take longer on a busy machine.
          expect: { poll: { timeout: 10_000 } },
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
