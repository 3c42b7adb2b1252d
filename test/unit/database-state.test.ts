import { expect, test } from "vitest";
import { awayCause } from "#server/errors/away-cause.ts";
import { makeRoomReader } from "#server/process/disk-room.ts";

test("a disk that hangs is asked once, by however many, and nobody waits for it; when it is back it is asked anew", async () => {
  const answers: PromiseWithResolvers<{ bavail: number; blocks: number; bsize: number }>[] = [];
  const readRoom = makeRoomReader("/disk", () => {
    const answer = Promise.withResolvers<{ bavail: number; blocks: number; bsize: number }>();
    answers.push(answer);
    return answer.promise;
  });
  expect(await Promise.all([readRoom(), readRoom(), readRoom()])).toEqual([null, null, null]);
  const late = readRoom();
  expect(answers).toHaveLength(1);
  answers[0]?.resolve({ bavail: 2, blocks: 5, bsize: 4_096 });
  expect(await late).toEqual({ freeBytes: 8_192, totalBytes: 20_480 });
  const failed = readRoom();
  expect(answers).toHaveLength(2);
  answers[1]?.reject(new Error("EIO"));
  expect(await failed).toBeNull();
});

test.each([
  ["53100", "disk_full"],
  ["57P03", "restarting"],
  ["ECONNREFUSED", "unreachable"],
  ["08006", "unreachable"],
  ["08007", null],
  ["25P03", null],
  ["25P04", null],
  ["40001", null],
])("%s says of the state of the database: %s", (code, cause) => {
  expect(awayCause(Object.assign(new Error("refused"), { code }))).toBe(cause);
});
