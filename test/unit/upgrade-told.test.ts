// What `npm run test:upgrade` makes of two versions that tell the same rows.
import { expect, test } from "vitest";
import { compareTold, type ToldRows } from "#test/upgrade/told-rows.ts";

type Row = { id: string } & Record<string, string | number | null | string[][] | { a: number; b?: number }>;

const told = (...rows: Row[]): ToldRows =>
  new Map([["/v1/events", { rows: new Map(rows.map((row) => [row.id, row])), alone: new Map() }]]);
const row = (more: Partial<Row> = {}): Row => ({ id: "evt_1", status: "DELIVERED", body: { a: 1 }, ...more }) as Row;
const compare = (before: Row[], after: Row[], again = before) =>
  compareTold({ before: told(...before), after: told(...after), again: told(...again) });

test("a version may tell more of a row, and more rows", () => {
  expect(compare([row()], [row({ body: { a: 1, b: 2 }, more: "x" }), { id: "evt_2" }])).toEqual([]);
});

test("what is told otherwise, or not any more, is found", () => {
  expect(compare([row()], [row({ body: { a: 2 } })])).toEqual(['/v1/events: body of evt_1 was {"a":1}, now {"a":2}.']);
  expect(compare([row({ headers: [["a", "b"]] })], [row({ headers: [["a"]] })])).toHaveLength(1);
  expect(compare([row({ error: null })], [row()])).toEqual(["/v1/events: error of evt_1 was null, now undefined."]);
  expect(compare([row()], [])).toEqual(["/v1/events: evt_1 is not told any more."]);
});

test("what changed in between says nothing", () => {
  expect(compare([row({ attempts: 1 })], [row({ attempts: 2 })], [row({ attempts: 2 })])).toEqual([]);
  expect(compare([row({ status: "RETRYING" })], [row()])).toEqual([]);
  expect(compare([row()], [], [])).toEqual([]);
  expect(compare([row({ events_count: 1 })], [row({ events_count: 2 })])).toEqual([]);
  expect(compare([row({ events_count: 2 })], [row({ events_count: 1 })])).toHaveLength(1);
});
