// The paces of groups, without a database: who may go, what is written down, and what is forgotten.
import { expect, test } from "vitest";
import { DEFAULT_GROUP_LIMITS, type Groups } from "#server/contracts/groups.ts";
import { type GroupPaces, makeGroupPaces } from "#server/delivery/group-paces.ts";
import { groupMark, toGroupKey } from "#server/rules/group-key.ts";

const NOW = 1_800_000_000_000;
const KEY = "body.customer_id";
const keyOf = (value: string) => toGroupKey(groupMark({ key: KEY }), `=${value}`);
const groupsWith = (settings: Partial<Groups>): Groups => ({ ...DEFAULT_GROUP_LIMITS, key: KEY, ...settings });

function pacesOf(settings: Partial<Groups>): GroupPaces {
  const paces = makeGroupPaces();
  paces.configure(groupsWith(settings));
  return paces;
}

/** How many of `wanted` events may go at `nowMs`; they go. */
function go(paces: GroupPaces, value: string, wanted: number, nowMs: number): number {
  let admission = paces.admission(nowMs);
  const turnKey = keyOf(value);
  if (!admission.admits(turnKey) && admission.unknown().length > 0) paces.know(new Map(), [turnKey], nowMs);
  admission = paces.admission(nowMs);
  const ids = Array.from({ length: wanted }, (_, n) => `${value} ${nowMs} ${n}`).filter(() =>
    admission.admits(turnKey),
  );
  paces.started(
    ids.map((id) => ({ id, turn_key: turnKey })),
    nowMs,
  );
  for (const eventId of ids) paces.learn({ kind: "left", eventId }, nowMs);
  for (const eventId of ids) paces.learn({ kind: "ended", eventId, latencyMs: 1 }, nowMs);
  return ids.length;
}

test("a group is admitted up to its own limit in its period, and others are as free as before", () => {
  const paces = pacesOf({ rate_limit: 3, overrides: { wide: { rate_limit: 5 } } });
  expect([go(paces, "a", 10, NOW), go(paces, "b", 10, NOW), go(paces, "wide", 10, NOW)]).toEqual([3, 3, 5]);
  expect(go(paces, "a", 10, NOW + 59_000)).toBe(0);
  expect(go(paces, "a", 10, NOW + 62_000)).toBe(3);
});

test("nobody is admitted before it is known what was sent, and then it counts", () => {
  const paces = pacesOf({ rate_limit: 3 });
  const admission = paces.admission(NOW);
  expect(admission.admits(keyOf("a"))).toBe(false);
  expect(admission.unknown()).toEqual([keyOf("a")]);
  paces.know(new Map([[keyOf("a"), [[null, 2]]]]), [keyOf("a")], NOW);
  expect(go(paces, "a", 10, NOW)).toBe(1);
});

test("ever so many values cost the memory of some thousand, and no limit is forgotten with them", () => {
  const paces = pacesOf({ rate_limit: 1, rate_limit_period: "hour" });
  const stored = new Map<string, [number | null, number][]>();
  const goOnce = (n: number): boolean => {
    const turnKey = keyOf(`value ${n}`);
    const asked = paces.admission(NOW + n);
    if (!asked.admits(turnKey)) {
      if (asked.unknown().length === 0) return false;
      paces.know(stored, [turnKey], NOW + n);
      if (!paces.admission(NOW + n).admits(turnKey)) return false;
    }
    const id = `event ${n}`;
    paces.started([{ id, turn_key: turnKey }], NOW + n);
    const rates = paces.toWrite([turnKey], NOW + n);
    for (const { turn_key, rate_log } of rates) stored.set(turn_key, rate_log);
    paces.written(rates);
    paces.learn({ kind: "left", eventId: id }, NOW + n);
    paces.learn({ kind: "ended", eventId: id, latencyMs: 1 }, NOW + n);
    return true;
  };
  let went = 0;
  for (let n = 0; n < 20_000; n++) went += goOnce(n) ? 1 : 0;
  expect(went).toBe(20_000);
  expect(paces.size()).toBeLessThan(11_000);
  for (const n of [0, 10_000, 19_999]) expect(goOnce(n)).toBe(false);
});

test("of groups that all have to wait not more are kept", () => {
  const paces = pacesOf({ rate_limit: 1, rate_limit_period: "hour" });
  for (let n = 0; n < 12_000; n++) paces.know(new Map([[keyOf(`${n}`), [[NOW, 1]]]]), [keyOf(`${n}`)], NOW);
  expect(paces.isBlocked(keyOf("11999"), NOW)).toBe(true);
  expect(paces.size()).toBeLessThan(11_000);
});

test("without limits nothing is kept and nobody waits", () => {
  const paces = pacesOf({ overrides: { slow: { paused: true } } });
  expect(go(paces, "a", 100, NOW)).toBe(100);
  expect(paces.size()).toBe(0);
  expect(paces.toWrite([keyOf("a")], NOW)).toEqual([]);
});
