// The time of the database, of what its statements say while the clocks of the machines differ.
import { describe, expect, test } from "vitest";
import { makeDatabaseTime } from "#server/database/database-time.ts";
import { makeFakeClock } from "#test/support/fake-clock.ts";
import { seeded } from "#test/support/seeded.ts";

describe("the time of the database", () => {
  test("is that of the machine until a statement has said it", () => {
    const clock = makeFakeClock(5_000);
    const time = makeDatabaseTime(clock);
    expect([time.earliestMs(), time.latestMs()]).toEqual([5_000, 5_000]);
    time.heard(9_000, clock.monotonicMs());
    expect([time.earliestMs(), time.latestMs()]).toEqual([9_000, 9_000]);
  });

  test("lies between what two processes know of it, however far their clocks are off and however long answers take", async () => {
    const random = seeded(7);
    const clock = makeFakeClock(0);
    const time = makeDatabaseTime(clock);
    // The database's clock goes 300 ppm too fast.
    const databaseMs = () => 1_760_000_000_000 + clock.monotonicMs() * 1.0003;
    for (let look = 0; look < 300; look++) {
      const askedAtMs = clock.monotonicMs();
      await clock.advance(random() * 40);
      const saidMs = databaseMs();
      await clock.advance(random() * 40);
      time.heard(saidMs, askedAtMs);
      await clock.advance(random() * 4_000);
      expect(time.earliestMs()).toBeLessThanOrEqual(databaseMs());
      expect(time.latestMs()).toBeGreaterThanOrEqual(databaseMs());
      expect(time.latestMs() - time.earliestMs()).toBeLessThan(100);
    }
  });

  test("keeps what was exact over what took long, and believes a clock that was set", async () => {
    const clock = makeFakeClock(0);
    const time = makeDatabaseTime(clock);
    time.heard(1_000, clock.monotonicMs());
    const askedAtMs = clock.monotonicMs();
    await clock.advance(500);
    time.heard(1_400, askedAtMs);
    expect(time.latestMs() - time.earliestMs()).toBeLessThan(5);
    time.heard(90_000, clock.monotonicMs() - 3);
    expect([time.earliestMs(), time.latestMs()]).toEqual([90_000, 90_003]);
    time.heard(2_000, clock.monotonicMs() - 10);
    expect([time.earliestMs(), time.latestMs()]).toEqual([2_000, 2_010]);
  });
});
