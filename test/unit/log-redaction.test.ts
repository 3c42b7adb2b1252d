import { expect, test } from "vitest";
import { makeLog } from "#server/log.ts";

function capture(write: (log: ReturnType<typeof makeLog>) => void, isTTY = false): string {
  const lines: string[] = [];
  write(makeLog("gateway", "info", { isTTY, write: (line: string) => lines.push(line) }));
  return lines.join("");
}

test.each([false, true])("no secret, key, password or authorization reaches the log (terminal: %s)", (isTTY) => {
  const text = capture((log) => {
    log.info({ secret: "canary", headers: { authorization: "Bearer canary", cookie: "canary" } }, "a request");
    log.info({ source: { config: { api_key: "canary", password: "canary" } } }, "a source");
    log.error({ err: new Error("cannot reach postgresql://user:canary@db:5432/x") }, "no database");
    log.warn("retrying postgresql://user:canary@db:5432/x");
  }, isTTY);
  expect(text).toContain("a request");
  expect(text).toContain("postgresql://user:***@db:5432/x");
  expect(text).not.toContain("canary");
});

test("outside a terminal each entry is one line of JSON with role, level and time", () => {
  const [line = "", ...rest] = capture((log) => log.info({ eventId: "evt_1" }, "delivered")).split("\n");
  expect(rest).toEqual([""]);
  expect(JSON.parse(line)).toEqual({
    level: "info",
    time: expect.stringMatching(/^\d{4}-.*Z$/),
    role: "gateway",
    eventId: "evt_1",
    msg: "delivered",
  });
});
