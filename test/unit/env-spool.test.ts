import { describe, expect, test } from "vitest";
import { parseEnv } from "#server/env.ts";

describe("the spool", () => {
  test("is what the URL says, with three replicas of a gigabyte unless it says otherwise", () => {
    const read = (url: string) => parseEnv({ SPOOL_URL: url }).spool;
    expect(parseEnv({}).spool).toBeUndefined();
    expect(read("nats://nats.example.com")).toEqual({
      servers: ["nats.example.com:4222"],
      isSecure: false,
      login: null,
      stream: "switchyard",
      replicas: 3,
      maxBytes: 1024 ** 3,
    });
    expect(read("tls://u%40x:p%2Fw%3A@a:1,b:443,[fd00::1]:3/two?replicas=5&max_mb=16")).toEqual({
      servers: ["a:1", "b:443", "[fd00::1]:3"],
      isSecure: true,
      login: { user: "u@x", pass: "p/w:" },
      stream: "two",
      replicas: 5,
      maxBytes: 16 * 1024 ** 2,
    });
    expect(read("nats://a-token@a")?.login).toEqual({ token: "a-token" });
  });

  test.each([
    "http://canary-word@a",
    "nats://",
    "nats://user:@canary-word",
    "nats://%zz:canary-word@a",
    "nats://a,,b",
    "nats://a,canary-word/x,b",
    "nats://a:70000",
    "nats://a/canary word",
    "nats://a/two.words",
    "nats://a?replicas=2",
    "nats://a?max_mb=1.5",
    "nats://a?max_mb=8",
    "nats://a?canary-word=1",
    "nats://a#canary-word",
  ])("is refused with a sentence that quotes nothing: %s", (url) => {
    expect(() => parseEnv({ SPOOL_URL: url })).toThrow("SPOOL_URL must be the URL of NATS servers");
    expect(() => parseEnv({ SPOOL_URL: url })).not.toThrow("canary-word");
  });
});
