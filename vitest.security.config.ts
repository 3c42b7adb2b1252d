// Vitest for `npm run test:security`: the projects of `npm test`, and the tests that take too long for it.
import { defineConfig } from "vitest/config";
import config from "./vitest.config.ts";

/** A generator that makes ten times the cases takes as many times as long. */
const PATIENCE = { testTimeout: 900_000, hookTimeout: 180_000 };

export default defineConfig({
  ...config,
  test: {
    ...config.test,
    projects: [
      ...(config.test?.projects ?? []).map((project) =>
        typeof project === "object" && "test" in project
          ? { ...project, test: { ...project.test, ...PATIENCE } }
          : project,
      ),
      {
        test: {
          name: "security",
          include: ["test/security/**/*.test.ts"],
          globalSetup: ["test/support/built-pages.ts", "test/support/template-database.ts"],
          isolate: false,
          maxWorkers: 1,
          // Alone: they measure what neighbours notice.
          sequence: { groupOrder: 3 },
          ...PATIENCE,
        },
      },
    ],
  },
});
