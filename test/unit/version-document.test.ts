import { expect, test } from "vitest";
import { differingFields, documentOf, rulesFrom, type State, withRestored } from "#server/versions/document.ts";
import { type Configuration, restoreSteps, type Snapshot } from "#server/versions/restore-steps.ts";
import { inOrder } from "#server/versions/take-steps.ts";

const row = (name: string, fields: object = {}): State => ({
  name,
  description: null,
  created_at: "2026-01-01T00:00:00Z",
  has_secrets: false,
  disabled_at: null,
  ...fields,
});
const source = (name: string, config: object = {}, fields: object = {}): Snapshot => ({
  kind: "source",
  state: row(name, { type: "WEBHOOK", config: { auth_type: "NONE", auth: {}, ...config }, ...fields }),
});
const destination = (name: string, config: object = {}): Snapshot => ({
  kind: "destination",
  state: row(name, { type: "MOCK", config }),
});
const connection = (name: string, source_id: string, destination_id: string, rules: object[] = []): Snapshot => ({
  kind: "connection",
  state: row(name, { source_id, destination_id, rules, paused_at: null }),
});
const of = (resources: Record<string, Snapshot>): Configuration => new Map(Object.entries(resources));

test("a field is named down to where it differs, a rule by its type, a key with dots in quotes", () => {
  const filter = (body: object) => ({ type: "filter", body });
  const [one, other] = [
    connection("c", "s", "d", [filter({ "a.b": 1, same: true }), { type: "delay", delay: 5 }]),
    connection("c", "s", "d2", [filter({ "a.b": 2, same: true })]),
  ].map(({ kind, state }) => documentOf(kind, state));
  expect(differingFields(one ?? {}, other ?? {}).map(({ path, before, after }) => [path, before, after])).toEqual([
    ["destination_id", "d", "d2"],
    ["rules.delay", { delay: 5 }, null],
    ['rules.filter.body["a.b"]', 1, 2],
  ]);
});

test("what a row of an older release lacks is not taken for a change", () => {
  const [before, after] = [destination("d"), destination("d", { latency_ms: 0, answers: [] })];
  expect(differingFields(documentOf("destination", before.state), documentOf("destination", after.state))).toEqual([]);
});

test("a field that is asked for is brought back with all below it, and none beside it", () => {
  const present = { rules: { retry: { count: 10, interval: 1 }, delay: { delay: 5 } }, name: "b" };
  const target = { rules: { retry: { count: 8, interval: 2 }, filter: { body: 1 } }, name: "a" };
  expect(withRestored(present, target, ["rules.retry.count"])).toEqual({
    ...present,
    rules: { ...present.rules, retry: { count: 8, interval: 1 } },
  });
  expect(withRestored(present, target, ["rules"])).toEqual({ ...present, rules: target.rules });
  expect(withRestored(present, target, ["rules.delay"])).toEqual({ ...present, rules: { retry: present.rules.retry } });
  expect(withRestored(present, target, ["rules.filter"])).toEqual({
    ...present,
    rules: { ...present.rules, filter: target.rules.filter },
  });
  expect(withRestored(present, target, ["rule", "nam"])).toEqual(present);
});

test("rules come back in the order in which they run", () => {
  const byType = { retry: { count: 1 }, deduplicate: { window: 1 }, filter: { body: {} } };
  expect(rulesFrom(byType).map(({ type }) => type)).toEqual(["deduplicate", "filter", "retry"]);
});

test("a way of authentication whose secret is gone stays as it is, with the secret of today", () => {
  const then = source("s", { auth_type: "HMAC", auth: { signature_header: "x" } }, { has_secrets: true });
  const now = source("s", { auth_type: "API_KEY", auth: { header: "k" }, body_limit_bytes: 5 }, { has_secrets: true });
  const { steps, notes } = restoreSteps(of({ s: now }), of({ s: then }), {});
  expect(steps).toMatchObject([
    { action: "update", after: { config: { auth_type: "API_KEY", auth: { header: "k" } } } },
  ]);
  expect(notes).toEqual([expect.stringContaining("the secret of HMAC is gone")]);
  const open = restoreSteps(of({ s: now }), of({ s: source("s") }), {});
  expect(open.steps).toMatchObject([{ after: { config: { auth_type: "NONE", auth: {} } } }]);
  expect(open.notes).toEqual(["The present secret of source s goes with its auth_type."]);
});

test("what is restored brings back what it refers to, as far as that is gone, and nothing else", () => {
  const target = of({
    s: source("s"),
    s2: source("s2"),
    letters: destination("letters"),
    d: destination("d", { dead_letter_destination_id: "letters" }),
    c: connection("c", "s", "d"),
  });
  const { steps, notes } = restoreSteps(of({ s: source("s", {}, { description: "now" }) }), target, { id: "c" });
  expect(steps.map(({ action, id }) => `${action} ${id}`).sort()).toEqual(["create c", "create d", "create letters"]);
  expect(notes).toHaveLength(2);
});

test("what goes is gone before another takes its name, unless a connection has to leave it first", () => {
  const present = of({
    s: source("s"),
    new: destination("d"),
    held: destination("h"),
    c: connection("c", "s", "held"),
  });
  const target = of({ s: source("s"), old: destination("d"), c: connection("c", "s", "old") });
  const { steps } = restoreSteps(present, target, {});
  expect(inOrder(steps, present).map(({ action, id }) => `${action} ${id}`)).toEqual([
    "delete new",
    "create old",
    "update c",
    "delete held",
  ]);
});
