// A batch whose answer was lost is sent again: it may be stored, it may not, and it may be on its way.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makePool, type Pool } from "#server/database/db.ts";
import { newId } from "#server/ids.ts";
import { acceptBatch } from "#server/ingest/accept.sql.ts";
import { makeAcceptWriter } from "#server/ingest/accept-writer.ts";
import type { Arrival } from "#server/ingest/arrival.ts";
import { makeLog } from "#server/process/log.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { createDatabase, someoneWaits, type TestDatabase } from "#test/support/database.ts";

const TEAM = "tm_default";
let database: TestDatabase;
let pool: Pool;
beforeAll(async () => {
  database = await createDatabase();
  pool = makePool(database.url, "test", 3);
  await ensurePartitions(pool, Date.now());
});
afterAll(async () => {
  await pool.end();
  await database[Symbol.asyncDispose]();
});

// A millisecond each, so that ids are in the order of arrival.
let clockMs = Date.now();
const arrive = (sourceId: string, more: Partial<Arrival> = {}): Arrival => {
  const now = new Date(clockMs++);
  return {
    team_id: TEAM,
    id: newId("request", now.getTime()),
    source_id: sourceId,
    status: "accepted",
    verification: "unattempted",
    verified: false,
    method: "POST",
    path: "/",
    query: "",
    headers: [],
    content_type: null,
    body: Buffer.from("{}"),
    body_bytes: 2,
    is_kept: true,
    remote_ip: "127.0.0.1",
    created_at: now,
    ...more,
  };
};
const event = (id: string) => ({ provider_event_id: id, duplicate_key: id });

async function stored(sourceId: string) {
  const { rows: requests } = await pool.query(
    "select id, path, duplicate_of from request where source_id = $1 order by id",
    [sourceId],
  );
  const { rows: counts } = await pool.query(
    `select sum(accepted_count)::int as accepted, sum(rejected_count)::int as rejected, sum(duplicate_count)::int as duplicates
     from rollup_minute where source_id = $1`,
    [sourceId],
  );
  const { rows: handed } = await pool.query(
    "select key ->> 1 as id from hand_off, json_array_elements(requests) as key where key ->> 2 = $1 order by id",
    [sourceId],
  );
  return { requests, counts: counts[0], handed: handed.map(({ id }) => id) };
}

describe("a batch", () => {
  test("keeps what its arrivals share and what they do not, and counts each minute for itself", async () => {
    const start = new Date(Math.floor(Date.now() / 60_000) * 60_000);
    const arrivals = Array.from({ length: 24 }, (_, n) =>
      arrive("src_mixed", {
        path: `/${n % 12}`,
        status: n % 3 === 0 ? "rejected" : "accepted",
        created_at: new Date(start.getTime() - (n % 2)),
      }),
    );
    expect(await acceptBatch(pool, arrivals, { isRepeat: false })).toEqual(new Map());
    const found = await stored("src_mixed");
    expect(found.requests).toEqual(arrivals.map(({ id, path }) => ({ id, path, duplicate_of: null })));
    expect(found.counts).toEqual({ accepted: 16, rejected: 8, duplicates: 0 });
    expect(found.handed).toEqual(arrivals.filter(({ status }) => status === "accepted").map(({ id }) => id));
    const { rows } = await pool.query(
      "select bucket, accepted_count + rejected_count as count from rollup_minute where source_id = 'src_mixed' order by bucket",
    );
    expect(rows).toEqual([
      { bucket: new Date(start.getTime() - 60_000), count: 12 },
      { bucket: start, count: 12 },
    ]);
  });

  test("that was committed and is sent again changes nothing and gets the same answer", async () => {
    const first = arrive("src_again", event("evt_1"));
    const arrivals = [
      first,
      arrive("src_again", event("evt_1")),
      arrive("src_again"),
      arrive("src_again", event("evt_2")),
    ];
    const answer = await acceptBatch(pool, arrivals, { isRepeat: false });
    expect(answer).toEqual(new Map([[arrivals[1]?.id, first.id]]));
    const before = await stored("src_again");
    expect(before).toMatchObject({ counts: { accepted: 4, duplicates: 1 }, handed: { length: 3 } });
    expect(await acceptBatch(pool, arrivals, { isRepeat: true })).toEqual(answer);
    expect(await stored("src_again")).toEqual(before);
  });

  test("of which half was committed is completed", async () => {
    const arrivals = Array.from({ length: 6 }, () => arrive("src_half"));
    await acceptBatch(pool, arrivals.slice(0, 3), { isRepeat: false });
    await acceptBatch(pool, arrivals, { isRepeat: true });
    const found = await stored("src_half");
    expect(found.requests.map(({ id }) => id)).toEqual(arrivals.map(({ id }) => id));
    expect(found.counts).toMatchObject({ accepted: 6 });
    expect(found.handed.length).toBe(6);
  });

  test("whose first attempt commits while it is sent again is stored once, and every sender is answered", async () => {
    const arrivals = Array.from({ length: 3 }, () => arrive("src_late"));
    const first = await pool.connect();
    await first.query("begin");
    await acceptBatch(first, arrivals, { isRepeat: false });
    const writer = makeAcceptWriter(pool, makeLog("test", "silent"), () => {});
    const answers = Promise.all(arrivals.map((arrival) => writer.store(arrival)));
    await someoneWaits(pool);
    await first.query("commit");
    first.release();
    expect(await answers).toMatchObject([{ duplicateOf: null }, { duplicateOf: null }, { duplicateOf: null }]);
    await writer.idle();
    const found = await stored("src_late");
    expect(found.requests.length).toBe(3);
    expect(found.counts).toMatchObject({ accepted: 3 });
    expect(found.handed.length).toBe(3);
  });
});
