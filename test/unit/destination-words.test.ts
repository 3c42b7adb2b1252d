// What the drawer of a destination says of where it sends to, and where a field that needs a correction is found.
import { describe, expect, test } from "vitest";
import { placeWords, saveWords, tabOf } from "#components/destination-drawer/destination-words.ts";
import { failedWords, lastOf } from "#components/destination-drawer/failed-words.ts";
import { fileWords } from "#components/destination-drawer/file-words.ts";
import {
  blockedName,
  blockedWords,
  keysAt,
  waitingWords,
  withoutWords,
} from "#components/destination-drawer/order-words.ts";
import type { Destination } from "#server/contracts/destination.ts";
import { NO_ORDER } from "#server/contracts/ordering.ts";
import { S3_DEFAULTS } from "#server/contracts/s3-destination.ts";
import { TransformRequest } from "#server/contracts/transformation.ts";

const bucket = (endpoint: string | null) =>
  ({ type: "S3", config: { ...S3_DEFAULTS, bucket: "archive", region: "eu-north-1", endpoint } }) as Destination;

test("a bucket is named with its store, and only what sends nothing is said to send nothing", () => {
  expect(placeWords(bucket(null))).toBe("archive at eu-north-1");
  expect(placeWords(bucket("https://store.example:9000"))).toBe("archive at store.example:9000");
  expect(placeWords({ type: "HTTP", config: { url: "https://crm.example/sync" } } as Destination)).toBe(
    "crm.example/sync",
  );
  expect(placeWords({ type: "MOCK", config: {} } as Destination)).toBe("answers as it is told, sends nothing");
});

test("a wrong field of the order is looked for where the order is chosen", () => {
  for (const name of Object.keys(NO_ORDER)) expect(tabOf(`config.${name}`)).toBe("pace");
});

test("each other field of a bucket is on the tab that shows it", () => {
  expect(tabOf("config.bucket")).toBe("settings");
  expect(tabOf("config.batch_bytes")).toBe("settings");
  expect(tabOf("config.retry.count")).toBe("pace");
  expect(tabOf("config.breaker.ramp_ms")).toBe("trouble");
  expect(tabOf("config.dead_letter_destination_id")).toBe("trouble");
});

describe("the order of a destination", () => {
  const requests = [{ id: 1 }, { id: "1" }, { id: 2 }, {}].map((body) => TransformRequest.parse({ body }));
  test("counts the values of a key as they make lines, and says who shares one for want of a value", () => {
    expect(keysAt(requests, "body.id")).toEqual({ different: 2, without: 1 });
    expect(keysAt(requests, "id")).toBeNull();
    expect(withoutWords(1, 4)).toBe("Of the last 4 requests 1 has nothing there: such requests share one key.");
    expect(withoutWords(0, 1)).toBe("It is in the last request.");
  });

  const head = { id: "evt_1", connection_id: "web_1", status: "FAILED", hold_reason: null } as const;
  test("names the key that is blocked, why, and what waits", () => {
    expect(blockedName("a")).toBe("a");
    expect(blockedName("")).toBe("Requests without the key");
    expect(blockedWords({ order_value: "a", waiting: 3, head })).toBe(
      "is blocked by an event that has failed. 3 wait behind it.",
    );
    const held = { ...head, status: "HOLD", hold_reason: "connection_paused" } as const;
    expect(blockedWords({ order_value: null, waiting: 0, head: held })).toBe(
      "stands still: its connection is paused. Nothing waits behind it yet.",
    );
  });

  const now = { keys: 2, longest: { order_value: "a", waiting: 7 }, blocked_keys: 0, blocked: [], is_at_least: false };
  test("says where the most wait", () => {
    expect(waitingWords(now)).toBe("2 keys with events now. The most wait at a: 7 behind the first.");
    expect(waitingWords({ ...now, longest: { order_value: null, waiting: 1 } })).toBe("1 event behind the first.");
    expect(waitingWords({ ...now, keys: 0, longest: null })).toBeUndefined();
  });

  test("a save says what becomes of the events that wait only where their order changes", () => {
    const waiting = { queued: 300, scheduled: 0, retrying: 2, held: 10, failed: 5 };
    expect(saveWords({ sharers: 1, waiting, isSorted: false })).toBe(
      "1 connection uses it. Holds from the next attempt on.",
    );
    expect(saveWords({ sharers: 1, waiting, isSorted: true })).toBe(
      "312 waiting ones are sorted again, nothing is sent twice.",
    );
    expect(saveWords({ sharers: 1, waiting: undefined, isSorted: true })).toBe(
      "What comes from now on goes in this order.",
    );
  });
});

describe("a file in a bucket", () => {
  const flow = { perMinute: 640, bodyBytes: 800, waitMs: 300_000, maxBytes: 16 * 1024 * 1024 };
  test("is told by what comes, and closed by the limit that is met first", () => {
    expect(fileWords(flow)).toBe(
      "At 640 events a minute a file has about 3,200 events, 2.6 MB of bodies, and is closed after 5 min.",
    );
    expect(fileWords({ ...flow, maxBytes: 64 * 1024 })).toContain(
      "about 81 events, 64.8 KB of bodies, and is full after",
    );
    expect(fileWords({ ...flow, perMinute: 0 })).toContain("closed 5 min after its first event");
  });
});

describe("dead letters", () => {
  const row = { connection_id: "web_1", destination_id: "des_1", ended_because: "exhausted" as const, count: 7 };
  const data = [
    { ...row, last_attempt_at: "2026-11-25T14:00:00.000Z" },
    { ...row, connection_id: "web_2", count: 5, last_attempt_at: "2026-11-25T15:00:00.000Z" },
    { ...row, ended_because: "gone" as const, count: 2, last_attempt_at: null },
  ];
  test("are counted by reason over all connections, with the time of the last", () => {
    expect(failedWords({ data, is_at_least: false })).toBe(
      "14 have failed: 12 with all retries spent, 2 answered 410.",
    );
    expect(failedWords({ data: data.slice(0, 1), is_at_least: true })).toBe(
      "At least 7 have failed, with all retries spent.",
    );
    expect(failedWords({ data: [], is_at_least: false })).toBe("None has failed for good.");
    expect(lastOf({ data, is_at_least: false })).toBe("2026-11-25T15:00:00.000Z");
  });
});
