import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  derivedId,
  derivedRange,
  ID_PREFIX,
  idTimeMs,
  isId,
  isSourceKey,
  lowestId,
  newId,
  newRequestId,
  newSourceKey,
} from "#server/ids.ts";

const times = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe("ids", () => {
  test("they have their prefix and 26 characters of Crockford base 32", () => {
    for (const kind of Object.keys(ID_PREFIX) as (keyof typeof ID_PREFIX)[]) {
      expect(newId(kind)).toMatch(new RegExp(`^${ID_PREFIX[kind]}_[0-9A-HJKMNP-TV-Z]{26}$`));
      expect(isId(kind, newId(kind))).toBe(true);
    }
    expect(isId("event", newId("request"))).toBe(false);
    expect(isId("event", `${newId("event")}0`)).toBe(false);
  });

  test("they sort by time, byte by byte, and give the time back", () => {
    fc.assert(
      fc.property(times, times, (a, b) => {
        const [one, two] = [newId("event", a), newId("event", b)];
        expect(idTimeMs(one)).toBe(a);
        if (a !== b) expect(Buffer.compare(Buffer.from(one), Buffer.from(two))).toBe(Math.sign(a - b));
      }),
    );
  });

  test("a hundred thousand of one millisecond are all different", () => {
    const ids = new Set(Array.from({ length: 100_000 }, () => newId("attempt", 1_760_000_000_000)));
    expect(ids.size).toBe(100_000);
  });

  test("the lowest id of a time is not above any id made then and above every id made before", () => {
    fc.assert(
      fc.property(times, (time) => {
        expect(lowestId("request", time) <= newId("request", time)).toBe(true);
        if (time > 0) expect(newId("request", time - 1) < lowestId("request", time)).toBe(true);
      }),
    );
  });

  test("a derived id is the same each time, differs by connection, and lies in its request's range", () => {
    const request = newId("request", 1_760_000_000_123);
    const [one, other] = [newId("connection"), newId("connection")];
    const event = derivedId("event", request, one);
    expect(derivedId("event", request, one)).toBe(event);
    expect(derivedId("event", request, other)).not.toBe(event);
    expect(derivedId("event", newId("request", 1_760_000_000_123), one)).not.toBe(event);
    expect(isId("event", event)).toBe(true);
    expect(idTimeMs(event)).toBe(1_760_000_000_123);
    const { from, to } = derivedRange("event", request);
    expect(from <= event && event < to).toBe(true);
    expect(derivedId("ignored_event", request, one)).toBe(event.replace("evt_", "ign_"));
  });

  test("a known pair always had this id: changing the derivation would make routing repeat itself", () => {
    expect(
      derivedId("event", "req_01K74V7GC00123456789ABCDEF", "web_01K74V7GC00000000000000000"),
    ).toMatchInlineSnapshot(`"evt_01K74V7GC0WVQA4WTAXY2RVC8A"`);
  });

  test("a source's key cannot be guessed from another and has its form", () => {
    const keys = new Set(Array.from({ length: 1_000 }, newSourceKey));
    expect(keys.size).toBe(1_000);
    for (const key of keys) expect(isSourceKey(key)).toBe(true);
    expect(isSourceKey("0123456789abcdefghjkmnpqru")).toBe(false);
  });
});

test("ids of requests sort as they were made, within a millisecond too", () => {
  const ids = [1, 1, 1, 2, 2, 3].flatMap((ms) => [newRequestId(ms), newRequestId(ms)]);
  expect(ids.toSorted()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => isId("request", id))).toBe(true);
});
