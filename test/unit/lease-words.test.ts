// The lease of an endpoint as a person reads it.
import { describe, expect, test } from "vitest";
import { goneWith, shownUrl, stateOf, titleOf } from "#components/endpoints/endpoint-words.ts";
import {
  isLow,
  leaseAxis,
  leaseSentence,
  leftWords,
  lengthWords,
  shareLeft,
  usualGapMs,
} from "#components/endpoints/lease-words.ts";
import type { Endpoint } from "#server/contracts/endpoint.ts";

const at = (seconds: number) => new Date(seconds * 1_000).toISOString();

describe("what is left", () => {
  test("runs down as a clock, and in hours and days where there are some", () => {
    expect([66_000, 1_730_000, 61_440_000, 1_047_600_000, 400, -5].map(leftWords)).toEqual([
      "1:06",
      "28:50",
      "17 h 04",
      "12 d 03 h",
      "0:00",
      "0:00",
    ]);
    expect([300_000, 86_400_000, 160_000, 74_000, 999].map(lengthWords)).toEqual([
      "5 min",
      "1 d",
      "2 min 40 s",
      "1 min 14 s",
      "0 s",
    ]);
  });

  test("is a share of the lease, and low below a quarter of it", () => {
    expect(shareLeft(300_000, 300, 225_000)).toBe(0.25);
    expect([isLow(0.25), isLow(0.249)]).toEqual([false, true]);
    expect([shareLeft(300_000, 300, 900_000), shareLeft(900_000, 300, 0)]).toEqual([0, 1]);
  });
});

describe("the sentence of a lease", () => {
  const renewed_at = [at(0), at(160), at(320), at(480)];
  const lease = { ttl: 300, renewed_at, waiting_count: 6, removed_at: null };

  test("says how often it renews, that it is late, and what would be cancelled", () => {
    expect(usualGapMs(renewed_at)).toBe(160_000);
    expect(leaseSentence(lease, 714_000)).toBe(
      "It usually renews every 2 min 40 s; this one is 1 min 14 s late. When it runs out, its events are held for 5 min; then it is removed, and 6 events that wait are cancelled.",
    );
    expect(leaseSentence({ ...lease, waiting_count: 0 }, 600_000)).toContain("every 2 min 40 s. When");
    expect(leaseSentence({ ...lease, ttl: 10, renewed_at: [] }, 0)).toMatch(
      /^When it runs out, its events are held for 1 min;/,
    );
  });

  test("of one that has run out says when it is removed", () => {
    expect(leaseSentence({ ...lease, waiting_count: 1, removed_at: at(1_000) }, 940_000)).toBe(
      "Its lease has run out and its events are held. It goes on when it renews; in 1 min it is removed, and 1 event that waits is cancelled.",
    );
  });
});

test("renewals, the present and the end stand on one axis", () => {
  const { renewals, begun, now } = leaseAxis(1_000_000, 500, [at(0), at(250), at(500)], 750_000);
  expect([renewals, begun, now]).toEqual([[0, 0.25, 0.5], 0.5, 0.75]);
});

describe("an endpoint", () => {
  const endpoint = {
    name: "preview-pr-418.northpier.example-a1b2c3",
    url: "https://preview-pr-418.northpier.example/hooks",
    hold_reason: null,
    disabled_at: null,
    paused: false,
    failed_count: 0,
    retrying_count: 0,
    waiting_count: 0,
  } as unknown as Endpoint;

  test("is called by its own name, or by the beginning of its host", () => {
    expect(titleOf(endpoint)).toBe("preview-pr-418");
    expect(titleOf({ ...endpoint, name: "billing" })).toBe("billing");
    expect(shownUrl(endpoint.url)).toBe("preview-pr-418.northpier.example/hooks");
  });

  test("says the worst that a person has to know", () => {
    const words = (change: Partial<Endpoint>) => stateOf({ ...endpoint, ...change }).words;
    expect(words({})).toBe("Delivering");
    expect(words({ retrying_count: 6, failed_count: 14, waiting_count: 6 })).toBe("6 retrying");
    expect(words({ failed_count: 14 })).toBe("14 failed");
    expect(words({ hold_reason: "lease_expired", waiting_count: 3, retrying_count: 6 })).toBe("3 held");
    expect(words({ hold_reason: "endpoint_unverified" })).toBe("Not verified");
    expect(words({ paused: true, failed_count: 2 })).toBe("Paused");
  });

  test("that is gone says what waited for it", () => {
    const gone = { id: "des_1", url: "", because: "lease_ran_out", gone_at: at(0) } as const;
    expect([0, 1, 37].map((cancelled_count) => goneWith({ ...gone, cancelled_count }))).toEqual([
      "nothing waited",
      "1 waiting was cancelled",
      "37 waiting were cancelled",
    ]);
  });
});
