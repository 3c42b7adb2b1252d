import { expect, test } from "vitest";
import { bytesAfter, fullInDays } from "#server/contracts/retention-forecast.ts";

const steady = { bytes: 3000, bytesPerDay: 100, ageDays: 30 };

test("steady traffic that is kept for its time stays as much as it is", () => {
  for (const day of [0, 1, 17, 30, 60]) expect(bytesAfter(steady, 30, day)).toBeCloseTo(3000);
});

test("a shorter time leaves its share at once, and that is where it settles", () => {
  expect(bytesAfter(steady, 10, 0)).toBeCloseTo(1000);
  expect(bytesAfter(steady, 10, 40)).toBeCloseTo(1000);
});

test("what has not filled its time yet grows until it has", () => {
  const young = { bytes: 500, bytesPerDay: 100, ageDays: 5 };
  expect([0, 10, 25, 26, 60].map((day) => Math.round(bytesAfter(young, 30, day)))).toEqual([
    500, 1500, 3000, 3000, 3000,
  ]);
});

test("more traffic than before settles higher, and nothing at all is nothing", () => {
  expect(bytesAfter({ ...steady, bytesPerDay: 200 }, 30, 30)).toBeCloseTo(6000);
  expect(bytesAfter({ bytes: 0, bytesPerDay: 0, ageDays: 0 }, 30, 3)).toBe(0);
  expect(bytesAfter({ bytes: 50, bytesPerDay: 50, ageDays: 0 }, 1, 1)).toBe(50);
});

test("a disk is full on the day that does not fit, and never where what is kept settles before", () => {
  const young = { bytes: 500, bytesPerDay: 100, ageDays: 5 };
  expect(fullInDays(young, 30, 2499)).toBe(25);
  expect(fullInDays(young, 30, 2500)).toBeNull();
  expect(fullInDays(young, 7, 199)).toBe(2);
  expect(fullInDays(steady, 30, 0)).toBeNull();
  expect(fullInDays({ ...steady, bytesPerDay: 300 }, 30, 1000)).toBe(6);
});
