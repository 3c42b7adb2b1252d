// The normalised view: the same four facts of every provider's event, as rules read them.
import { describe, expect, test } from "vitest";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { Rules } from "#server/contracts/rule.ts";
import { SourceConfig, type SourceType } from "#server/contracts/source.ts";
import { judge, openForFacts, openRequest } from "#server/judging/judge.ts";
import { outlineBody } from "#server/payload/body-outline.ts";
import { describedFields, describe as identify } from "#server/providers/describe.ts";
import { tellFacts, wantedFacts } from "#server/providers/facts.ts";
import { presetFor } from "#server/providers/preset.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { isLargeTeller, tellLarge } from "#server/routing/large-facts.ts";
import { inbound } from "#test/support/inbound.ts";
import { ROWS } from "#test/support/provider-rows/rows.ts";

const JSON_TYPE = "application/json";
const FORM_TYPE = "application/x-www-form-urlencoded";

/** A request as the door stores it: type and id are those that the door reads. */
function stored(type: SourceType, text: string, headers: HeaderList = [], contentType = JSON_TYPE) {
  const body = Buffer.from(text);
  const sent = inbound(body, [["content-type", contentType], ...headers]);
  const auth = prepareAuth(presetFor(type).auth_type, { secret: "s" });
  const { eventType, providerEventId } = identify(type, auth, sent, () =>
    outlineBody(body, contentType, describedFields(type, auth)),
  );
  return {
    team_id: "tm_a",
    id: "req_a",
    source_id: "src_a",
    status: "accepted" as const,
    verified: true,
    method: "POST",
    path: "/",
    query: "",
    headers: sent.headers,
    body,
    body_bytes: body.length,
    content_type: contentType,
    event_type: eventType,
    provider_event_id: providerEventId,
    source_type: type,
    is_masked: false,
    created_at: new Date("2026-06-01T00:00:00Z"),
  };
}
const factsOf = (...given: Parameters<typeof stored>) => openRequest(stored(...given), tellFacts).event;

const STRIPE = JSON.stringify({
  id: "evt_1NG8Du2eZvKYlo2CUI79vXWy",
  object: "event",
  created: 1_686_089_970,
  type: "invoice.paid",
  data: { object: { id: "in_1NG8Du2eZvKYlo2C", object: "invoice", created: 1_686_000_000 } },
});

describe("the facts of a large body, which is outlined and not parsed", () => {
  const teller = { tell: tellFacts, wantedOf: wantedFacts };
  test.each(Object.entries(ROWS))("of %s are those of a small one", (type, { body, headers = [] }) => {
    const contentType = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? JSON_TYPE;
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const one = { ...stored(type as SourceType, text, headers, contentType) };
    expect(openForFacts(one, teller).event).toEqual(openRequest(one, tellFacts).event);
  });

  test("are none where it is neither JSON nor a form, or is gone", () => {
    const none = { ...stored("STRIPE", "<a/>", [], "text/xml"), event_type: null, provider_event_id: null };
    expect(openForFacts(none, teller).event).toEqual({});
    expect(openForFacts({ ...none, body: null }, teller).event).toEqual({});
  });

  test("are not waited for when the thread cannot tell them", async () => {
    const large = { ...stored("STRIPE", STRIPE), body_bytes: 1_000_000 };
    expect(isLargeTeller(large)).toBe(true);
    expect(isLargeTeller({ ...large, facts: {} })).toBe(false);
    const ends = [
      () => Promise.reject(new Error("The team's line is full.")),
      async () => ({ kind: "stopped", limit: "time" }),
    ];
    for (const judge of ends) {
      const tools = { pool: {}, sandbox: { judge } } as unknown as Parameters<typeof tellLarge>[0];
      expect(await tellLarge(tools, { ...large })).toBeUndefined();
    }
  });
});

