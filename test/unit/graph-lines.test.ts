// What is said of the lines of the graph: of one that is drawn, and of the numbers of those that are there.
import { describe, expect, test } from "vitest";
import { connectVerdict } from "#components/graph/connect-verdict.ts";
import { lineNumbers } from "#components/graph/line-words.ts";
import {
  connectionCard as connection,
  destinationCard as destination,
  LIMIT,
  sourceCard as source,
} from "#test/support/graph-cards.ts";

describe("the numbers of a branch", () => {
  test("are what its source offers, what is delivered, how fast its destination answers, and what has failed", () => {
    const badges = {
      shown: [{ state: "FAILED", count: 14 } as const, { state: "RETRYING", count: 3 } as const],
      hiddenCount: 0,
    };
    const branch = connection("stripe-orders", { perMinute: 212, badges });
    expect(lineNumbers(branch, source({ perMinute: 440 }), destination({ p95Ms: 184 }))).toEqual({
      title: "stripe-orders",
      facts: [
        ["Offered by shopify-store", "440 a minute"],
        ["Delivered", "212 a minute"],
        ["p95 of crm-sync", "184 ms"],
        ["Failed in 24 h", "14"],
      ],
      rest: "3 retrying",
    });
  });

  test("are left open where they are not known, and never said to be nought", () => {
    const { facts, rest } = lineNumbers(connection("web_1", { perMinute: undefined }), undefined, destination());
    expect(facts.map(([, value]) => value)).toEqual(["–", "–", "–", "0"]);
    expect(rest).toBe("");
  });
});

describe("a line drawn back from a destination", () => {
  test("connects at a source as one from there does, and says what will be shared", () => {
    const to = destination({ connectionIds: ["a", "b", "c"], limit: LIMIT });
    expect(connectVerdict(to, source())).toEqual(connectVerdict(source(), to));
  });

  test("is refused with the reason at a destination or a connection, and over nothing offers a new connection", () => {
    expect(connectVerdict(destination(), destination({ id: "des_2", name: "billing" }))).toMatchObject({
      kind: "refuse",
      note: "billing is a destination, too. A line begins at a source.",
    });
    expect(connectVerdict(destination(), connection("web_1"))).toMatchObject({
      kind: "refuse",
      note: expect.stringContaining("has its destination already"),
    });
    expect(connectVerdict(destination(), undefined)).toMatchObject({
      kind: "offer",
      note: "Release on a source to connect, or here to make a new connection to it.",
    });
  });
});

describe("a line drawn from a source", () => {
  test("connects at a destination, and says before what will be shared", () => {
    const at = connectVerdict(source(), destination({ connectionIds: ["a", "b", "c"], limit: LIMIT }));
    expect(at).toMatchObject({
      kind: "connect",
      note: "Release to connect. It becomes the 4th branch under 120 a minute, of which 44 are free.",
    });
    expect(connectVerdict(source(), destination()).note).toContain("the first branch");
    expect(connectVerdict(source({ connectionIds: ["a"] }), destination({ connectionIds: ["a"] })).note).toContain(
      "connected already",
    );
  });

  test.each([
    [11, "12th"],
    [20, "21st"],
    [21, "22nd"],
    [111, "112th"],
  ])("counts the branch after %d as the %s", (count, nth) => {
    const connectionIds = Array.from({ length: count }, (_, n) => String(n));
    expect(connectVerdict(source(), destination({ connectionIds })).note).toContain(`the ${nth} branch`);
  });

  test("is refused with the reason at a source or a connection, and over nothing offers a new destination", () => {
    expect(connectVerdict(source(), source({ id: "src_2", name: "stripe-live" }))).toMatchObject({
      kind: "refuse",
      note: "stripe-live is a source, too. A line ends at a destination.",
    });
    expect(connectVerdict(source(), connection("web_1")).kind).toBe("refuse");
    expect(connectVerdict(source(), undefined).kind).toBe("offer");
    expect(connectVerdict(source(), source()).kind).toBe("offer");
  });
});
