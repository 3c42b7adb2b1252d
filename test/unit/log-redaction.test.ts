import { expect, test } from "vitest";
import { makeLog } from "#server/process/log.ts";

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

test.each([false, true])(
  "of an error its kind, message, code and place are logged, and nothing else (terminal: %s)",
  (isTTY) => {
    const inner = Object.assign(new Error("duplicate key"), {
      code: "23505",
      detail: "Key (email)=(canary)",
      query: "canary",
    });
    const text = capture((log) => {
      log.error({ err: new Error("could not be stored", { cause: inner }) }, "failed");
      log.error({ err: new AggregateError([new Error("refused 1"), new Error("refused 2")]) }, "failed");
      log.error({ err: "a thrown text" }, "failed");
    }, isTTY);
    expect(text).not.toContain("canary");
    expect(text).not.toMatch(/\bat .*:\d+:\d+/);
    expect(text).not.toContain(import.meta.dirname);
    for (const kept of ["could not be stored", "duplicate key", "23505", "refused 1; refused 2", "a thrown text"])
      expect(text).toContain(kept);
    expect(text).toMatch(/"at":"test\/unit\/log-redaction\.test\.ts:\d+"/);
    expect(text.trimEnd().split("\n")).toHaveLength(3);
  },
);

test("the place of an error is a line of ours, not a path in its message", () => {
  const error = new Error(`\nNo server answers at\n${process.cwd()}/.switchyard/postgres`);
  const { err } = JSON.parse(capture((log) => log.error({ err: error }, "no database")));
  expect(err.at).toMatch(/^test\/unit\/log-redaction\.test\.ts:\d+$/);
});
