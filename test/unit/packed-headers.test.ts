// Headers of attempts are evidence: what is read is what was sent, to the letter, whatever form they are stored in.
import fc from "fast-check";
import { expect, test } from "vitest";
import { packHeaders, unpackHeaders } from "#server/wire/packed-headers.ts";
import { packRequestHeaders, unpackRequestHeaders } from "#server/wire/packed-request-headers.ts";
import { answeredHeaders, recordedHeaders } from "#test/support/sent-headers.ts";

test.each([
  ["sent", recordedHeaders],
  ["received", answeredHeaders],
] as const)("headers that were %s come back with their names, values and order", (_, arbitrary) => {
  fc.assert(
    fc.property(arbitrary, ({ headers, beside }) => {
      const stored = JSON.parse(JSON.stringify(packHeaders(headers, beside)));
      expect(unpackHeaders(stored, beside)).toEqual(headers);
    }),
    { numRuns: 400 },
  );
});

const beside = {
  ...{
    event_id: "evt_01JA000000AAAAAAAAAAAAAAAA",
    source_id: "src_a",
    connection_id: "web_a",
    number: 2,
    trigger: "MANUAL",
  },
  created_at: new Date("2026-11-27T00:00:00.900Z"),
};

test("a list from before there were texts is read as it stands", () => {
  const headers: [string, string][] = [["webhook-id", beside.event_id]];
  expect(unpackHeaders(headers, beside)).toEqual(headers);
});

test("what the row says already is not stored again, and what differs in one letter is", () => {
  const headers: [string, string][] = [
    ["webhook-id", beside.event_id],
    ["webhook-timestamp", String(Date.UTC(2026, 10, 27) / 1000)],
    ["content-type", "text/plain"],
    ["Date", "Fri, 27 Nov 2026 00:00:02 GMT"],
  ];
  expect(packHeaders(headers, beside)).toEqual(["i", "ctext/plain", "D2"]);
  expect(packHeaders(headers, { ...beside, event_id: "evt_01JA000000AAAAAAAAAAAAAAAB" })).toEqual([
    ...headers.slice(0, 2),
    "ctext/plain",
    "D2",
  ]);
});

test("a delivery's headers take a quarter of their bytes", () => {
  const [sample] = fc.sample(
    recordedHeaders.filter(
      ({ headers }) => headers.some(([name]) => name === "webhook-signature") && headers.length < 20,
    ),
    { numRuns: 1, seed: 7 },
  );
  if (!sample) throw new Error("There is no sample.");
  const own = sample.headers.filter(([name]) => name.startsWith("x-switchyard-") || name.startsWith("webhook-"));
  const bytes = (value: unknown) => JSON.stringify(value).length;
  expect(bytes(packHeaders(own, sample.beside)) / bytes(own)).toBeLessThan(0.35);
});

test("headers of a request come back with their names, values and order, and those from before as they stand", () => {
  fc.assert(
    fc.property(recordedHeaders, ({ headers }) => {
      expect(unpackRequestHeaders(JSON.parse(JSON.stringify(packRequestHeaders(headers))))).toEqual(headers);
      expect(unpackRequestHeaders(headers)).toEqual(headers);
    }),
    { numRuns: 200 },
  );
});

test("a common name of a request takes one letter, whichever case it came in, and a mixed one stays", () => {
  const headers: [string, string][] = [
    ["Host", "a.test"],
    ["x-forwarded-for", "10.0.0.1"],
    ["USER-AGENT", "a/1"],
    ["X-Own", "h"],
  ];
  expect(packRequestHeaders(headers)).toEqual(["Ha.test", "g10.0.0.1", ["USER-AGENT", "a/1"], ["X-Own", "h"]]);
});
