// Pipelines on a real Postgres: one transaction, whatever fails in it and wherever.
import fc from "fast-check";
import type { PoolClient } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { inTransaction, makePool, type Pool } from "#server/database/db.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { storableText } from "#server/json/storable.ts";
import { runPipeline } from "#server/pipeline/run-pipeline.ts";
import { copyInto, type RowWriter, type Step, type Value } from "#server/pipeline/steps.ts";
import { anyText } from "#test/support/any-text.ts";
import { createEmptyDatabase, someoneWaits, type TestDatabase } from "#test/support/database.ts";

let database: TestDatabase;
let pool: Pool;
let other: Pool;
beforeAll(async () => {
  database = await createEmptyDatabase();
  pool = makePool(database.url, "test", 1);
  other = makePool(database.url, "other", 1);
  await pool.query(`
    create table item (id integer primary key, name text not null, late integer unique deferrable initially deferred);
    create table typed (n integer, i integer, big bigint, b boolean, r real, rs real[], d double precision, t timestamptz, s text, bytes bytea, j json, list text[]);
    create table told (name text)`);
});
afterAll(async () => {
  await Promise.all([pool.end(), other.end()]);
  await database[Symbol.asyncDispose]();
});
beforeEach(() => pool.query("truncate item, typed, told"));

const COPY_ITEMS = copyInto("copy-items", "item", ["id", "name"]);
const TELL = { name: "tell", text: "insert into told select $1 returning name" };

const copyItems = (...items: [number | null, string | null][]): Step => ({
  copy: COPY_ITEMS,
  rowCount: items.length,
  write(rows) {
    for (const [id, name] of items) {
      rows.row();
      rows.integer(id);
      rows.text(name);
    }
  },
});
const tell = (name: Value): Step => ({ statement: TELL, values: [name] });

async function stored() {
  const { rows } = await other.query(
    "select (select count(*)::int from item) as items, (select count(*)::int from told) as told",
  );
  return rows[0];
}
async function lock(table: string) {
  const holder = await other.connect();
  await holder.query(`begin; lock table ${table}`);
  return { holder, letGo: () => holder.query("commit").then(() => holder.release()) };
}
const pidOf = async (db: Pool | PoolClient) => (await db.query("select pg_backend_pid() as pid")).rows[0].pid;
const failureOf = (run: Promise<unknown>) =>
  run.then(
    () => null,
    (error: Error & { code?: string }) => error,
  );

describe("a pipeline", () => {
  test("commits rows and statements together, and returns what each step did", async () => {
    const count = { name: "count-items", text: "select count(*), null from item where id > $1" };
    const steps = [copyItems([1, "one"], [2, "two"]), tell("a"), { statement: count, values: [1] }, tell("b")];
    const results = await runPipeline(pool, steps);
    expect(results.map(({ rowCount }) => rowCount)).toEqual([2, 1, 1, 1]);
    expect(results.map(({ rows }) => rows)).toEqual([[], [["a"]], [["1", null]], [["b"]]]);
    expect(await stored()).toEqual({ items: 2, told: 2 });
    const again = [copyItems([3, "three"]), ...steps.slice(1)];
    expect((await runPipeline(pool, again))[2]?.rows).toEqual([["2", null]]);
    expect(await runPipeline(pool, [])).toEqual([]);
  });

  test("is a part of the transaction that its client is in", async () => {
    const failure = inTransaction(pool, async (client) => {
      await runPipeline(client, [copyItems([1, "one"]), tell("a")]);
      throw new Error("changed its mind");
    });
    await expect(failure).rejects.toThrow("changed its mind");
    expect(await stored()).toEqual({ items: 0, told: 0 });
  });

  test("of many at once gives each caller its own answer", async () => {
    const several = makePool(database.url, "several", 3);
    const names = Array.from({ length: 60 }, (_, n) => `name ${n}`);
    const answers = await Promise.all(
      names.map((name, n) => runPipeline(several, [tell(name), copyItems([n, name]), tell(null)])),
    );
    expect(answers.map(([first]) => first?.rows)).toEqual(names.map((name) => [[name]]));
    expect(await stored()).toEqual({ items: 60, told: 120 });
    await several.end();
  });

  test("of many megabytes waits until Postgres takes them", async () => {
    const { holder, letGo } = await lock("told");
    const name = "n".repeat(1024);
    const steps = [
      tell("first"),
      copyItems(...Array.from({ length: 24 * 1024 }, (_, id): [number, string] => [id, name])),
      tell("last"),
    ];
    const running = runPipeline(pool, steps);
    await someoneWaits(holder);
    await letGo();
    expect((await running).map(({ rowCount }) => rowCount)).toEqual([1, 24 * 1024, 1]);
    const { rows } = await pool.query("select count(*)::int as n from item where name = $1", [name]);
    expect(rows).toEqual([{ n: 24 * 1024 }]);
  });
});

