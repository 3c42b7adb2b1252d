// The one live connection of a page, with a clock and a server of the test's own.
import { expect, test } from "vitest";
import { type LiveHandlers, makeLiveFeed } from "#components/live/live-feed.ts";
import { rateMinutes, waitingAt } from "#components/live/live-state.ts";
import { noteNew } from "#components/live/note-new.ts";
import type { LiveChange, LiveCounts } from "#server/contracts/live.ts";
import { makeFakeClock } from "#test/support/fake-clock.ts";

const WHOLE: LiveChange = { is_whole: true, counts: {}, config: "1" };
const NO_NEWS: LiveChange = { is_whole: false };

function openFeed() {
  const clock = makeFakeClock();
  const opened: { kinds: string[]; lastId: string | undefined; handlers: LiveHandlers; isClosed: boolean }[] = [];
  const feed = makeLiveFeed((kinds, lastId, handlers) => {
    const one = { kinds: [...kinds], lastId, handlers, isClosed: false };
    opened.push(one);
    return () => {
      one.isClosed = true;
    };
  }, clock);
  const last = () => {
    const found = opened.at(-1);
    if (!found) throw new Error("Nothing was opened.");
    return found;
  };
  const isOpen = () => opened.filter(({ isClosed }) => !isClosed).length;
  return { clock, feed, opened, last, isOpen };
}

const ignore = () => {};

test("all parts of a page share one connection, for all that they ask", async () => {
  const { clock, feed, opened, last } = openFeed();
  feed.watch(["counts"], ignore);
  const stop = feed.watch(["config", "counts"], ignore);
  await clock.advance(1);
  expect(opened.map(({ kinds }) => kinds)).toEqual([["config", "counts"]]);
  last().handlers.onChange("e:1", WHOLE);
  feed.watch(["config"], ignore);
  stop();
  await clock.advance(1);
  expect(opened).toHaveLength(1);
});

test("one more kind is asked for as a whole, which is no gap", async () => {
  const { clock, feed, last, isOpen } = openFeed();
  const gaps: boolean[] = [];
  feed.watch(["counts"], (_change, isGap) => gaps.push(isGap));
  await clock.advance(1);
  last().handlers.onChange("e:1", WHOLE);
  feed.watch(["events"], ignore);
  await clock.advance(1);
  expect(last()).toMatchObject({ kinds: ["counts", "events"], lastId: undefined });
  expect(isOpen()).toBe(1);
  last().handlers.onChange("e:2", WHOLE);
  expect(gaps).toEqual([false, false]);
});

test("a broken connection is opened again and catches up from what was last heard", async () => {
  const { clock, feed, opened, last, isOpen } = openFeed();
  const heard: [LiveChange, boolean][] = [];
  feed.watch(["counts"], (...one) => heard.push(one));
  await clock.advance(1);
  last().handlers.onChange("e:7", WHOLE);
  expect(feed.read().link).toBe("live");
  last().handlers.onEnd("broken");
  expect(feed.read().link).toBe("opening");
  await clock.advance(600);
  expect([opened.length, last().lastId, isOpen()]).toEqual([2, "e:7", 1]);
  last().handlers.onChange("e:8", NO_NEWS);
  expect(feed.read().link).toBe("live");
  last().handlers.onEnd("broken");
  await clock.advance(600);
  last().handlers.onChange("f:1", WHOLE);
  expect(heard.map(([, isGap]) => isGap)).toEqual([false, false, true]);
});

test("a server that stays away is said to be lost, with the time when it was last heard, and tried at most every four seconds", async () => {
  const { clock, feed, opened, last } = openFeed();
  feed.watch(["counts"], ignore);
  await clock.advance(1);
  last().handlers.onChange("e:1", WHOLE);
  const heardAtMs = clock.nowMs();
  last().handlers.onEnd("broken");
  for (let s = 0; s < 60; s += 1) {
    await clock.advance(1_000);
    if (!last().isClosed) last().handlers.onEnd("broken");
  }
  expect(feed.read()).toMatchObject({ link: "lost", heardAtMs });
  expect(opened.length).toBeGreaterThan(12);
  expect(opened.length).toBeLessThan(24);
});

test("a connection that is open and silent is given up", async () => {
  const { clock, feed, opened, last } = openFeed();
  feed.watch(["counts"], ignore);
  await clock.advance(1);
  last().handlers.onChange("e:1", WHOLE);
  for (let s = 0; s < 60; s += 5) {
    await clock.advance(5_000);
    last().handlers.onChange("e:1", NO_NEWS);
  }
  expect([opened.length, feed.read().link]).toEqual([1, "live"]);
  await clock.advance(20_000);
  expect([opened.length, feed.read().link]).toEqual([2, "lost"]);
});

