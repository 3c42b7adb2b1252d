// The groups of a destination as its form shows and sends them.
import { expect, test } from "vitest";
import {
  doubledValue,
  type GroupRow,
  groupValues,
  newGroupRow,
  overrideWords,
  sentGroups,
  withoutRow,
} from "#components/destination-drawer/group-values.ts";
import { Groups } from "#server/contracts/groups.ts";

const groups = Groups.parse({
  key: "body.customer_id",
  ...{ rate_limit: 10, rate_limit_period: "minute", concurrency: null },
  overrides: {
    small: { rate_limit: 3, rate_limit_period: "hour" },
    free: { rate_limit: null, concurrency: 5 },
    slow: { rate_limit_period: "hour" },
    stopped: { concurrency: 2, paused: true },
    "": { paused: true },
  },
});
const rowsOf = (values: ReturnType<typeof groupValues>) => values["config.groups.overrides"] as GroupRow[];

test("the limits of single groups come back as they were read, pauses with them", () => {
  expect(sentGroups(groupValues(groups))).toEqual(groups);
});

test("a new row is sent by its value, and what is left empty in it is not sent", () => {
  const rows = [{ ...newGroupRow, value: "new", rate_limit: "7" }];
  expect(sentGroups({ ...groupValues(groups), "config.groups.overrides": rows })).toMatchObject({
    overrides: { new: { rate_limit: 7 } },
  });
});

test("what is no number goes to the server as it was typed, and any limit as none", () => {
  const rows = [{ ...newGroupRow, value: "a", rate_limit: "many", concurrency: "Any" }];
  expect(sentGroups({ ...groupValues(groups), "config.groups.overrides": rows })).toMatchObject({
    overrides: { a: { rate_limit: "many", concurrency: null } },
  });
});

test("a row that is removed leaves a pause as it is", () => {
  const rows = rowsOf(groupValues(groups));
  const at = rows.findIndex(({ value }) => value === "stopped");
  const all = { ...groupValues(groups), "config.groups.overrides": withoutRow(rows, at) };
  expect(sentGroups(all)).toMatchObject({ overrides: { stopped: { paused: true } } });
  expect(sentGroups(all)).not.toMatchObject({ overrides: { stopped: { concurrency: 2 } } });
  expect(withoutRow(rows, 0).map(({ value }) => value)).not.toContain("small");
});

test("a value of two rows is named, and the rows read as a sentence", () => {
  const rows = rowsOf(groupValues(groups));
  expect(doubledValue(rows)).toBeUndefined();
  expect(doubledValue([...rows, { ...newGroupRow, value: "free" }])).toBe("free");
  expect(overrideWords(rows)).toBe(
    "small: 3 an hour; free: any, 5 at once; slow: as many an hour; stopped: 2 at once, paused; without the value: paused",
  );
  expect(overrideWords([])).toBe("none");
});
