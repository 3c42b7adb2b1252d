// The only row of a step is sent as the parameters of an insert, of which Postgres must be given as many as there are columns.
import { expect, test } from "vitest";
import type { Queryable } from "#server/database/db.ts";
import { runPipeline } from "#server/pipeline/run-pipeline.ts";
import { copyInto, type RowWriter } from "#server/pipeline/steps.ts";

const copy = copyInto("copy-items", "item", ["id", "name"]);
const broken: [string, (rows: RowWriter) => void][] = [
  ["nothing", () => {}],
  ["too few values", (rows) => [rows.row(), rows.integer(1)]],
  ["too many values", (rows) => [rows.row(), rows.integer(1), rows.text("a"), rows.text(null)]],
  ["two rows", (rows) => [1, 2].map((id) => [rows.row(), rows.integer(id), rows.text("a")])],
];

test.each(broken)("%s in the place of a row is refused before anybody is asked", async (_, write) => {
  const asked: unknown[] = [];
  const db = { query: (...input: unknown[]) => asked.push(input) } as unknown as Queryable;
  await expect(runPipeline(db, [{ copy, rowCount: 1, write }])).rejects.toThrow("copy-items has 2 values a row.");
  expect(asked).toEqual([]);
});
