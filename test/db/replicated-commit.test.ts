// Commits that wait for a standby: one that stops waiting is not known to be safe, so nobody is told that it is.
import Fastify from "fastify";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { makeErrorHandler } from "#server/api/rest-errors.ts";
import { askIdentity } from "#server/database/database-identity.sql.ts";
import { makePool } from "#server/database/db.ts";
import { makeSettleWriter } from "#server/delivery/settle-writer.ts";
import { lookAtDatabase } from "#server/doctor/look-at-database.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { newId } from "#server/ids.ts";
import { PATIENCE_MS } from "#server/ingest/accept-writer.ts";
import { makeLog } from "#server/process/log.ts";
import { createSource } from "#server/resources/sources.ts";
import { checkDatabase } from "#server/start/preflight.ts";
import { makeProducer } from "#test/support/branch.ts";
import {
  type PostgresNode,
  type ReplicatedPostgres,
  startReplicatedPostgres,
} from "#test/support/replicated-postgres.ts";
import { createWorld, eventually, type World } from "#test/support/world.ts";

let postgres: ReplicatedPostgres;
let world: World;
let producer: Awaited<ReturnType<typeof makeProducer>>;
beforeAll(async () => {
  postgres = await startReplicatedPostgres();
  world = await createWorld({ withWorker: false, databaseUrl: postgres.url });
  producer = await makeProducer(world);
});
afterAll(async () => {
  await postgres.second.start();
  await world[Symbol.asyncDispose]();
  await postgres[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await postgres.second.stop();
});

/** Statements whose commit waits for the standby. */
const waiting = (): Promise<{ pid: number }[]> =>
  postgres.first.query("select pid from pg_stat_activity where wait_event = 'SyncRep'");
const oneWaits = () => eventually(waiting, (pids) => pids.length > 0);

/** Ends the wait of everything that begins to wait, until `answer` is there. */
async function endWaits<T>(how: "cancel" | "terminate", answer: Promise<T>): Promise<T> {
  let isAnswered = false;
  const done = answer.finally(() => {
    isAnswered = true;
  });
  await oneWaits();
  while (!isAnswered) {
    await postgres.first.query(`select pg_${how}_backend(pid) from pg_stat_activity where wait_event = 'SyncRep'`);
    await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 50))]);
  }
  return done;
}

const countRequests = async (on: ReplicatedPostgres["first"], path: string) =>
  Number((await on.query(`select count(*) from request where path = '${path}'`))[0].count);

describe("a sender whose request no standby has", () => {
  const isRefused = { status: 503, retryAfter: expect.stringMatching(/^\d+$/) };
  const send = async (path: string) => {
    const startedAtMs = performance.now();
    const answer = await fetch(`${producer.url}${path}`, { method: "POST", body: "{}" });
    return {
      status: answer.status,
      retryAfter: answer.headers.get("retry-after"),
      ms: performance.now() - startedAtMs,
    };
  };

  test("is told 503 within its patience, and the request is there once when the standby is back", async () => {
    const answer = await send("/nobody");
    expect(answer).toMatchObject(isRefused);
    expect(answer.ms).toBeLessThan(PATIENCE_MS + 600);
    await postgres.second.start();
    await eventually(
      () => countRequests(postgres.second, "/nobody"),
      (count) => count === 1,
    );
    expect(await countRequests(postgres.first, "/nobody")).toBe(1);
  });

  test.each(["cancel", "terminate"] as const)("is told 503 when its wait is ended (%s)", async (how) => {
    expect(await endWaits(how, send(`/${how}-for-good`))).toMatchObject(isRefused);
    await postgres.second.start();
    expect((await send(`/${how}-after`)).status).toBe(200);
    expect(await countRequests(postgres.second, `/${how}-for-good`)).toBe(1);
  });

  test.each(["cancel", "terminate"] as const)(
    "is told 200 when the standby comes back in time, and the request is there once (%s)",
    async (how) => {
      const answer = send(`/${how}-once`);
      const [{ pid } = { pid: 0 }] = await oneWaits();
      await postgres.first.query(`select pg_${how}_backend(${pid})`);
      await eventually(waiting, (pids) => pids.length > 0 && pids.every((other) => other.pid !== pid));
      await postgres.second.start();
      expect((await answer).status).toBe(200);
      expect(await countRequests(postgres.first, `/${how}-once`)).toBe(1);
      expect(await countRequests(postgres.second, `/${how}-once`)).toBe(1);
    },
  );
});

