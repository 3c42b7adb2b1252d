import { expect, test } from "vitest";
import type { Pool } from "#server/db.ts";
import { makeSettleWriters } from "#server/delivery/settle-writer.ts";
import { makeLog } from "#server/log.ts";

test("lanes are spread over the writers, and each keeps its own", () => {
  const writers = makeSettleWriters({} as Pool, makeLog("worker", "silent"));
  const [first, second, third] = [writers.take(), writers.take(), writers.take()];
  expect(second.writer.settle).not.toBe(first.writer.settle);
  expect(third.writer.settle).toBe(first.writer.settle);
  first.giveBack();
  third.giveBack();
  expect(writers.take().writer.settle).toBe(first.writer.settle);
});