describe("an error", () => {
  const statement = (name: string, text: string, ...values: Value[]): Step => ({ statement: { name, text }, values });
  const failures: [string, string, Step][] = [
    ["in a text", "42601", statement("bad-text", "insert inot told values ($1)", "a")],
    ["in a parameter", "22P02", statement("bad-value", "select $1::integer", "one")],
    ["in a parameter's characters", "22021", tell("a\u0000b")],
    ["of a statement", "22012", statement("divide", "select 1 / $1::integer", 0)],
    ["in a row", "23502", copyItems([1, "one"], [2, null])],
    ["of a row that is there already", "23505", copyItems([1, "one"], [1, "two"])],
    ["in the only row", "23502", copyItems([1, null])],
    ["in the number of values", "22P04", { ...copyItems([1, "one"], [2, "two"]), write: (rows) => rows.row() }],
    ["of the table of a copy", "42P01", { copy: copyInto("nowhere", "nowhere", ["a"]), rowCount: 0, write: () => {} }],
    [
      "at the commit",
      "23505",
      statement("late", "insert into item select n, 'late', 1 from generate_series(50, 51) n"),
    ],
  ];

  test.each(failures)("%s undoes every step, wherever it stands, and the connection goes on", async (_, code, bad) => {
    const client = await pool.connect();
    const pid = await pidOf(client);
    const around: Step[] = [tell("before"), copyItems([11, "kept?"]), tell("after")];
    for (let place = 0; place <= around.length; place++) {
      const steps = around.toSpliced(place, 0, bad);
      expect(await failureOf(runPipeline(client, steps))).toMatchObject({ code });
      expect(await stored()).toEqual({ items: 0, told: 0 });
    }
    expect(await runPipeline(client, around)).toHaveLength(3);
    expect(await stored()).toEqual({ items: 1, told: 2 });
    expect(await pidOf(client)).toBe(pid);
    client.release();
  });

  test("of a value that cannot be written sends nothing", async () => {
    const pid = await pidOf(pool);
    for (const bad of [1.5, 2 ** 31, Number.NaN])
      await expect(runPipeline(pool, [tell("a"), copyItems([bad, "one"])])).rejects.toThrow(RangeError);
    await expect(runPipeline(pool, [tell(new Date(Number.NaN))])).rejects.toThrow(RangeError);
    expect(await stored()).toEqual({ items: 0, told: 0 });
    expect(await pidOf(pool)).toBe(pid);
  });

  test("of a statement that asks for rows and has none ends the connection, and nobody waits", async () => {
    const copy: Step = { statement: { name: "rowless", text: COPY_ITEMS.text }, values: [] };
    await expect(runPipeline(pool, [tell("a"), copy])).rejects.toThrow("asks for them");
    expect(await runPipeline(pool, [tell("b")])).toHaveLength(1);
    expect(await stored()).toEqual({ items: 0, told: 1 });
  });

  test("of a connection that dies between two steps says that the database is away, and the next one goes through", async () => {
    const { holder, letGo } = await lock("item");
    const failure = failureOf(runPipeline(pool, [tell("a"), copyItems([1, "one"]), tell("b")]));
    await someoneWaits(holder);
    await holder.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = 'switchyard test'",
    );
    expect(isDatabaseAway(await failure)).toBe(true);
    await letGo();
    expect(await stored()).toEqual({ items: 0, told: 0 });
    await runPipeline(pool, [tell("a"), copyItems([1, "one"])]);
    expect(await stored()).toEqual({ items: 1, told: 1 });
  });
});

describe("a name", () => {
  test("may be shared with single statements, in either order", async () => {
    const early = { name: "early", text: "select $1::text" };
    const late = { name: "late-name", text: "select $1::text || '!'" };
    const client = await pool.connect();
    await client.query({ ...early, values: ["a"] });
    const steps = [early, late, early, late].map((statement) => ({ statement, values: ["b"] }));
    expect((await runPipeline(client, steps)).map(({ rows }) => rows)).toEqual([[["b"]], [["b!"]], [["b"]], [["b!"]]]);
    expect((await client.query({ ...late, values: ["c"] })).rows).toEqual([{ "?column?": "c!" }]);
    const { rows } = await client.query(
      "select count(*)::int as n from pg_prepared_statements where name in ('early', 'late-name')",
    );
    expect(rows).toEqual([{ n: 2 }]);
    client.release();
  });

  test("has one text: another is refused before anything is sent", async () => {
    const client = await pool.connect();
    await runPipeline(client, [tell("a")]);
    const failure = runPipeline(client, [
      copyItems([1, "one"]),
      { statement: { ...TELL, text: "select 1" }, values: [] },
    ]);
    await expect(failure).rejects.toThrow("another statement");
    await runPipeline(client, [tell("b")]);
    client.release();
    expect(await stored()).toEqual({ items: 0, told: 2 });
  });
});

