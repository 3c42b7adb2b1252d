import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  afterFeed,
  afterFull,
  dueStrand,
  learn,
  newStrand,
  roomInMain,
  roomInStrand,
  takeFrom,
} from "#server/replay/feed.ts";
import type { Line } from "#server/replay/lines.sql.ts";

const line = (waiting: number, limit: number | null = null, periodMs = 60_000): Line => ({ waiting, limit, periodMs });

describe("a page", () => {
  const id = fc.integer({ min: 0, max: 3 }).map((n) => `des_${n}`);
  const rows = fc.array(
    fc.record({
      skip: fc.constantFrom(null, null, null, "in_line"),
      destination_ids: fc.uniqueArray(id, { maxLength: 3 }),
    }),
    { maxLength: 60 },
  );

  test("is gone through by strands so that each row goes to each of its destinations once, whatever the lines take", () => {
    fc.assert(
      fc.property(
        rows,
        fc.array(fc.nat(6), { minLength: 4, maxLength: 4 }),
        fc.integer({ min: 1, max: 9 }),
        (some, room, mayMove) => {
          const page = some.map((row, n) => ({ ...row, id: String(n).padStart(3, "0") }));
          const done: string[] = [];
          let strands = [newStrand(null, "", 0)];
          for (let turn = 0; turn < 1_000; turn++) {
            // Any of them may be ahead of the others.
            const going = strands.filter(({ is_done }) => !is_done);
            const strand = going[(turn * 7) % Math.max(1, going.length)];
            if (!strand) break;
            const others = strands.filter((one) => one !== strand);
            const own = strand.destination_id;
            const { targets, full, isCut, cursor } = takeFrom(
              page.filter((row) => row.id > strand.cursor),
              strand.cursor,
              {
                own,
                others: new Set(others.flatMap(({ destination_id }) => destination_id ?? [])),
                rooms: new Map(room.map((count, n) => [`des_${n}`, own === null ? count : count + 1])),
                mayMove,
              },
            );
            for (const { target, destinationIds } of targets)
              for (const to of target.skip === null && target.destination_ids.length > 0
                ? destinationIds
                : [target.skip])
                done.push(`${target.id} ${to}`);
            const next = { ...strand, cursor, is_done: !isCut };
            strands = [...others, next, ...full.map((one) => newStrand(one.destinationId, one.cursor, 0))];
          }
          const wanted = page.flatMap(({ id, skip, destination_ids }) =>
            skip === null && destination_ids.length > 0
              ? destination_ids.map((to) => `${id} ${to}`)
              : [`${id} ${skip}`],
          );
          expect(strands.every(({ is_done }) => is_done)).toBe(true);
          expect(done.toSorted()).toEqual(wanted.toSorted());
        },
      ),
    );
  });

  test("is cut where what may be moved is used up, and never before the first row", () => {
    const page = [
      { id: "a", skip: null, destination_ids: ["x", "y"] },
      { id: "b", skip: null, destination_ids: ["x"] },
    ];
    const taken = takeFrom(page, "", { own: null, others: new Set(), rooms: new Map(), mayMove: 1 });
    expect(taken).toMatchObject({ moves: 2, isCut: true, cursor: "a" });
  });
});

describe("a strand", () => {
  /** A strand that is looked after every 25 ms while `sentBy` tells how much its destination has sent in all. */
  function feedFor(seconds: number, sentBy: (ms: number) => number) {
    let strand = newStrand("x", "", 0);
    let put = 0;
    let longest = 0;
    for (let nowMs = 25; nowMs < seconds * 1_000; nowMs += 25) {
      const now = line(Math.max(0, put - Math.min(put, sentBy(nowMs))));
      strand = learn(strand, now, nowMs);
      const room = roomInStrand(strand, now);
      put += room;
      if (room > 0) strand = afterFeed(strand, now, { count: room, room }, nowMs);
      if (nowMs > 1_000) longest = Math.max(longest, now.waiting + room);
    }
    return { put, longest };
  }

  test("puts in line what its destination sends in a second, also where results come in groups", () => {
    // 25 at a time, each for a second.
    const slow = feedFor(30, (ms) => 25 * Math.floor(ms / 1_000));
    expect(slow.longest).toBeLessThanOrEqual(50);
    expect(slow.put).toBeGreaterThan(24 * 28);
    const hung = feedFor(10, () => 0);
    expect(hung.put).toBe(50);
    const quick = feedFor(10, (ms) => 1.5 * ms);
    expect(quick.longest).toBeLessThanOrEqual(2_000);
    expect(quick.put).toBeGreaterThan(14_000);
  });

  test("leaves a tenth of a rate limit and more to live events", () => {
    const limited = (waiting: number) => line(waiting, 60);
    let strand = newStrand("x", "", 0);
    let fed = 0;
    for (let nowMs = 0; nowMs < 60_000; nowMs += 50) {
      if (strand.next_at_ms > nowMs) continue;
      const room = roomInStrand(strand, limited(0));
      fed += room;
      strand = afterFeed(strand, limited(0), { count: room, room }, nowMs);
    }
    expect(fed).toBeGreaterThan(45);
    expect(fed).toBeLessThanOrEqual(54);
    expect(roomInStrand(strand, limited(6))).toBe(0);
    expect(roomInMain(limited(0))).toBe(0);
  });

  test("looks at a full line less and less often, and at once when it had room", () => {
    let strand = newStrand("x", "", 0);
    const waits: number[] = [];
    for (let n = 0; n < 7; n++) {
      const before = strand.next_at_ms;
      strand = afterFull(strand, before);
      waits.push(strand.next_at_ms - before);
    }
    expect(waits).toEqual([25, 50, 100, 200, 400, 800, 1_000]);
    expect(afterFeed(strand, line(0), { count: 1, room: 1 }, 0)).toMatchObject({ wait_ms: 25, next_at_ms: 25 });
    expect(afterFeed(strand, line(0), { count: 1, room: 2 }, 0).next_at_ms).toBe(0);
  });

  test("takes its turn by when it was due", () => {
    const at = (ms: number) => newStrand(`des_${ms}`, "", ms);
    expect(dueStrand([at(3), at(1), at(2)], 2)?.next_at_ms).toBe(1);
    expect(dueStrand([at(3)], 2)).toBeUndefined();
  });
});
