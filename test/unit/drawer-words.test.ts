import { expect, test } from "vitest";
import { affectedWords } from "#components/graph-drawer/affected.ts";
import { copyName } from "#components/graph-drawer/copy-name.ts";
import { deedWords, whoWords } from "#components/resource-form/conflict-words.ts";

const WAITING = { queued: 3, scheduled: 0, retrying: 1, held: 1204, failed: 14 };

test("what a deletion takes with it is said in numbers", () => {
  expect(affectedWords({ waiting: WAITING, perMinute: 212.4 })).toBe(
    "Stops 212 events a minute. 1,208 waiting events are cancelled, 1,204 of them held. 14 failed in 24 h can no longer be replayed.",
  );
  expect(affectedWords({ waiting: undefined, perMinute: 0 })).toBe("Nothing flows here now. No event waits.");
  const branches = ["a", "b", "c", "d", "e", "f"];
  expect(affectedWords({ waiting: undefined, perMinute: 0, branches })).toMatch(
    /^6 connections go with it: a, b, c, d, e and 1 more\./,
  );
  expect(affectedWords({ waiting: undefined, perMinute: 0, branches: ["a"] })).toMatch(
    /^1 connection goes with it: a\./,
  );
});

test("a copy takes the first name that is free, and stays within its length", () => {
  expect(copyName("a", new Set())).toBe("a-copy");
  expect(copyName("a", new Set(["a-copy", "a-copy-2"]))).toBe("a-copy-3");
  expect(copyName("x".repeat(155), new Set()).length).toBeLessThan(156);
});

test("a conflict says who and what in the form's own words", () => {
  const change = {
    actor_kind: "user",
    actor_id: "usr_1",
    actor_name: "Anna",
    is_own: false,
    action: "update",
    fields: ["config.rate_limit", "config.rate_limit_period", "name"],
    created_at: "2026-11-26T06:00:00.000Z",
  };
  const labels: Record<string, string> = { "config.rate_limit": "Limit", "config.rate_limit_period": "Limit" };
  const labelOf = (field: string) => labels[field] ?? field;
  expect(`${whoWords(change)} ${deedWords(change, labelOf)}`).toBe("Anna changed Limit, name");
  expect(whoWords({ ...change, actor_name: null })).toBe("The person usr_1");
  expect(whoWords({ ...change, is_own: true })).toBe("You, at another place,");
  expect(deedWords({ ...change, action: "pause" }, labelOf)).toBe("paused it");
});