describe("what else commits and is not at a standby", () => {
  test.each(["cancel", "terminate"] as const)("a verb is answered 503, never 2xx (%s)", async (how) => {
    const api = Fastify();
    api.setErrorHandler(makeErrorHandler(makeLog("test", "silent")));
    api.post("/sources", () => createSource(world.ctx, { name: `unsure-${how}` }));
    const { statusCode, headers } = await endWaits(how, api.inject({ method: "POST", url: "/sources" }));
    expect([statusCode, headers["retry-after"]]).toEqual([503, "2"]);
  });

  test("the result of an attempt is not taken for recorded before a standby has it", async () => {
    const writer = makeSettleWriter(world.pool, makeLog("test", "silent"));
    const attempt = makeAttempt();
    const settled = writer.settle({
      ...attempt,
      token: "1",
      status: "DELIVERED",
      next_attempt_at: null,
      attempt,
    });
    let isSettled = false;
    settled.then(() => {
      isSettled = true;
    });
    const ended = new Set<number>();
    while (ended.size < 3) {
      const [{ pid } = { pid: 0 }] = await oneWaits();
      await postgres.first.query(`select pg_cancel_backend(${pid})`);
      ended.add(pid);
    }
    await oneWaits();
    expect(isSettled).toBe(false);
    await postgres.second.start();
    await settled;
    for (const node of [postgres.first, postgres.second])
      expect(await node.query(`select id from attempt where event_id = '${attempt.event_id}'`)).toEqual([
        { id: attempt.id },
      ]);
  });
});

test("a start at the address of a standby is refused with the remedy", async () => {
  await postgres.second.start();
  await expect(checkDatabase(postgres.second.url)).rejects.toThrow("leads to a standby");
  await checkDatabase(postgres.first.url);
});

test("a standby is another database than its primary, though both have one system identifier and one port", async () => {
  await postgres.second.start();
  const lookAt = async ({ url }: PostgresNode) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const text = "select system_identifier, current_setting('port') as port from pg_control_system()";
      return { server: (await client.query(text)).rows, identity: await askIdentity(client) };
    } finally {
      await client.end();
    }
  };
  const [first, second] = [await lookAt(postgres.first), await lookAt(postgres.second)];
  expect(second.server).toEqual(first.server);
  expect(second.identity).not.toBe(first.identity);
});

test("the doctor sees standbys that are missing, and settings of the server that break the promise", async () => {
  const failing = async () => {
    const options = { secret: undefined, otherSecret: undefined, nowMs: Date.now };
    const { findings } = await lookAtDatabase(postgres.first.url, options);
    return findings.filter(({ verdict }) => verdict === "fail").map(({ check, says }) => `${check}: ${says}`);
  };
  const unset = ["full_page_writes", "autovacuum", "track_counts"];
  // fsync is off for all servers of tests.
  const always = [/^durability: fsync is off/, /^key: /, /^workers: /].map((said) => expect.stringMatching(said));
  expect(await failing()).toEqual(
    expect.arrayContaining(["standbys: Commits wait for 1 standby, and 0 are there: no webhook is acknowledged."]),
  );
  await postgres.second.start();
  await eventually(failing, (found) => found.length === always.length);
  expect(await failing()).toEqual(always);
  for (const name of unset) await postgres.first.query(`alter system set ${name} = off`);
  await postgres.first.query("select pg_reload_conf()");
  expect(await eventually(failing, (found) => found.length > always.length)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^durability: full_page_writes is off/),
      expect.stringMatching(/^autovacuum: autovacuum is off/),
    ]),
  );
  for (const name of unset) await postgres.first.query(`alter system reset ${name}`);
  await postgres.first.query("select pg_reload_conf()");
});

test("commits that were given up leave no sessions behind that wait for the standby", async () => {
  const impatient = makePool(postgres.url, "impatient", 2, { timeoutMs: 200 });
  for (let n = 0; n < 10; n++) {
    const given = impatient.query("select pg_logical_emit_message(true, 'test', '')");
    expect(isDatabaseAway(await given.catch((error: unknown) => error))).toBe(true);
  }
  await eventually(waiting, (pids) => pids.length === 0);
  await impatient.end();
});

function makeAttempt() {
  const eventId = newId("event", Date.now());
  return {
    team_id: "tm_default",
    id: newId("attempt", Date.now()),
    event_id: eventId,
    source_id: "src_one",
    connection_id: "web_one",
    destination_id: "des_one",
    number: 1,
    trigger: "INITIAL" as const,
    requested_url: "http://127.0.0.1:1024/",
    http_method: "POST",
    request_headers: [],
    response_status: 200,
    response_headers: [],
    response_body: null,
    error_code: null,
    latency_ms: 1,
    phases: null,
    created_at: new Date(),
  };
}
