import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PageInput } from "#server/contracts/page.ts";
import { AppError } from "#server/errors/app-error.ts";
import { lowestId, newId } from "#server/ids.ts";
import { endingAt, pageWindow, toPage, withSearchRange } from "#server/resources/paging.ts";

const NOW = new Date("2026-05-29T12:00:00.000Z");
const input = (fields: Record<string, unknown> = {}) => PageInput.parse(fields);
const rows = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ id: newId("request", NOW.getTime() + i * 1000) }));

/** What a database would give for a window. */
const fetch = (all: { id: string }[], window: ReturnType<typeof pageWindow>) => {
  const { gte = "", gt = "", lte = "~", lt = "~" } = window.where.id;
  const found = all.filter(({ id }) => id >= gte && id > gt && id <= lte && id < lt);
  return (window.orderBy.id === "asc" ? found : found.toReversed()).slice(0, window.take);
};
const list = (all: { id: string }[], fields: Record<string, unknown>) => {
  const window = pageWindow("request", input(fields), NOW);
  return toPage(fetch(all, window), window);
};

describe.each(["asc", "desc"] as const)("paging %s", (dir) => {
  test("forward through all pages gives every row once in order, and back again the same pages", () => {
    const all = rows(10);
    const ordered = (dir === "asc" ? all : all.toReversed()).map(({ id }) => id);
    const pages = [list(all, { dir, limit: 4 })];
    for (let next = pages[0]?.pagination.next; next; next = pages.at(-1)?.pagination.next) {
      pages.push(list(all, { dir, limit: 4, next }));
    }
    expect(pages.map(({ data }) => data.map(({ id }) => id))).toEqual([
      ordered.slice(0, 4),
      ordered.slice(4, 8),
      ordered.slice(8),
    ]);
    expect(pages[0]?.pagination.prev).toBeNull();

    const second = list(all, { dir, limit: 4, prev: pages[2]?.pagination.prev });
    expect(second.data).toEqual(pages[1]?.data);
    const first = list(all, { dir, limit: 4, prev: second.pagination.prev });
    expect(first.data).toEqual(pages[0]?.data);
    expect(first.pagination).toEqual(pages[0]?.pagination);
  });
});

test("rows that come while somebody pages are in no page twice, and hide none that was there", () => {
  const steps = fc.record({
    dir: fc.constantFrom("asc", "desc"),
    there: fc.nat({ max: 40 }),
    limits: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
    // After each page; some within one millisecond.
    added: fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 4 }),
    msApart: fc.nat({ max: 2 }),
  });
  fc.assert(
    fc.property(steps, ({ dir, there, limits, added, msApart }) => {
      const all: { id: string }[] = [];
      const add = (count: number) => {
        for (let i = 0; i < count; i++) all.push({ id: newId("request", NOW.getTime() + all.length * msApart) });
        all.sort((a, b) => (a.id < b.id ? -1 : 1));
      };
      add(there);
      const atFirst = all.map(({ id }) => id);
      const seen: string[] = [];
      let next: string | null = null;
      for (let turned = 0; turned === 0 || next !== null; turned++) {
        const page = list(all, { dir, limit: limits[turned % limits.length], ...(next !== null && { next }) });
        seen.push(...page.data.map(({ id }) => id));
        next = page.pagination.next;
        // Rows may come faster than small pages are turned: at some time they stop.
        if (turned < 12) add(added[turned % added.length] ?? 0);
      }
      expect(new Set(seen).size).toBe(seen.length);
      expect(atFirst.filter((id) => !seen.includes(id))).toEqual([]);
    }),
    { numRuns: 300 },
  );
});