describe("values", () => {
  const COPY_TYPED = copyInto("copy-typed", "typed", ["n", "i", "big", "b", "r", "rs", "d", "t", "s", "bytes", "j"]);
  const maybe = <T>(values: fc.Arbitrary<T>) => fc.option(values, { freq: 8 });
  const typed = fc.record({
    i: maybe(fc.integer()),
    big: maybe(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    b: maybe(fc.boolean()),
    r: maybe(fc.float()),
    rs: maybe(fc.array(fc.float(), { maxLength: 5 })),
    d: maybe(fc.double()),
    t: maybe(fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true })),
    s: maybe(fc.oneof(anyText, fc.string({ unit: "binary", minLength: 30, maxLength: 90 })).map(storableText)),
    bytes: maybe(fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes))),
    j: maybe(fc.json().filter((text) => !text.includes("\\u0000"))),
  });
  type Typed = typeof typed extends fc.Arbitrary<infer T> ? T : never;

  const writeAll =
    (values: Typed[], first = 0) =>
    (rows: RowWriter) => {
      for (const [n, value] of values.entries()) {
        rows.row();
        rows.integer(first + n);
        rows.integer(value.i);
        rows.bigint(value.big);
        rows.boolean(value.b);
        rows.real(value.r);
        rows.reals(value.rs);
        rows.double(value.d);
        rows.timestamptz(value.t);
        rows.text(value.s);
        rows.bytea(value.bytes);
        rows.text(value.j);
      }
    };

  test.each(["together", "a row at a time"])("of every type come back as they went in, %s", async (how) => {
    const values = fc.sample(typed, how === "together" ? 400 : 80);
    const parts = how === "together" ? [values] : values.map((value) => [value]);
    const steps = parts.map((part, n) => ({ copy: COPY_TYPED, rowCount: part.length, write: writeAll(part, n) }));
    await runPipeline(pool, steps);
    const columns = "i, big, b, r::double precision as r, rs::double precision[] as rs, d, t, s, bytes, j::text as j";
    const { rows } = await pool.query(`select ${columns} from typed order by n`);
    expect(rows).toEqual(values.map((value) => ({ ...value, big: value.big === null ? null : String(value.big) })));
  });

  test("that a row shares with the one before are copied as bytes", async () => {
    const write = (rows: RowWriter) => {
      rows.row();
      const from = rows.length;
      rows.text("ä shared");
      rows.text(null);
      const to = rows.length;
      rows.integer(1);
      rows.row();
      rows.again(from, to);
      rows.integer(2);
    };
    await runPipeline(pool, [{ copy: copyInto("copy-shared", "typed", ["s", "j", "n"]), rowCount: 2, write }]);
    const { rows } = await pool.query("select s, j, n from typed order by n");
    expect(rows).toEqual([1, 2].map((n) => ({ s: "ä shared", j: null, n })));
  });

  test("are values wherever they stand, whatever they say", async () => {
    const hostile = [
      ...["'); drop table told; --", "$1", "\\N", "\\.", "a\tb\nc\\d", '{"a",NULL}', '\\"}', "NULL", ""],
      "PGCOPY\n\u00ff",
    ];
    const list = { name: "list", text: "insert into typed (list) select $1::text[]" };
    await runPipeline(pool, [
      ...hostile.map(tell),
      copyItems(...hostile.map((name, id): [number, string] => [id, name])),
      { statement: list, values: [[...hostile, null]] },
    ]);
    const { rows } = await pool.query(
      "select (select array_agg(name) from told) as told, (select array_agg(name order by id) from item) as items, list from typed",
    );
    expect(rows).toEqual([{ told: hostile, items: hostile, list: [...hostile, null] }]);
  });

  test("of statements are numbers, times, bytes, lists and nothing", async () => {
    const at = new Date("2026-02-03T04:05:06.789Z");
    const text = "insert into typed (i, big, b, d, t, bytes, s, list) values ($1, $2, $3, $4, $5, $6, $7, $8)";
    const bytes = Buffer.from([0, 255, 92]);
    const values = [-7, 2n ** 60n, false, 0.1, at, bytes, undefined, [1, null, at]];
    await runPipeline(pool, [{ statement: { name: "typed-values", text }, values }]);
    const { rows } = await pool.query("select i, big, b, d, t, bytes, s, list from typed");
    const list = ["1", null, at.toISOString()];
    expect(rows).toEqual([{ i: -7, big: String(2n ** 60n), b: false, d: 0.1, t: at, bytes, s: null, list }]);
  });
});