describe("an event tells the same of itself, whoever sent it", () => {
  test("Stripe", () => {
    expect(factsOf("STRIPE", STRIPE)).toEqual({
      type: "invoice.paid",
      id: "evt_1NG8Du2eZvKYlo2CUI79vXWy",
      occurred_at: "2023-06-06T22:19:30.000Z",
      resource_id: "in_1NG8Du2eZvKYlo2C",
    });
  });

  test("GitHub, as JSON and as a form", () => {
    const headers: HeaderList = [
      ["X-GitHub-Event", "issues"],
      ["X-GitHub-Delivery", "72d3162e-cc78-11e3-81ab-4c9367dc0958"],
    ];
    const body = JSON.stringify({
      action: "opened",
      created_at: "2023-06-06T22:19:30Z",
      issue: { number: 1347 },
      repository: { id: 35_129_377, full_name: "baxterthehacker/public-repo" },
    });
    const told = {
      type: "issues.opened",
      id: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
      occurred_at: "2023-06-06T22:19:30.000Z",
      resource_id: "35129377",
    };
    expect(factsOf("GITHUB", body, headers)).toEqual(told);
    expect(factsOf("GITHUB", new URLSearchParams({ payload: body }).toString(), headers, FORM_TYPE)).toEqual(told);
  });

  test("Twilio, which tells no time", () => {
    const form = "EventType=onMessageAdded&MessageSid=IM1&SmsSid=SM9&SequenceNumber=4";
    expect(factsOf("TWILIO", form, [], FORM_TYPE)).toEqual({
      type: "onMessageAdded",
      id: "IM1:onMessageAdded:4",
      resource_id: "SM9",
    });
  });

  test("Shopify, whose ids have more digits than a double", () => {
    const headers: HeaderList = [
      ["X-Shopify-Topic", "orders/create"],
      ["X-Shopify-Webhook-Id", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"],
    ];
    expect(factsOf("SHOPIFY", '{"id":820982911946154508,"created_at":"2023-06-06T18:19:30-04:00"}', headers)).toEqual({
      type: "orders/create",
      id: "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
      occurred_at: "2023-06-06T22:19:30.000Z",
      resource_id: "820982911946154508",
    });
  });

  test("one that was published here", () => {
    const headers: HeaderList = [
      ["ce-time", "2023-06-06T22:19:30.000Z"],
      ["ce-subject", "order%207"],
    ];
    const published = {
      ...stored("WEBHOOK", "{}", headers),
      source_type: "PUBLISH" as const,
      event_type: "order.paid",
    };
    expect(openRequest(published, tellFacts).event).toMatchObject({
      type: "order.paid",
      occurred_at: "2023-06-06T22:19:30.000Z",
      resource_id: "order 7",
    });
  });
});

describe("whatever a sender writes, there are facts or none", () => {
  const time = (created: unknown) => factsOf("STRIPE", JSON.stringify({ created }))?.occurred_at;

  test.each([
    [1_686_089_970, "2023-06-06T22:19:30.000Z"],
    [1_686_089_970_123, "2023-06-06T22:19:30.123Z"],
    ["1686089970.5", "2023-06-06T22:19:30.500Z"],
    ["2023-06-06", "2023-06-06T00:00:00.000Z"],
    ["2023-06-06 22:19:30", "2023-06-06T22:19:30.000Z"],
    ["2023-06-06T22:19:30+0200", "2023-06-06T20:19:30.000Z"],
    ["Tue, 06 Jun 2023 22:19:30 +0000", "2023-06-06T22:19:30.000Z"],
  ])("%j is a time", (sent, told) => expect(time(sent)).toBe(told));

  test.each([[0], [-1], [5], [1e300], [null], [{}], [[]], ["now"], [""], ["2023-13-40"], ["1".repeat(5_000)], [true]])(
    "%j is none",
    (sent) => expect(time(sent)).toBe(undefined),
  );

  test("a text, a list, nothing, a name of the prototype", () => {
    for (const body of ["plain text", "[1,2]", "", '{"data":{"object":{"id":{"a":1}}}}', '{"__proto__":{"id":"x"}}'])
      expect(factsOf("STRIPE", body)?.resource_id).toBe(undefined);
    const hostile = {
      source_type: "STRIPE" as const,
      method: "POST",
      headers: [],
    };
    for (const body of [null, 0, Object.create(null), new Proxy({}, { has: () => true })])
      expect(tellFacts(hostile, body)).toEqual({});
  });

  test("is cut and can be stored", () => {
    const id = `a\u0000${"x".repeat(1_000)}`;
    const told = factsOf("STRIPE", JSON.stringify({ data: { object: { id } } }))?.resource_id;
    expect(told).toHaveLength(255);
    expect(told).not.toContain("\u0000");
  });
});

describe("rules read them", () => {
  const judged = async (rules: unknown[], orderPath: string | null = null) => {
    const of = stored("STRIPE", STRIPE);
    const transform = async () => ({
      kind: "returned" as const,
      console: [],
      duration_ms: 0,
      request: { ...openRequest(of, tellFacts), event: undefined, body: { gone: true } } as never,
    });
    const input = {
      stored: of,
      request: openRequest(of, tellFacts),
      rules: Rules.parse(rules),
      isReplay: false,
      orderPath,
      groupPath: null,
      work: { left: 100_000 },
    };
    return judge(input, { findDuplicate: async () => null, transform });
  };
  const filter = (event: unknown) => judged([{ type: "filter", event }]);

  test("filters, also behind a transform, which can neither see nor change them", async () => {
    expect(await filter({ resource_id: "in_1NG8Du2eZvKYlo2C", type: { $startsWith: "invoice." } })).toMatchObject({
      kind: "deliver",
    });
    expect(await filter({ occurred_at: { $gte: "2023-06-07" } })).toMatchObject({
      kind: "ignored",
      detail: expect.stringContaining("event.occurred_at"),
    });
    const transformed = [
      { type: "transform", transformation_id: "trs_a" },
      { type: "filter", event: { resource_id: "in_1NG8Du2eZvKYlo2C" }, body: { gone: true } },
    ];
    expect(await judged(transformed)).toMatchObject({ kind: "deliver" });
    const reference = { body: { data: { object: { id: { $eq: { $ref: "event.resource_id" } } } } } };
    expect(await judged([{ type: "filter", ...reference }])).toMatchObject({ kind: "deliver" });
  });

  test("deduplication and ordering keys", async () => {
    const key = async (fields: string[]) =>
      (await judged([{ type: "deduplicate", window: 1_000, include_fields: fields }])).dedupe?.keyHash;
    expect(await key(["event.resource_id"])).toBe(await key(["event.resource_id"]));
    expect(await key(["event.resource_id"])).not.toBe(await key(["event.id"]));
    expect(await judged([], "event.resource_id")).toMatchObject({ orderValue: "=in_1NG8Du2eZvKYlo2C" });
  });

  test("by these names alone, and a source masks none of them", () => {
    const field = (path: string) => ({ type: "deduplicate", window: 1_000, include_fields: [path] });
    for (const path of ["event", "event.other", "event.type.a", "event[0]"])
      expect(Rules.safeParse([field(path)]).success).toBe(false);
    expect(Rules.safeParse([field("event.occurred_at")]).success).toBe(true);
    expect(SourceConfig.shape.masked_paths.safeParse(["event.type"]).success).toBe(false);
  });
});
