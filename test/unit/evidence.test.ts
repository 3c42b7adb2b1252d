import { describe, expect, test } from "vitest";
import { makeEvidenceCap, type Sent } from "#server/ingest/evidence.ts";

const OWNER = { teamId: "tm_a", sourceId: "src_a" };
const MIB = 1024 * 1024;
const small: Sent = {
  path: "/orders",
  query: "a=1",
  headers: [["X-Signature", "wrong"]],
  content_type: "application/json",
  body: Buffer.from("{}"),
};
const huge: Sent = {
  path: `/${"p".repeat(6_000)}`,
  query: "q".repeat(50_000),
  headers: [
    ["X-Signature", "wrong"],
    ...Array.from({ length: 450 }, (_, i): [string, string] => [`x-${i}`, "v".repeat(120)]),
  ],
  content_type: "a/".repeat(20_000),
  body: Buffer.alloc(200 * 1024, 97),
};
const storedBytes = ({ path, query, headers, body, content_type }: Sent) =>
  path.length + query.length + JSON.stringify(headers).length + body.length + (content_type?.length ?? 0);

describe("one rejected request", () => {
  test("that is small is kept whole, and nothing is said of cutting", () => {
    expect(makeEvidenceCap()(OWNER, small, 0)).toEqual({ isKept: true, evidence: { ...small, note: "" } });
  });

  test("that is huge keeps its beginnings, and says how much of what", () => {
    const { isKept, evidence } = makeEvidenceCap()(OWNER, huge, 0);
    expect(isKept).toBe(true);
    expect(storedBytes(evidence)).toBeLessThan(16 * 1024);
    expect(evidence.headers[0]).toEqual(["X-Signature", "wrong"]);
    expect(evidence.body).toEqual(huge.body.subarray(0, 4_096));
    expect(evidence.path).toBe(huge.path.slice(0, 2_048));
    expect(evidence.note).toMatch(
      /^ Kept as evidence: \d+ of \d+ bytes of the headers, 2048 of 56001 bytes of the path and query, 4096 of 204800 bytes of the body\.$/,
    );
  });

  test("with one enormous header keeps the others", () => {
    const headers: Sent["headers"] = [
      ["X-Pad", "p".repeat(60_000)],
      ["X-Signature", "wrong"],
    ];
    const { evidence } = makeEvidenceCap()(OWNER, { ...small, headers }, 0);
    expect(evidence.headers.map(([name, value]) => [name, value.length])).toEqual([
      ["X-Pad", 2_048],
      ["X-Signature", 5],
    ]);
  });
});

describe("a flood of them", () => {
  test("from one source writes some hundred rows a minute, and over the hours its part of the day", () => {
    const keep = makeEvidenceCap();
    let firstMinute = 0;
    let rows = 0;
    let written = 0;
    for (let minute = 0; minute < 3 * 60; minute++) {
      for (let i = 0; i < 310; i++) {
        const { isKept, evidence } = keep(OWNER, huge, minute * 60_000 + i);
        if (!isKept) continue;
        written += storedBytes(evidence);
        if (minute > 0) continue;
        rows++;
        firstMinute += storedBytes(evidence);
      }
    }
    expect(rows).toBe(300);
    expect(firstMinute * 1_440).toBeLessThan(1.6e9);
    // A burst, and three hours of 64 MiB a day.
    expect(written).toBeLessThan((8 + 8) * MIB);
    expect(written).toBeGreaterThan(8 * MIB);
  });

  test("does not take the evidence of another team's source", () => {
    const keep = makeEvidenceCap();
    for (let source = 0; source < 60; source++) {
      for (let i = 0; i < 300; i++) keep({ teamId: `tm_${source % 6}`, sourceId: `src_${source}` }, huge, 0);
    }
    expect(keep({ teamId: "tm_other", sourceId: "src_other" }, small, 0).isKept).toBe(true);
  });

  test("leaves nothing of what is only counted", () => {
    const keep = makeEvidenceCap();
    for (let i = 0; i < 300; i++) keep(OWNER, small, 0);
    expect(keep(OWNER, huge, 0)).toEqual({
      isKept: false,
      evidence: { path: "/", query: "", headers: [], content_type: null, body: Buffer.alloc(0), note: "" },
    });
    expect(keep(OWNER, small, 60_000).isKept).toBe(true);
  });
});
