import { describe, expect, test } from "vitest";
import { minWidth } from "#components/data/table-width.ts";
import { ATTEMPTS } from "#components/lists/attempts.tsx";
import { keysShown, withKey } from "#components/lists/columns.ts";
import { EVENTS } from "#components/lists/events.tsx";
import { REQUESTS } from "#components/lists/requests.tsx";

const NAMES = { sources: new Map(), connections: new Map(), destinations: new Map() };
const all = EVENTS.columns(NAMES);
const usual = ["state", "event", "connection", "tries", "answer", "age"];

describe("the columns of a list", () => {
  test("are those of the address, else the remembered ones, else the usual ones, always in the list's order", () => {
    expect(keysShown(all, null, undefined)).toEqual(usual);
    expect(keysShown(all, null, ["destination", "state"])).toEqual(["state", "destination"]);
    expect(keysShown(all, "age,source,state", ["destination", "state"])).toEqual(["state", "source", "age"]);
  });

  test("that the list has not are left out, and nothing but such ones is no choice", () => {
    expect(keysShown(all, "state,no_such", undefined)).toEqual(["state"]);
    expect(keysShown(all, "no_such,constructor", ["source"])).toEqual(["source"]);
    expect(keysShown(all, ",,", ["no_such"])).toEqual(usual);
  });

  test("come and go one by one, the first stays, and the usual ones are no choice to remember", () => {
    expect(withKey(all, usual, "source")).toEqual(["state", "event", "source", "connection", "tries", "answer", "age"]);
    expect(withKey(all, usual, "tries")).toEqual(["state", "event", "connection", "answer", "age"]);
    expect(withKey(all, ["state", "event"], "state")).toEqual(["state", "event"]);
    expect(withKey(all, ["state", "event", "connection", "answer", "age"], "tries")).toBeNull();
  });

  test("leave each other enough to be read: with more of them the table is wider, and scrolls", () => {
    const shown = (list: { columns: typeof EVENTS.columns }, isAll: boolean) =>
      list.columns(NAMES).filter(({ isExtra }) => isAll || !isExtra);
    for (const list of [EVENTS, REQUESTS, ATTEMPTS] as unknown as (typeof EVENTS)[]) {
      expect(minWidth(shown(list, false))).toBe("md:min-w-[600px]");
      expect(minWidth(shown(list, true))).toMatch(/^md:min-w-\[1[3-7]00px\]$/);
    }
    expect(minWidth(Array.from({ length: 20 }, () => ({ width: 150 })))).toBe("md:min-w-[1700px]");
  });

  test("have names that an address and the server take, no two the same", () => {
    for (const { columns } of [EVENTS, REQUESTS, ATTEMPTS]) {
      const keys = columns(NAMES).map(({ key }) => key);
      expect(keys.filter((key) => !/^[a-z][a-z_]{0,31}$/.test(key))).toEqual([]);
      expect([new Set(keys).size, keys.length <= 20]).toEqual([keys.length, true]);
      expect(columns(NAMES)[0]?.isExtra).toBeUndefined();
    }
  });
});
