// What a database that goes away under the API looks like to Prisma, and what the caller is told of it.
import Fastify from "fastify";
import { expect, inject, test } from "vitest";
import { makeErrorHandler } from "#server/api/rest-errors.ts";
import { type Db, makePrisma } from "#server/database/prisma.ts";
import { makeLog } from "#server/process/log.ts";
import { startTemporaryPostgres } from "#test/support/embedded.ts";
import { eventually } from "#test/support/world.ts";

async function makeApi(db: Db) {
  const lines: string[] = [];
  const log = makeLog("gateway", "info", { isTTY: false, write: (line: string) => lines.push(line) });
  const app = Fastify();
  app.setErrorHandler(makeErrorHandler(log));
  app.get("/now", () => db.$queryRaw`select 1`);
  app.get("/slow", () => db.$queryRaw`select pg_sleep(60)`);
  app.get("/teams", () => db.team.findMany());
  return {
    lines,
    async answer(url: string) {
      const { statusCode, headers, body } = await app.inject({ url });
      return [statusCode, headers["retry-after"], JSON.parse(body).error?.code];
    },
  };
}

const AWAY = [503, "2", "UNAVAILABLE"];

test("nobody listens: 503 with Retry-After, for a model and for a statement", async () => {
  const { answer, lines } = await makeApi(makePrisma("postgresql://nobody@127.0.0.1:1/nothing"));
  expect(await answer("/teams")).toEqual(AWAY);
  for (let n = 0; n < 20; n++) expect(await answer("/now")).toEqual(AWAY);
  // One line in ten seconds, with how often: callers who insist do not fill the log.
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ level: "warn", times: 1 }]);
});

test.concurrent("Postgres is killed under a statement: the same for it and for those that follow", async () => {
  await using postgres = await startTemporaryPostgres({ from: inject("migratedCluster") });
  const db = makePrisma(postgres.url, 2);
  const { answer } = await makeApi(db);
  const underWay = answer("/slow");
  await eventually(
    () =>
      db.$queryRaw<unknown[]>`select 1 from pg_stat_activity where query like '%pg_sleep%' and pid <> pg_backend_pid()`,
    (rows) => rows.length === 1,
  );
  process.kill(postgres.pid, "SIGKILL");
  expect(await underWay).toEqual(AWAY);
  // A backend that idles sees a moment later that its parent is gone, and may answer once more until then.
  const following = await eventually(
    () => answer("/now"),
    ([status]) => status !== 200,
  );
  expect(following).toEqual(AWAY);
});

test.concurrent("a server that takes connections and says nothing is not waited for: the same after 5 s", async () => {
  await using postgres = await startTemporaryPostgres({ from: inject("migratedCluster") });
  const { answer } = await makeApi(makePrisma(postgres.url, 2));
  process.kill(postgres.pid, "SIGSTOP");
  try {
    const startedAtMs = performance.now();
    expect(await answer("/now")).toEqual(AWAY);
    expect(performance.now() - startedAtMs).toBeLessThan(20_000);
  } finally {
    process.kill(postgres.pid, "SIGCONT");
  }
});
