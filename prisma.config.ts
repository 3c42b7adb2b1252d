import { defineConfig } from "prisma/config";

// The CLI would fetch a schema engine although nothing we run needs one; naming any program that exists keeps it offline.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
});
