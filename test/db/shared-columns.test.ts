// Whatever a batch holds, Postgres reads each record as it was.
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readRecords, splitRecords } from "#server/batch/shared-columns.sql.ts";
import { createDatabase, type TestDatabase } from "#test/support/database.ts";

interface Row {
  id: number;
  text?: string | null;
  at?: Date;
  kind: string;
  is_odd?: boolean;
}

const COLUMNS = {
  own: { id: "integer", text: "text", at: "timestamptz(3)" },
  shared: { kind: "text", is_odd: "boolean" },
};
const READ = `with ${readRecords(2, COLUMNS)} select id, text, at, kind, is_odd, shared_id from input order by id`;

let database: TestDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await createDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await database[Symbol.asyncDispose]();
});

async function readBack(records: Row[]) {
  const { own, shared } = splitRecords(records, COLUMNS, ({ id, text, at }) => ({ id, text, at }));
  const { rows } = await client.query(READ, [shared, ...own]);
  const sharedIds: number[] = rows.map((row) => row.shared_id);
  return { rows: rows.map(({ shared_id, ...row }) => row), sharedIds, groups: JSON.parse(shared) };
}

test("what records have in common is sent once, also when their kinds take turns", async () => {
  const { sharedIds, groups } = await readBack(
    [1, 2, 3, 4, 5, 6].map((id) => ({ id, kind: id % 2 === 0 ? "even" : "odd" })),
  );
  expect(groups).toEqual([
    { shared_id: 0, kind: "odd" },
    { shared_id: 1, kind: "even" },
  ]);
  expect(sharedIds).toEqual([0, 1, 0, 1, 0, 1]);
});

test("a value that is absent is not the same as any that is there", async () => {
  const { sharedIds, rows } = await readBack([
    { id: 1, kind: "a" },
    { id: 2, kind: "a", is_odd: false },
    { id: 3, kind: "a" },
  ]);
  expect(sharedIds).toEqual([0, 1, 0]);
  expect(rows.map((row) => row.is_odd)).toEqual([null, false, null]);
});

test("every record finds its own values again, however many kinds there are", async () => {
  const at = new Date("2026-11-22T21:00:00.123Z");
  const records = Array.from({ length: 200 }, (_, id) => {
    return { id, text: `text ${id}`, at, kind: `kind ${(id * 7) % 67}`, is_odd: id % 2 === 1 };
  });
  expect((await readBack(records)).rows).toEqual(records);
});

test("no text means anything to the array that carries it", async () => {
  const texts = [
    "",
    "NULL",
    "null",
    " ",
    "a,b",
    "{}",
    "{a}",
    '"',
    '""',
    "\\",
    '\\"',
    "a\\",
    "'",
    "$&",
    "\n\t",
    "ü",
    "😀",
  ];
  const records = texts.map((text, id) => ({ id, text, at: null, kind: text, is_odd: null }));
  const { rows } = await readBack(records.map(({ id, text, kind }) => ({ id, text, kind })));
  expect(rows).toEqual(records);
});

test("what is absent is null, in a column of nothing else too", async () => {
  const { rows } = await readBack([
    { id: 1, kind: "a" },
    { id: 2, text: null, kind: "a" },
  ]);
  expect(rows.map(({ text, at }) => ({ text, at }))).toEqual([
    { text: null, at: null },
    { text: null, at: null },
  ]);
});

test("no records are no rows", async () => {
  expect((await readBack([])).rows).toEqual([]);
});
