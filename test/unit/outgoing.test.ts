import { describe, expect, test } from "vitest";
import { DEFAULT_BREAKER } from "#server/contracts/breaker.ts";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { HOP_BY_HOP, namedByConnection } from "#server/contracts/hop-by-hop.ts";
import { NO_ORDER } from "#server/contracts/ordering.ts";
import type { DueEvent } from "#server/delivery/due-events.sql.ts";
import { buildOutgoing, hopsOf, prepareDestination } from "#server/delivery/outgoing.ts";
import type { SendableRequest } from "#server/events/stored-request.sql.ts";
import { policyUnder } from "#test/support/egress-policy.ts";

const EVENT_ID = "evt_01JA000000000000000000TEST";
const request = (headers: HeaderList): SendableRequest => ({
  team_id: "tm_a",
  id: "req_01JA000000000000000000TEST",
  verified: false,
  method: "POST",
  path: "/",
  query: "",
  headers,
  body: null,
  body_bytes: 2,
  is_masked: false,
});
const event = (transformedHeaders: HeaderList | null = null): DueEvent => ({
  team_id: "tm_a",
  id: EVENT_ID,
  event_type: null,
  object_batch_id: null,
  request_id: "req_01JA000000000000000000TEST",
  source_id: "src_a",
  connection_id: "web_a",
  destination_id: "des_a",
  attempts: 0,
  retries_counted_from: 0,
  trigger: "INITIAL",
  turn_key: null,
  next_attempt_at: new Date(0),
  transformed: transformedHeaders && { method: "POST", path: "/", query: "", headers: transformedHeaders },
  has_own_body: false,
  transformed_body: null,
});
const prepare = (
  config: { headers?: Record<string, string>; auth_type?: "API_KEY" | "NONE"; auth?: Record<string, unknown> } = {},
) =>
  prepareDestination(
    {
      id: "des_a",
      config: {
        url: "https://receiver.example/hook",
        http_method: null,
        path_forwarding_disabled: false,
        headers: {},
        timeout_ms: 15_000,
        rate_limit: null,
        rate_limit_period: "minute",
        concurrency: 25,
        groups: null,
        auth_type: "NONE",
        auth: {},
        retry: null,
        dead_letter_destination_id: null,
        breaker: DEFAULT_BREAKER,
        maintenance_windows: [],
        ...NO_ORDER,
        ...config,
      },
    },
    policyUnder(),
  );

function sentHeaders(received: HeaderList, options: { prepared?: ReturnType<typeof prepare>; due?: DueEvent } = {}) {
  const { prepared = prepare(), due = event() } = options;
  const url = new URL("https://receiver.example/hook");
  return buildOutgoing(prepared, url, {
    event: due,
    request: request(received),
    body: Buffer.from("{}"),
    now: new Date(0),
  }).headers;
}
const names = (headers: HeaderList) => headers.map(([name]) => name.toLowerCase());

describe("headers that end at the next hop", () => {
  test("those that Connection names are not forwarded, in any case, list or repeat", () => {
    const sent = sentHeaders([
      ["Connection", "close, X-Hop-Secret"],
      ["CONNECTION", " x-second ,,\tX-Third\t"],
      ["X-Hop-Secret", "must not pass"],
      ["x-SECOND", "must not pass"],
      ["X-Third", "must not pass"],
      ["X-End", "keep"],
    ]);
    expect(names(sent).slice(0, 2)).toEqual(["x-end", "webhook-id"]);
    expect(JSON.stringify(sent)).not.toContain("must not pass");
  });

  test("nor when a transform took the Connection header away", () => {
    const received: HeaderList = [
      ["connection", "x-hop-secret"],
      ["x-hop-secret", "must not pass"],
    ];
    const due = event([["x-hop-secret", "must not pass"]]);
    expect(names(sentHeaders(received, { due }))).not.toContain("x-hop-secret");
  });

  test("no name in Connection removes what the product adds", () => {
    const prepared = prepare({
      headers: { "X-Own": "1" },
      auth_type: "API_KEY",
      auth: { header: "X-Key", api_key: "k" },
    });
    const named = "webhook-id, webhook-timestamp, x-switchyard-hops, x-switchyard-verified, x-own, x-key, traceparent";
    const sent = names(sentHeaders([["connection", named]], { prepared }));
    for (const name of named.split(", ")) expect(sent).toContain(name);
  });

  test.each([...HOP_BY_HOP, "host", "content-length", "expect", "authorization", "cookie"])(
    "%s is not forwarded",
    (name) => {
      expect(names(sentHeaders([[name.toUpperCase(), "x"]]))).not.toContain(name);
    },
  );
});

test("namedByConnection reads every value, without case and blanks", () => {
  expect([...namedByConnection(["close, X-A", "", " , x-b,X-A"])]).toEqual(["close", "x-a", "x-b"]);
});

describe("the marks of a delivery", () => {
  const MARKS = [
    "webhook-id",
    "webhook-timestamp",
    "webhook-signature",
    "x-switchyard-event-id",
    "x-switchyard-verified",
    "x-switchyard-hops",
    "x-switchyard-anything",
    "traceparent",
  ];
  const spellings = (name: string) => [name, name.toUpperCase(), name.replaceAll("-", "_"), name.replaceAll("-", ".")];
  const forged: HeaderList = MARKS.flatMap(spellings).map((name) => [name, "forged"]);

  test("are ours alone, also in the spellings that CGI reads as the same variable", () => {
    expect(JSON.stringify(sentHeaders(forged))).not.toContain("forged");
    expect(JSON.stringify(sentHeaders([], { due: event(forged) }))).not.toContain("forged");
  });

  test("and so are the destination's own headers and its credential", () => {
    const prepared = prepare({
      headers: { "X-Own": "1" },
      auth_type: "API_KEY",
      auth: { header: "X-Key", api_key: "k" },
    });
    const sent = sentHeaders(
      [...spellings("x-own"), ...spellings("x-key")].map((name) => [name, "forged"]),
      { prepared },
    );
    expect(JSON.stringify(sent)).not.toContain("forged");
    expect(sent).toContainEqual(["x-key", "k"]);
  });

  test("a header that only resembles one goes on", () => {
    const received: HeaderList = [
      ["webhook-event", "push"],
      ["X_Custom", "1"],
    ];
    expect(sentHeaders(received).slice(0, 2)).toEqual(received);
  });
});

test("of several counts of hops the largest holds", () => {
  const hops = (...values: string[]) => hopsOf(request(values.map((value) => ["X-Switchyard-Hops", value])));
  expect(hops()).toBe(0);
  expect(hops("0", "4", "2")).toBe(4);
  expect(hops("99999")).toBe(99_999);
  expect(hops("soon")).toBe(0);
});