test("pages that each look through a few rows only give every match once in order, and say how far they looked", () => {
  const all = rows(23);
  const LOOKED = 5;
  const isMatch = ({ id }: { id: string }) => all.findIndex((row) => row.id === id) % 8 === 0;
  const look = (fields: Record<string, unknown>) => {
    const asked = pageWindow("request", input({ limit: 2, ...fields }), NOW);
    const last = fetch(all, { ...asked, take: LOOKED }).at(LOOKED - 1);
    const window = last ? endingAt(asked, last.id) : asked;
    return toPage(
      fetch(all, { ...window, take: all.length })
        .filter(isMatch)
        .slice(0, window.take),
      window,
    );
  };
  for (const dir of ["asc", "desc"] as const) {
    const matches = all.filter(isMatch);
    const pages = [look({ dir })];
    for (let next = pages[0]?.pagination.next; next; next = pages.at(-1)?.pagination.next)
      pages.push(look({ dir, next }));
    expect(pages.flatMap(({ data }) => data)).toEqual(dir === "asc" ? matches : matches.toReversed());
    expect(pages.filter(({ data }) => data.length === 0).length).toBeGreaterThan(0);
    const stops = pages.slice(0, -1).map(({ pagination }) => pagination.stopped_at);
    expect(stops.every((at) => at !== undefined)).toBe(true);
    expect(pages.at(-1)?.pagination.stopped_at).toBeUndefined();

    const back: { id: string }[] = [];
    const lastFull = pages.findLast(({ data }) => data.length > 0);
    let prev = lastFull?.pagination.prev;
    while (prev) {
      const page = look({ dir, prev });
      back.unshift(...page.data);
      prev = page.pagination.prev;
    }
    expect([...back, ...(lastFull?.data ?? [])]).toEqual(dir === "asc" ? matches : matches.toReversed());
  }
});

test("a page that ends exactly at the last row names no next", () => {
  expect(list(rows(4), { limit: 4 }).pagination).toEqual({
    limit: 4,
    order_by: "created_at",
    dir: "desc",
    next: null,
    prev: null,
  });
});

test("from and to include their own millisecond and become bounds of ids", () => {
  const window = pageWindow("event", input({ from: "now-1h", to: "2026-05-29T11:30:00Z" }), NOW);
  expect(window.where.id).toEqual({
    gte: lowestId("event", NOW.getTime() - 3_600_000),
    lt: lowestId("event", Date.parse("2026-05-29T11:30:00.001Z")),
  });
});

test("a cursor never widens from and to", () => {
  const all = rows(10);
  const { pagination } = list(all, { limit: 8 });
  const window = pageWindow("request", input({ limit: 8, next: pagination.next, to: "now" }), NOW);
  expect(window.where.id.lt).toBe(lowestId("request", NOW.getTime() + 1));
});

test("a cursor of the other direction, parameter or list, and garbage, are refused by name", () => {
  const all = rows(10);
  const { next } = list(all, { limit: 4 }).pagination;
  for (const [kind, fields, path] of [
    ["request", { next, dir: "asc" }, "next"],
    ["request", { prev: next }, "prev"],
    ["event", { next }, "next"],
    ["request", { next: "garbage" }, "next"],
    ["request", { next: "" }, "next"],
    ["request", { next, prev: next }, "prev"],
  ] as const) {
    const refused = () => pageWindow(kind, input(fields), NOW);
    expect(refused).toThrow(AppError);
    expect(refused).toThrow(
      expect.objectContaining({ code: "UNPROCESSABLE", issues: [expect.objectContaining({ path })] }),
    );
  }
});

test("a search in bodies looks back one day from its end unless it says where to start or which ids", () => {
  const body = { a: 1 };
  expect(withSearchRange({ ...input(), body }, NOW).from).toBe("2026-05-28T12:00:00.000Z");
  expect(withSearchRange({ ...input({ to: "2026-05-20T00:00:00Z" }), body }, NOW).from).toBe(
    "2026-05-19T00:00:00.000Z",
  );
  expect(withSearchRange({ ...input({ from: "now-7d" }), body }, NOW).from).toBe("now-7d");
  expect(withSearchRange({ ...input({ id: "req_a" }), body }, NOW).from).toBeUndefined();
  expect(withSearchRange(input(), NOW).from).toBeUndefined();
});
