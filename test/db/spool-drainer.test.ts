// The drainer over a real database, with a spool that the test fills: a database that is not itself yet costs nothing that was acknowledged.
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeByteSeals } from "#server/crypto/byte-seal.ts";
import { makePool, type Pool } from "#server/database/db.ts";
import type { Arrival } from "#server/ingest/arrival.ts";
import { makeLog } from "#server/process/log.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { makeDrainer } from "#server/spool/drainer.ts";
import { SPOOL_KEY_PURPOSE, sealArrival } from "#server/spool/sealed-arrival.ts";
import type { SpoolMessage, SpoolStream } from "#server/spool/spool-stream.ts";
import { plainArrival } from "#test/support/arrival.ts";
import { createDatabase, type TestDatabase } from "#test/support/database.ts";

let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = makePool(database.url, "test", 2);
  await ensurePartitions(pool, Date.now());
});
afterAll(async () => {
  await pool.end();
  await database[Symbol.asyncDispose]();
});

const SECRET = "a secret of at least thirty-two characters";
const OLDER_SECRET = "the secret before it, of as many characters";
const seals = makeByteSeals(SPOOL_KEY_PURPOSE, SECRET);

const arrive = (sourceId: string, more?: Partial<Arrival>) => plainArrival(sourceId, new Date(), more);

/** A spool that holds these. */
function makeStream(arrivals: Arrival[], sealed = (_index: number) => seals) {
  let messages = arrivals.map((arrival, i): SpoolMessage => {
    const { team_id: teamId, id } = arrival;
    return { seq: i + 1, teamId, id, data: sealArrival(sealed(i), arrival) };
  });
  const stream: Pick<SpoolStream, "look" | "read" | "forgetBefore" | "forget"> = {
    look: async () => ({
      messages: messages.length,
      bytes: messages.reduce((sum, { data }) => sum + data.length, 0),
      firstSeq: messages[0]?.seq ?? arrivals.length + 1,
      lastSeq: arrivals.length,
    }),
    read: async (seq, count) => messages.filter((message) => message.seq >= seq).slice(0, count),
    async forgetBefore(seq) {
      messages = messages.filter((message) => message.seq >= seq);
    },
    async forget(seq) {
      messages = messages.filter((message) => message.seq !== seq);
    },
  };
  return stream as SpoolStream;
}

const drainerOf = (stream: SpoolStream, opens = seals, log = makeLog("test", "silent")) =>
  makeDrainer({ stream, seals: opens, pool, log, onStored: () => {} });
const makeFilled = (arrivals: Arrival[]) => drainerOf(makeStream(arrivals));

const storedIds = async (sourceId: string) =>
  (await pool.query<{ id: string }>("select id from request where source_id = $1 order by id", [sourceId])).rows.map(
    ({ id }) => id,
  );

test("a database that lacks a table takes everything once it is itself again", async () => {
  const arrivals = ["one", "two", "three"].map((body) => arrive("src_spooled", { body: Buffer.from(body) }));
  const drainer = makeFilled(arrivals);
  await pool.query("alter table hand_off rename to hand_off_gone");
  for (let turn = 0; turn < 5; turn++) expect(await drainer.turn()).toBe("away");
  expect(drainer.unusable()).toBe(0);
  await pool.query("alter table hand_off_gone rename to hand_off");
  expect(await drainer.turn()).toBe("drained");
  expect(await drainer.turn()).toBe("empty");
  expect(await storedIds("src_spooled")).toEqual(arrivals.map(({ id }) => id).sort());
});

test("a row that Postgres refuses for itself is set aside, and those around it are stored", async () => {
  // Every request has a method.
  const arrivals = ["POST", null, "POST"].map((method) => arrive("src_refused", { method: method as string }));
  const drainer = makeFilled(arrivals);
  for (let turn = 0; turn < 8 && (await drainer.turn()) !== "empty"; turn++);
  expect(drainer.unusable()).toBe(1);
  expect(await storedIds("src_refused")).toEqual([arrivals[0]?.id, arrivals[2]?.id].sort());
});

test("what was sealed under a secret that was taken away is said, kept, and stored once that secret is given", async () => {
  const arrivals = Array.from({ length: 3 }, () => arrive("src_older"));
  const older = makeByteSeals(SPOOL_KEY_PURPOSE, OLDER_SECRET);
  const stream = makeStream(arrivals, (index) => (index === 1 ? older : seals));
  const lines: string[] = [];
  const drainer = drainerOf(
    stream,
    seals,
    makeLog("gateway", "error", { isTTY: false, write: (line: string) => lines.push(line) }),
  );
  for (let turn = 0; turn < 8 && (await drainer.turn()) !== "empty"; turn++);
  expect([drainer.unusable(), (await stream.look()).messages]).toEqual([1, 1]);
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { request_id: arrivals[1]?.id, reason: expect.stringContaining("as SWITCHYARD_OTHER_SECRET") },
  ]);
  const next = drainerOf(stream, makeByteSeals(SPOOL_KEY_PURPOSE, SECRET, OLDER_SECRET));
  expect([await next.turn(), await next.turn(), next.unusable()]).toEqual(["drained", "empty", 0]);
  expect(await storedIds("src_older")).toEqual(arrivals.map(({ id }) => id).sort());
});
