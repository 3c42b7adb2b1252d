// A batch whose answer was lost is sent again: it may be stored, it may not, and it may be on its way.
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makePool, type Pool } from "#server/database/db.ts";
import { acceptBatch } from "#server/ingest/accept.sql.ts";
import { makeAcceptWriter } from "#server/ingest/accept-writer.ts";
import type { Arrival } from "#server/ingest/arrival.ts";
import { makeLog } from "#server/process/log.ts";
import { ensurePartitions } from "#server/retention/partitions.ts";
import { anyText } from "#test/support/any-text.ts";
import { plainArrival } from "#test/support/arrival.ts";
import { createDatabase, someoneWaits, type TestDatabase } from "#test/support/database.ts";
import { keepLog } from "#test/support/logged.ts";

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
const arrive = (sourceId: string, more?: Partial<Arrival>) => plainArrival(sourceId, new Date(clockMs++), more);
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

/** All that a team's requests left, whoever the team is. */
async function left(teamId: string) {
  const { rows: requests } = await pool.query("select * from request where team_id = $1 order by id", [teamId]);
  const { rows: counts } = await pool.query(
    "select * from rollup_minute where team_id = $1 order by bucket, source_id",
    [teamId],
  );
  const { rows: claims } = await pool.query("select * from provider_event where team_id = $1 order by 2, 3", [teamId]);
  const { rows: handed } = await pool.query(
    `select requests, heads, first_id, last_id from hand_off where requests #>> '{0,0}' = $1 order by id`,
    [teamId],
  );
  const text = JSON.stringify({ requests, counts, claims, handed });
  return JSON.parse(text.replaceAll(teamId, "tm"));
}

const CAUSES = [
  "SOURCE_DISABLED",
  "METHOD_NOT_ALLOWED",
  "RATE_LIMITED",
  "VERIFICATION_FAILED",
  "TIMESTAMP_OUT_OF_TOLERANCE",
  "PAYLOAD_TOO_LARGE",
  "BODY_TIMEOUT",
  "UNSUPPORTED_CONTENT_ENCODING",
  "HANDSHAKE",
] as const;

/** Arrivals of all kinds, of a few sources and minutes, with texts that databases choke on. */
const anyArrival = fc
  .record({
    source: fc.constantFrom("src_a", "src_b", "src_c"),
    cause: fc.constantFrom(...CAUSES, ...CAUSES.map(() => null)),
    is_kept: fc.boolean(),
    test: fc.constantFrom("routed" as const, "unrouted" as const, ...Array<undefined>(6)),
    isConnected: fc.boolean(),
    key: fc.option(fc.constantFrom("evt_1", "evt_2", "evt\u0000\ud800"), { nil: undefined }),
    ageMs: fc.constantFrom(0, 0, 0, 60_000),
    texts: fc.record({ path: anyText, query: anyText, event_type: anyText, content_type: anyText, method: anyText }),
    headers: fc.array(fc.tuple(anyText, anyText), { maxLength: 3 }),
    body: fc.uint8Array({ maxLength: 9 }).map((bytes) => Buffer.from(bytes)),
    verified: fc.constantFrom({ verified: false }, { verified: true, verified_with: "previous_secret" as const }),
  })
  .map(({ source, cause, is_kept, test, isConnected, key, ageMs, texts, headers, body, verified }) => {
    const now = clockMs++;
    const isKeyed = cause === null && test === undefined && key !== undefined;
    return arrive(source, {
      ...texts,
      ...verified,
      ...(isKeyed && event(key)),
      ...(cause ? { status: "rejected", rejection_cause: cause, rejection_detail: texts.path } : {}),
      ...(!cause && !isConnected && { rejection_cause: "NO_CONNECTION" }),
      is_kept: cause === null || is_kept,
      ...(test && { test }),
      headers,
      body,
      body_bytes: body.length,
      created_at: new Date(now - ageMs),
    });
  });

