import { describe, expect, test } from "vitest";
import {
  ageWords,
  badgeHref,
  cardLabel,
  setSpanWords,
  shortUrl,
  slotsOf,
  slotWords,
} from "#components/graph/card-words.ts";
import { deleteWords } from "#components/graph/delete-words.ts";
import { fanOutWords, heldWords, shareWords } from "#components/graph/selection-words.ts";
import {
  connectionCard as connection,
  destinationCard as destination,
  LIMIT,
  sourceCard as source,
} from "#test/support/graph-cards.ts";

const holding = (id: string, count: number) =>
  connection(id, { badges: { shown: [{ state: "HOLD", count }], hiddenCount: 0 } });

describe("a card", () => {
  test("names the five rules in the order in which they run, with what was set and in the unit that it was set in", () => {
    const rules = {
      retry: { strategy: "linear", count: 8 },
      deduplicate: { window: 60_000 },
      delay: { delay: 300_000 },
      filter: { clause_count: null },
      transform: { transformation_id: "trf_1", name: "order-shape", version: 7 },
    } as const;
    const slots = slotsOf(rules);
    expect(slots.map(({ kind, value }) => [kind, value])).toEqual([
      ["deduplicate", "60 s"],
      ["transform", "v7"],
      ["filter", "many"],
      ["delay", "5 min"],
      ["retry", "9×"],
    ]);
    expect(slots.map((slot) => slotWords(slot, rules))).toEqual([
      "Deduplicate within 60 s",
      "Transform with order-shape v7",
      "Filter, many clauses",
      "Delay of 5 min",
      "Retry, 9 tries in all",
    ]);
    expect(slotsOf({}).map((slot) => slotWords(slot, {}))).toEqual([
      "No deduplicate",
      "No transform",
      "No filter",
      "No delay",
      "No retry",
    ]);
  });

  test.each([
    [250, "250 ms"],
    [1_000, "1 s"],
    [60_000, "60 s"],
    [90_000, "90 s"],
    [5_400_000, "90 min"],
    [7 * 86_400_000, "7 d"],
    [1_001, "1 s"],
  ])("writes a span of %d ms as %s", (ms, words) => {
    expect(setSpanWords(ms)).toBe(words);
  });

  test("counts an age in its largest unit, and never below nought where the clocks differ", () => {
    expect(ageWords(0, 21 * 60_000 + 59_000)).toBe("21 min");
    expect(ageWords(0, 38_400)).toBe("38 s");
    expect(ageWords(5_000, 0)).toBe("0 s");
  });

  test("tells a screen reader its kind, name, state and numbers", () => {
    expect(cardLabel(source({ rejectedLastHour: 38 }))).toBe(
      "Source shopify-store, Delivering, verified, 268 a minute, 38 rejected in an hour",
    );
    const paused = { kind: "paused", word: "Paused", sinceMs: 1, detail: "312 held" } as const;
    const badges = { shown: [{ state: "HOLD", count: 312 } as const], hiddenCount: 0 };
    expect(cardLabel(connection("stripe-orders", { state: paused, perMinute: undefined, badges }))).toBe(
      "Connection stripe-orders, Paused, 312 held",
    );
    expect(cardLabel(destination())).toBe("Destination crm-sync, Delivering, 312 in its queue, 2 of 5 under way");
  });

  test("leads from a badge to the list of just these events", () => {
    expect(badgeHref("web_1", "HOLD")).toBe("/events?status=HOLD&connection_id=web_1");
  });

  test("shortens the address of a source to what tells it from others, also where it is no address", () => {
    expect(shortUrl("https://in.example.com/e/k3976r7588fx0000qkss")).toBe("/e/k3976r7588fx…qkss");
    expect(shortUrl("nothing")).toBe("nothing");
  });
});

describe("a selection in words", () => {
  test("says of a source where it fans out to, what is delivered, and what is held in how many branches", () => {
    const branches = [connection("a", { perMinute: 174 }), holding("b", 318), holding("c", 312)];
    expect(fanOutWords(source(), branches)).toBe(
      "fans out to 3 destinations: 174 a minute delivered, 630 held in two branches. No branch waits for another.",
    );
    expect(fanOutWords(source(), [connection("a", { perMinute: 1 })])).toBe(
      "goes to 1 destination: 1 a minute delivered.",
    );
    expect(fanOutWords(source(), [])).toContain("goes nowhere yet");
  });

  test("says of a destination who shares its limit", () => {
    expect(shareWords(destination({ connectionIds: ["a", "b", "c"], limit: LIMIT }))).toBe(
      "3 connections share 120 a minute",
    );
    expect(shareWords(destination({ connectionIds: ["a"], limit: LIMIT }))).toBe("1 connection has 120 a minute");
    expect(shareWords(destination({ connectionIds: ["a", "b"] }))).toBe(
      "2 connections end here, without a rate limit.",
    );
    expect(shareWords(destination())).toBe("No connection ends here yet.");
    expect(heldWords([holding("a", 312)])).toBe("312 held in one branch");
    expect(heldWords([connection("a")])).toBe("");
  });
});

describe("deleting", () => {
  const waiting = (over: Record<string, number>) => ({
    queued: 0,
    scheduled: 0,
    retrying: 0,
    held: 0,
    failed: 0,
    ...over,
  });

  test("says of a connection how many events are cancelled and what stops", () => {
    const card = connection("stripe-orders", { perMinute: 212 });
    const { title, affects } = deleteWords(card, [card], [waiting({ held: 312, queued: 1 })]);
    expect(title).toBe("Delete stripe-orders?");
    expect(affects).toContain("313 waiting events, of which 312 are held, will be cancelled.");
    expect(affects).toContain("212 events a minute will not be delivered any more.");
    expect(deleteWords(card, [card], []).affects).toContain("No event waits on the way.");
    expect(deleteWords(card, [card], [waiting({ retrying: 1 })]).affects).toContain(
      "1 waiting event will be cancelled.",
    );
  });

  test("says of an end which connections go with it, and of one that nothing uses that it is none", () => {
    const branches = ["a", "b", "c", "d", "e", "f"].map((id) => connection(id));
    const words = deleteWords(destination(), branches, []);
    expect(words.affects).toContain("6 connections will be deleted with it: a, b, c, d, e and 1 more.");
    expect(words.confirmLabel).toBe("Delete with 6 connections");
    expect(deleteWords(source(), [], []).affects).toBe(
      "No connection uses it. Requests to its URL will be answered with 404.",
    );
  });
});
