// How a release of many events shares the time with others.
import { expect, test } from "vitest";
import { makeReleaseSlice } from "#server/events/release-slice.ts";
import { makeFakeClock } from "#test/support/fake-clock.ts";

const PAGE_MS = 50;

function start(fullPages: number) {
  const clock = makeFakeClock();
  const pagesAtMs: number[] = [];
  const isLeft = makeReleaseSlice(clock).run(async () => {
    pagesAtMs.push(clock.monotonicMs());
    await new Promise<void>((resolve) => clock.after(PAGE_MS, resolve));
    return pagesAtMs.length <= fullPages;
  });
  return { clock, pagesAtMs, isLeft };
}

test("a release takes a third of the time at most, and gives its slot back after a second", async () => {
  const { clock, pagesAtMs, isLeft } = start(1_000);
  await clock.advance(1_100);
  expect(await isLeft).toBe(true);
  expect(pagesAtMs).toEqual([0, 150, 300, 450, 600, 750, 900]);
});

test("a release that is short ends with its last page", async () => {
  const { clock, pagesAtMs, isLeft } = start(1);
  await clock.advance(200);
  expect(await isLeft).toBe(false);
  expect(pagesAtMs).toEqual([0, 150]);
});

test("a release of many groups with few events each rests as well", async () => {
  const clock = makeFakeClock();
  const slice = makeReleaseSlice(clock);
  const pagesAtMs: number[] = [];
  const release = async () => {
    for (;;) {
      const isLeft = await slice.run(async () => {
        pagesAtMs.push(clock.monotonicMs());
        await new Promise<void>((resolve) => clock.after(PAGE_MS, resolve));
        return false;
      });
      if (isLeft) return;
    }
  };
  const isOver = release();
  await clock.advance(1_100);
  await isOver;
  expect(pagesAtMs).toEqual([0, 150, 300, 450, 600, 750, 900]);
});

test("a release moves a page however long the look for what is held took", async () => {
  const clock = makeFakeClock();
  const slice = makeReleaseSlice(clock);
  await clock.advance(2_000);
  let pages = 0;
  const isLeft = slice.run(async () => ++pages < 1);
  expect(await isLeft).toBe(false);
  expect(pages).toBe(1);
});