describe("a batch", () => {
  test("leaves the same rows, counts and hand-offs when it is sent for the first time and again", async () => {
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const batches = fc.sample(fc.array(anyArrival, { minLength: 20, maxLength: 40 }), { seed, numRuns: 3 });
      const teams = [`tm_first${seed}`, `tm_again${seed}`];
      const answers = [];
      for (const batch of batches) {
        for (const [i, team_id] of teams.entries()) {
          const arrivals = batch.map((arrival) => ({ ...arrival, team_id }));
          answers.push(await acceptBatch(pool, arrivals, { isRepeat: i === 1 }));
        }
      }
      for (let i = 0; i < answers.length; i += 2) expect(answers[i]).toEqual(answers[i + 1]);
      const [first, again] = await Promise.all(teams.map(left));
      expect(first).toEqual(again);
      expect(first.handed.length).toBeGreaterThan(0);
      expect(first.claims.length).toBeGreaterThan(0);
      expect(first.requests.length).toBe(batches.flat().filter(({ is_kept }) => is_kept).length);
      const counted = batches
        .flat()
        .filter(({ test: mark, rejection_cause }) => !mark && rejection_cause !== "HANDSHAKE");
      const sum = (first.counts as Record<string, number>[])
        .map((row) => (row.accepted_count ?? 0) + (row.rejected_count ?? 0))
        .reduce((a, b) => a + b, 0);
      expect(sum).toBe(counted.length);
    }
  });

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
    const writer = makeAcceptWriter(pool, makeLog("test", "silent"), { onHandOff: () => {}, packsHeaders: () => true });
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

  test.each([false, true])(
    "in which Postgres refuses one row stores all others once (numbered by their provider: %s)",
    async (isKeyed) => {
      const path = `/refused-${isKeyed}`;
      await pool.query(`alter table request add constraint refused check (path <> '${path}')`);
      const source = `src_refused_${isKeyed}`;
      // The refused one brings number 5 first, and the ninth repeats the first.
      const arrivals = [0, 1, 2, 3, 4, 5, 5, 7, 0].map((key, n) =>
        arrive(source, { path: n === 5 ? path : `/${n}`, ...(isKeyed && event(`evt_${key}`)) }),
      );
      const [first, refused, successor, last] = [0, 5, 6, 8].map((n) => arrivals[n]) as [
        Arrival,
        Arrival,
        Arrival,
        Arrival,
      ];
      const sent: (string | undefined)[] = [];
      const noting = (...input: Parameters<typeof pool.query>) => {
        sent.push((input[0] as { name?: string }).name);
        return pool.query(...input);
      };
      const { log, lines } = keepLog("error");
      const options = { onHandOff: () => {}, packsHeaders: () => true };
      const writer = makeAcceptWriter(Object.assign(Object.create(pool), { query: noting }), log, options);
      const answers = await Promise.allSettled(arrivals.map((arrival) => writer.store(arrival)));
      // All in one pipeline; then by halves, which are 0 to 4, 5 to 8, 5 and 6, 5, 6, 7 and 8.
      expect(sent).toEqual(["accept-copy", ...Array(6).fill("accept-again")]);
      const repeats = isKeyed ? first.id : null;
      expect(answers).toMatchObject(
        arrivals.map((arrival) =>
          arrival === refused
            ? { status: "rejected", reason: { code: "23514" } }
            : { status: "fulfilled", value: { duplicateOf: arrival === last ? repeats : null } },
        ),
      );
      expect(lines).toMatchObject([{ msg: "A request could not be stored", request_id: refused.id }]);
      const kept = arrivals.filter((arrival) => arrival !== refused);
      expect(await stored(source)).toEqual({
        requests: kept.map(({ id, path }) => ({ id, path, duplicate_of: id === last.id ? repeats : null })),
        counts: { accepted: 8, rejected: 0, duplicates: isKeyed ? 1 : 0 },
        handed: kept.filter(({ id }) => !isKeyed || id !== last.id).map(({ id }) => id),
      });
      await pool.query("alter table request drop constraint refused");
      // Its sender repeats it: what was refused has left no claim behind.
      expect(await writer.store(refused)).toMatchObject({ duplicateOf: isKeyed ? successor.id : null });
      expect((await stored(source)).counts).toMatchObject({ accepted: 9, duplicates: isKeyed ? 2 : 0 });
    },
  );
});