test("what an old connection still says is not heard", async () => {
  const { clock, feed, opened, last } = openFeed();
  const heard: LiveChange[] = [];
  feed.watch(["counts"], (change) => heard.push(change));
  await clock.advance(1);
  last().handlers.onEnd("broken");
  await clock.advance(600);
  opened[0]?.handlers.onChange("e:1", WHOLE);
  opened[0]?.handlers.onEnd("signed-out");
  expect([heard, feed.read().link]).toEqual([[], "opening"]);
});

test("a session that is over is not asked for again before somebody has logged in", async () => {
  const { clock, feed, opened, last, isOpen } = openFeed();
  feed.watch(["counts"], ignore);
  await clock.advance(1);
  last().handlers.onEnd("signed-out");
  feed.watch(["events"], ignore);
  await clock.advance(60_000);
  expect([opened.length, isOpen(), feed.read().link]).toEqual([1, 0, "signed-out"]);
  feed.retry();
  await clock.advance(1);
  last().handlers.onChange("e:1", WHOLE);
  expect(feed.read().link).toBe("live");
});

test("a session that another has taken the place of is asked for once more, and one that is over is not", async () => {
  const { clock, feed, opened, last } = openFeed();
  feed.watch(["counts"], ignore);
  await clock.advance(1);
  last().handlers.onChange("e:1", WHOLE);
  last().handlers.onEnd("signed-out");
  await clock.advance(600);
  expect([opened.length, last().lastId]).toEqual([2, "e:1"]);
  last().handlers.onChange("e:2", NO_NEWS);
  expect(feed.read().link).toBe("live");

  last().handlers.onEnd("signed-out");
  await clock.advance(600);
  last().handlers.onEnd("signed-out");
  await clock.advance(60_000);
  expect([opened.length, feed.read().link]).toEqual([3, "signed-out"]);
});

test("a page that nobody sees or listens to keeps no connection", async () => {
  const { clock, feed, isOpen, last, opened } = openFeed();
  const stop = feed.watch(["counts"], ignore);
  await clock.advance(1);
  last().handlers.onChange("e:1", WHOLE);
  feed.setVisible(false);
  await clock.advance(5_000);
  feed.setVisible(true);
  await clock.advance(9_000);
  expect(opened).toHaveLength(1);
  feed.setVisible(false);
  await clock.advance(15_000);
  expect(isOpen()).toBe(0);
  feed.setVisible(true);
  await clock.advance(1);
  expect([isOpen(), last().lastId]).toEqual([1, "e:1"]);
  stop();
  await clock.advance(1);
  expect([isOpen(), clock.timers()]).toEqual([0, 0]);
});

const counts = (destination_id: string, failed_count: number): LiveCounts => ({
  destination_id,
  queued_count: 1,
  scheduled_count: 0,
  retrying_count: 0,
  hold_count: 2,
  failed_count,
});

test("counts are patched by each change and summed for a destination, a connection and the team", async () => {
  const { clock, feed, last } = openFeed();
  feed.watch(["counts"], ignore);
  await clock.advance(1);
  const change = (part: LiveChange["counts"], is_whole = false) =>
    last().handlers.onChange("e", { is_whole, counts: part });
  expect(waitingAt(feed.read().state.counts)).toBeUndefined();
  change({ web_a: counts("des_1", 3), web_b: counts("des_1", 4), web_c: counts("des_2", 5) }, true);
  change({ web_b: null, web_c: counts("des_2", 6) });
  const known = feed.read().state.counts;
  expect(waitingAt(known)).toMatchObject({ queued: 2, held: 4, failed: 9 });
  expect(waitingAt(known, { destinationId: "des_1" })).toMatchObject({ failed: 3 });
  expect(waitingAt(known, { connectionId: "web_c" })).toMatchObject({ failed: 6 });
});

test("rows above the newest one of a list are new while they match", () => {
  const seen = new Set<string>();
  const isFailed = ({ status }: { status: string }) => status === "FAILED";
  const row = (id: string, status: string) => ({ id, status });
  noteNew(seen, [row("3", "FAILED"), row("2", "QUEUED"), row("1", "FAILED")], "1", isFailed);
  expect([...seen]).toEqual(["3"]);
  noteNew(seen, [row("3", "DELIVERED"), row("2", "FAILED")], "1", isFailed);
  expect([...seen]).toEqual(["2"]);
});

test("a steady rate reads the same at every second of its minute", () => {
  const aMinute = 600;
  for (let second = 0; second < 60; second++) {
    const counted = aMinute + (aMinute * second) / 60;
    const read = counted / rateMinutes(1_760_000_040_000 + second * 1_000);
    expect(Math.abs(read - aMinute)).toBeLessThan(aMinute / 10);
  }
});
