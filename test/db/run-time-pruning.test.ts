// A statement that locks events chooses no partitions while it runs: Postgres 18 ends itself at the choice that follows a
// second look at a row (decision 077).
import { globSync, readFileSync } from "node:fs";
import type { PoolClient } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makePool, type Queryable } from "#server/database/db.ts";
import { holdFollowers, passOver, releaseInOrder } from "#server/delivery/order-lines.sql.ts";
import { sortEvents } from "#server/delivery/order-sort.sql.ts";
import { releaseFromBreaker } from "#server/events/breaker-holds.sql.ts";
import { eraseAgain } from "#server/events/erase.sql.ts";
import { releaseGroup } from "#server/events/group-holds.sql.ts";
import {
  cancelHeldStatement,
  cancelStatement,
  cancelWaitingStatement,
  releaseStatement,
  requeueStatement,
} from "#server/events/moves.sql.ts";
import { newId } from "#server/ids.ts";
import { readMadeOf } from "#server/masking/masks.sql.ts";
import { createWorld, type World } from "#test/support/world.ts";

let world: World;
let pool: ReturnType<typeof makePool>;
let client: PoolClient;
let plans: string[] = [];
beforeAll(async () => {
  world = await createWorld({ withWorker: false });
  pool = makePool(world.env.databaseUrl, "plans", 1);
  client = await pool.connect();
  client.on("notice", ({ message = "", detail = "" }) => plans.push(message + detail));
  await client.query("set client_min_messages = log; set debug_print_plan = on");
});
afterAll(async () => {
  client.release(true);
  await pool.end();
  await world[Symbol.asyncDispose]();
});

const at = new Date();
const nowMs = at.getTime();
const request = newId("request", nowMs);
const event = newId("event", nowMs);
const group = { connection_id: "web_a", reason: "connection_paused", destination_id: "des_a" };
const lease = { destinationId: "des_a", token: "1" };
const branch = { connectionId: "web_a", destinationId: "des_a" };

/** By file: everything in it that locks events. */
const LOCKING: Record<string, Record<string, (db: Queryable) => Promise<unknown>>> = {
  "server/events/moves.sql.ts": {
    "a cancel by id": (db) => db.query(cancelStatement("tm_a", [event])),
    "a cancel of what is held": (db) => db.query(cancelHeldStatement(group, 10)),
    "a cancel of what waits": (db) => db.query(cancelWaitingStatement(branch, { next_attempt_at: at, id: event }, 10)),
    "a release": (db) => db.query(releaseStatement(group, 10)),
    "a retry": (db) => db.query(requeueStatement("tm_a", [event], { trigger: "MANUAL", now: at })),
  },
  "server/events/group-holds.sql.ts": {
    "a release of a group": (db) => releaseGroup(db, { destination_id: "des_a", turn_key: "a" }, 10),
  },
  "server/events/breaker-holds.sql.ts": {
    "a release from a breaker": (db) => releaseFromBreaker(db, lease, "", 10),
  },
  "server/events/erase.sql.ts": {
    "an erasure": (db) => eraseAgain(db, { teamId: "tm_a", requestId: request }, at),
  },
  "server/delivery/order-lines.sql.ts": {
    "a hold behind a blocked head": (db) => holdFollowers(db, lease, "a", 10),
    "a release in order": (db) => releaseInOrder(db, lease, [event]),
    "a pass over what has failed": (db) => passOver(db, lease, [event]),
  },
  "server/delivery/order-sort.sql.ts": {
    "a sorting into lines": (db) => sortEvents(db, lease, [{ team_id: "tm_a", id: event, order_key: "a" }]),
  },
  "server/masking/masks.sql.ts": {
    "a look for what is masked": (db) => readMadeOf(db, { team_id: "tm_a", id: request }),
  },
};

const cases = Object.values(LOCKING).flatMap((statements) => Object.entries(statements));

test.each(cases)("%s chooses no partitions while it runs", async (_, run) => {
  plans = [];
  await run(client);
  const plan = plans.join("\n");
  expect(plan).toContain(":planTree");
  expect(plan).not.toMatch(/:exec_pruning_steps \(/);
});

test("these are all files with a statement that locks rows of partitioned tables", () => {
  const locks = /\bevent\b[^`]*\bfor update\b/;
  const files = globSync("server/**/*.sql.ts").filter((file) => locks.test(readFileSync(file, "utf8")));
  expect(files.toSorted()).toEqual(Object.keys(LOCKING).toSorted());
});
