import { expect, test } from "vitest";
import { splitRecords } from "#server/shared-columns.sql.ts";

interface Row {
  id: number;
  kind: string;
  note?: string;
}
const split = (records: Row[]) => {
  const { own, shared } = splitRecords(records, ["kind", "note"], ({ id }) => ({ id }));
  return { own: JSON.parse(own), shared: JSON.parse(shared) };
};

test("what records have in common is there once, also when their kinds take turns", () => {
  const { own, shared } = split([1, 2, 3, 4, 5, 6].map((id) => ({ id, kind: id % 2 === 0 ? "even" : "odd" })));
  expect(shared).toEqual([
    { shared_id: 0, kind: "odd" },
    { shared_id: 1, kind: "even" },
  ]);
  expect(own.map((row: { shared_id: number }) => row.shared_id)).toEqual([0, 1, 0, 1, 0, 1]);
});

test("a value that is absent is not the same as any that is there", () => {
  const { own } = split([
    { id: 1, kind: "a" },
    { id: 2, kind: "a", note: "" },
    { id: 3, kind: "a" },
  ]);
  expect(own.map((row: { shared_id: number }) => row.shared_id)).toEqual([0, 1, 0]);
});

test("every record finds its own values again, however many kinds there are", () => {
  const records = Array.from({ length: 200 }, (_, id) => ({ id, kind: `kind ${(id * 7) % 67}` }));
  const { own, shared } = split(records);
  expect(
    own.map(({ id, shared_id }: { id: number; shared_id: number }) => ({ id, kind: shared[shared_id].kind })),
  ).toEqual(records);
});

test("no records are two empty lists", () => {
  expect(split([])).toEqual({ own: [], shared: [] });
});
