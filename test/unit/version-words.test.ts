// Words and lines of versions.
import { expect, test } from "vitest";
import { followedPoints, PLOT } from "#components/flows/followed-points.ts";
import { followedWords, versionTitle, wayOf } from "#components/flows/version-words.ts";
import type { VersionChange, VersionSummary } from "#server/contracts/version.ts";

const change = (fields: Partial<VersionChange>): VersionChange => ({
  resource_kind: "destination",
  resource_id: "des_1",
  resource_name: "ledger",
  action: "update",
  fields: [],
  ...fields,
});
const field = (path: string, before: unknown, after: unknown) => ({ path, before, after, is_secret: false });
const version = (changes: VersionChange[], fields: Partial<VersionSummary> = {}): VersionSummary => ({
  number: 4,
  created_at: "2026-01-01T00:00:00.000Z",
  actor_kind: "user",
  actor_id: "usr_1",
  actor_name: "Anna",
  flow: null,
  restored_from: null,
  changes_count: changes.length,
  changes,
  ...fields,
});

test("a version says in a line what it did", () => {
  const title = (changes: VersionChange[], fields?: Partial<VersionSummary>) => versionTitle(version(changes, fields));
  const limits = [field("config.rate_limit", 600, 300), field("config.timeout_ms", null, 15_000)];
  expect(title([change({ fields: limits })])).toBe("ledger: rate_limit 300, timeout_ms set");
  expect(title([change({ fields: [field("rules.filter", { body: 1 }, null)] })])).toBe("ledger: no filter");
  expect(title([change({ fields: [field("code", "a", "b")] })])).toBe("ledger: code");
  expect(title([change({ action: "pause" })])).toBe("Paused ledger");
  expect(title([change({ action: "rotate_secret" })])).toBe("Rotated the secret of ledger");
  expect(title([change({ action: "create" })])).toBe("Made destination ledger");
  expect(title([change({}), change({ resource_name: "b" })])).toBe("2 changes: ledger, b");
  expect(title([change({})], { changes_count: 9 })).toBe("9 changes: ledger …");
  expect(title([change({}), change({})], { flow: "payments" })).toBe("2 changes: payments");
  expect(title([change({})], { restored_from: 2 })).toBe("Restored v2");
});

test("a version says on which way it came", () => {
  expect(wayOf(version([]))).toBe("by hand");
  expect(wayOf(version([], { actor_kind: "api_key" }))).toBe("by API");
  expect(wayOf(version([], { flow: "payments" }))).toBe("flow file");
  expect(wayOf(version([], { restored_from: 2, flow: null }))).toBe("restore");
});

test("what followed is said in shares, and never as more than it was", () => {
  expect(followedWords("ledger", { delivered: 1_999, failed: 1 }, { delivered: 71, failed: 29 }, 45)).toBe(
    "Success of ledger: 99.9 % in the 45 min before, 71 % after. 29 attempts failed after it.",
  );
  expect(followedWords("ledger", { delivered: 0, failed: 0 }, { delivered: 2, failed: 0 }, 45)).toBe(
    "Success of ledger: nothing sent in the 45 min before, 100 % after.",
  );
  const none = { delivered: 0, failed: 0 };
  expect(followedWords("ledger", none, none, 45)).toBe("Nothing was sent by ledger within 45 min of it.");
});

test("the line of success has the version in its middle, and stays in its place", () => {
  const atMs = Date.parse("2026-01-01T00:00:00Z");
  const at = (minute: number) => new Date(atMs + minute * 60_000).toISOString();
  const minutes = [
    { at: at(-45), delivered: 2, failed: 0 },
    { at: at(0), delivered: 1, failed: 1 },
    { at: at(50), delivered: 0, failed: 3 },
  ];
  const middle = PLOT.left + (PLOT.width - PLOT.left) / 2;
  expect(followedPoints(minutes, atMs, 45)).toBe(
    `${PLOT.left.toFixed(1)},16.0 ${middle.toFixed(1)},46.0 ${PLOT.width.toFixed(1)},76.0`,
  );
  expect(followedPoints([], atMs, 45)).toBe("");
});
