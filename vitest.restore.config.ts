// Vitest for `npm run test:restore`: the tests of backups of `npm test`, and those that take too long for it.
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/restore/**/*.test.ts", "test/db/backup.test.ts"],
    globalSetup: ["test/support/template-database.ts"],
    maxWorkers: 1,
    testTimeout: 900_000,
    hookTimeout: 180_000,
  },
});
