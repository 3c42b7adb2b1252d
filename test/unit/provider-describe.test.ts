import { expect, describe as suite, test } from "vitest";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { PROVIDER_TYPES, PROVIDERS } from "#server/contracts/provider.ts";
import type { SourceType } from "#server/contracts/source.ts";
import { challenge, describe } from "#server/providers/describe.ts";
import { hmac } from "#server/providers/hmac.ts";
import { providerOfHeader, providers } from "#server/providers/list.ts";
import { presetFor } from "#server/providers/preset.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { inbound } from "#test/support/inbound.ts";

const unsigned = prepareAuth("NONE", {});
const hmacOn = (header: string) => prepareAuth("HMAC", { secret: "s", signature_header: header });
const whole = (eventType: string | null, providerEventId: string | null, isIdSigned = true) => ({
  eventType,
  providerEventId,
  isIdSigned,
});
const mustNotParse = () => {
  throw new Error("parsed");
};

function identify(type: SourceType, body: unknown, headers: HeaderList = [], auth = unsigned) {
  return describe(type, auth, inbound("", headers), () => body);
}

suite("event type and id", () => {
  test("Stripe: type and id of the body, also for HMAC on its header", () => {
    const event = { id: "evt_1", type: "invoice.paid", event: "no" };
    expect(identify("STRIPE", event)).toEqual(whole("invoice.paid", "evt_1"));
    expect(identify("WEBHOOK", event, [], hmacOn("Stripe-Signature"))).toEqual(whole("invoice.paid", "evt_1"));
  });

  test("GitHub: the event with its action, and the delivery", () => {
    const headers: HeaderList = [
      ["X-GitHub-Event", "issues"],
      ["X-GitHub-Delivery", "d-1"],
    ];
    expect(identify("GITHUB", { action: "opened", id: 5 }, headers)).toEqual(whole("issues.opened", "d-1", false));
    expect(identify("GITHUB", { ref: "main" }, headers)).toEqual(whole("issues", "d-1", false));
    expect(identify("GITHUB", { payload: { action: "closed" } }, headers)).toEqual(
      whole("issues.closed", "d-1", false),
    );
    expect(identify("GITHUB", { payload: "{" }, headers)).toEqual(whole("issues", "d-1", false));
    // A copy behind it makes no other event of a captured one.
    expect(identify("GITHUB", {}, [...headers, ["x-github-delivery", "d-2"]])).toEqual(whole("issues", "d-1", false));
    expect(identify("WEBHOOK", {}, headers, hmacOn("x-hub-signature-256"))).toEqual(whole("issues", "d-1", false));
  });

  test("Shopify: headers alone, without parsing the body", () => {
    const headers: HeaderList = [
      ["X-Shopify-Topic", "orders/create"],
      ["X-Shopify-Webhook-Id", "w-1"],
    ];
    expect(describe("SHOPIFY", unsigned, inbound("{}", headers), mustNotParse)).toEqual(
      whole("orders/create", "w-1", false),
    );
    const auth = hmacOn("x-shopify-hmac-sha256");
    expect(describe("WEBHOOK", auth, inbound("{}", headers), mustNotParse)).toEqual(
      whole("orders/create", "w-1", false),
    );
  });

  test("Slack: the inner event's type and event_id", () => {
    expect(identify("SLACK", { type: "event_callback", event: { type: "message" }, event_id: "Ev1" })).toEqual(
      whole("message", "Ev1"),
    );
    expect(identify("SLACK", { payload: { type: "block_actions" } })).toEqual(whole("block_actions", null));
    expect(identify("SLACK", { type: "url_verification" })).toEqual(whole("url_verification", null));
  });

  test("Standard Webhooks: the body's type and webhook-id or svix-id", () => {
    const auth = prepareAuth("STANDARD_WEBHOOKS", { secret: "whsec_AAAA" });
    expect(identify("WEBHOOK", { type: "user.created", id: "no" }, [["Webhook-Id", "msg_1"]], auth)).toEqual(
      whole("user.created", "msg_1"),
    );
    expect(identify("WEBHOOK", { type: "user.created" }, [["svix-id", "msg_2"]], hmacOn("svix-signature"))).toEqual(
      whole("user.created", "msg_2"),
    );
  });

  test("Standard Webhooks: the id belongs to the signature that is checked, not to a header added beside it", () => {
    const both: HeaderList = [
      ["webhook-id", "added"],
      ["svix-id", "signed"],
      ["svix-signature", "v1,x"],
    ];
    const auth = prepareAuth("STANDARD_WEBHOOKS", { secret: "whsec_AAAA" });
    expect(identify("WEBHOOK", {}, both, auth).providerEventId).toBe("signed");
    const pretended: HeaderList = [...both, ["webhook-signature", "v1,y"]];
    expect(identify("WEBHOOK", {}, pretended, hmacOn("svix-signature")).providerEventId).toBe("signed");
    expect(
      identify(
        "WEBHOOK",
        {},
        [
          ["svix-id", "a"],
          ["svix-id", "b"],
          ["svix-signature", "v1,x"],
        ],
        auth,
      ).providerEventId,
    ).toBe("a");
  });

  test("WooCommerce: the order's id is no event id", () => {
    const headers: HeaderList = [
      ["X-WC-Webhook-Topic", "order.updated"],
      ["X-WC-Webhook-Delivery-ID", "d9"],
    ];
    expect(identify("WEBHOOK", { id: 7 }, headers, hmacOn("x-wc-webhook-signature"))).toEqual(
      whole("order.updated", "d9", false),
    );
  });

  test("an id of what changed, and not of the change, makes no duplicates of later events", () => {
    const first = { event: "updated.deal", meta: { action: "updated", object: "deal", id: 42 }, current: { id: 42 } };
    const second = { meta: { action: "change", entity: "deal", entity_id: "42", id: "d1f4e7f9" }, data: { id: 42 } };
    const alert = { id: "5b2bde0e", eventTypeName: "OUTSIDE_METRIC_THRESHOLD", status: "CLOSED" };
    const usage = { id: "qlm81nq1drd0", object_type: "usage", event_type: "created" };
    expect(identify("PIPEDRIVE", first)).toMatchObject({ eventType: "updated.deal", isIdShared: true });
    expect(identify("PIPEDRIVE", second)).toMatchObject({
      eventType: "change.deal",
      providerEventId: "d1f4e7f9",
      isIdShared: false,
    });
    expect(identify("MONGODB_ATLAS", alert)).toMatchObject({ providerEventId: "5b2bde0e", isIdShared: true });
    expect(identify("RECURLY", usage)).toMatchObject({ providerEventId: "qlm81nq1drd0", isIdShared: true });
  });

  test("Zendesk: the invocation, and no id in the body that the author of a trigger wrote", () => {
    const headers: HeaderList = [["X-Zendesk-Webhook-Invocation-Id", "8350205582"]];
    expect(identify("ZENDESK", { id: "5158" }, headers)).toMatchObject({
      providerEventId: "8350205582",
      isIdSigned: false,
    });
    expect(identify("ZENDESK", { id: "5158" }).providerEventId).toBeNull();
  });

  test("any other producer: type | event | event_type and id | event_id", () => {
    expect(identify("WEBHOOK", { event: "a", event_type: "b", event_id: "i" })).toEqual(whole("a", "i"));
    expect(identify("WEBHOOK", { type: "", event: { nested: true }, event_type: "b", id: 42 })).toEqual(
      whole("b", "42"),
    );
    for (const body of [undefined, null, "text", 5, [], {}, { type: {}, id: [] }]) {
      expect(identify("WEBHOOK", body)).toEqual(whole(null, null));
    }
    expect(identify("WEBHOOK", JSON.parse('{"__proto__":{"type":"x","id":"y"}}'))).toEqual(whole(null, null));
  });
});

suite("Twilio: one sid has many callbacks", () => {
  test("each status of a message is an event of its own, and its repetition the same one", () => {
    const sent = identify("TWILIO", { MessageSid: "SM1", MessageStatus: "sent", SmsStatus: "sent" });
    const delivered = identify("TWILIO", { MessageSid: "SM1", SmsStatus: "delivered" });
    expect(sent).toEqual(whole("sent", "SM1:sent"));
    expect(delivered).toEqual(whole("delivered", "SM1:delivered"));
    expect(identify("TWILIO", { CallSid: "CA1", CallStatus: "completed", SequenceNumber: "3" })).toEqual(
      whole("completed", "CA1:completed:3"),
    );
  });

  test("steps of a call in progress and changes of a conversation are never taken for duplicates", () => {
    expect(identify("TWILIO", { CallSid: "CA1", CallStatus: "in-progress", Digits: "1" }).providerEventId).toBeNull();
    expect(identify("TWILIO", { EventType: "onMessageUpdated", MessageSid: "IM1" })).toEqual(
      whole("onMessageUpdated", null),
    );
    expect(identify("TWILIO", {})).toEqual(whole(null, null));
    const token = (value: string): HeaderList => [["I-Twilio-Idempotency-Token", value]];
    const step = (value: string) =>
      identify("TWILIO", { CallSid: "CA1", CallStatus: "in-progress" }, token(value)).providerEventId;
    expect(step("a")).toBe("CA1:in-progress:a");
    expect(step("b")).not.toBe(step("a"));
  });
});

suite("what is stored is clean", () => {
  test("NUL and lone surrogates are replaced, and long values cut to 255 characters", () => {
    const { eventType, providerEventId } = identify("STRIPE", {
      type: `a\0\ud800${"x".repeat(400)}`,
      id: `b\0${"y".repeat(100)}`,
    });
    expect(eventType).toHaveLength(255);
    expect(eventType).toMatch(/^a\ufffd\ufffdx+$/);
    expect(providerEventId).toMatch(/^b\ufffdy+$/);
    const cutPair = identify("STRIPE", { type: `${"x".repeat(254)}😀` }).eventType ?? "";
    expect(cutPair.isWellFormed()).toBe(true);
  });

  test("long ids that differ only at the end stay different, within 255 characters", () => {
    const id = (end: string) => identify("STRIPE", { id: "i".repeat(1000) + end }).providerEventId ?? "";
    expect(id("a")).not.toBe(id("b"));
    expect(id("a")).toBe(id("a"));
    expect(id("a")).toHaveLength(255);
  });

  test("a number beyond 2^53 is an id with its very digits; no fraction is one", () => {
    expect(identify("WEBHOOK", { id: 9007199254740993n }).providerEventId).toBe("9007199254740993");
    expect(identify("WEBHOOK", { id: 1.5 }).providerEventId).toBeNull();
    expect(identify("STRIPE", { type: 5, id: true })).toEqual(whole(null, null));
  });

  test.each([
    0,
    "0",
    "",
    " ",
    "000",
    "00000000-0000-0000-0000-000000000000",
    "null",
    "undefined",
    "None",
    "NaN",
    null,
    true,
    false,
    "true",
  ])("%j stands for no id, and the next field is asked", (id) => {
    expect(identify("STRIPE", { id }).providerEventId).toBeNull();
    expect(identify("WEBHOOK", { id, event_id: "evt_1" }).providerEventId).toBe("evt_1");
  });

  test("the JSON in a form's payload names what the form itself does not", () => {
    expect(identify("WEBHOOK", { payload: { event: "media.play", id: "p1" } })).toEqual(whole("media.play", "p1"));
    expect(identify("WEBHOOK", { event: "outer", payload: { event: "media.play" } })).toEqual(whole("outer", null));
  });
});

suite("challenge", () => {
  const probe = JSON.stringify({ token: "t", challenge: "3eZbrw1a", type: "url_verification" });
  const ask = (type: SourceType, body: string, auth = unsigned) =>
    challenge(type, auth, inbound(body, []), () => JSON.parse(body), true);

  test("Slack's url_verification is answered with its challenge as plain text", () => {
    const answer = { status: 200, contentType: "text/plain; charset=utf-8", body: "3eZbrw1a" };
    expect(ask("SLACK", probe)).toEqual(answer);
    expect(ask("WEBHOOK", probe, hmacOn("X-Slack-Signature"))).toEqual(answer);
  });

  test("ordinary events and other providers are not", () => {
    expect(ask("WEBHOOK", probe)).toBeNull();
    expect(ask("GITHUB", '{"zen":"ping"}')).toBeNull();
    expect(ask("SLACK", '{"type":"event_callback","text":"url_verification","challenge":"x"}')).toBeNull();
    expect(ask("SLACK", '{"type":"url_verification","challenge":5}')).toBeNull();
    expect(challenge("SLACK", unsigned, inbound('{"type":"event_callback"}', []), mustNotParse, true)).toBeNull();
  });

  test("a signed probe gets no answer before it is verified", () => {
    expect(challenge("SLACK", unsigned, inbound(probe, []), mustNotParse, false)).toBeNull();
  });
});

suite("the list", () => {
  test("every type can be told from the others by its tile and its title", () => {
    for (const shown of ["tile", "title"] as const) {
      const all = Object.values(PROVIDERS).map((provider) => provider[shown]);
      expect(new Set(all).size).toBe(all.length);
    }
  });

  test("is in index order, and no header belongs to two providers", () => {
    const names = providers.map((provider) => provider.name);
    expect(names.length).toBeGreaterThan(10);
    expect(names).toEqual([...names].sort());
    const own = providers.filter(({ isHeaderShared }) => !isHeaderShared);
    const headers = own.flatMap((provider) => provider.headers).filter((header) => header !== "authorization");
    expect(new Set(headers).size).toBe(headers.length);
    expect(headers).toEqual(headers.map((header) => header.toLowerCase()));
    expect(providerOfHeader("X-Hub-Signature-256")?.name).toBe("github");
    expect(providerOfHeader("x-webhook-signature")).toBeNull();
  });

  test("plain HMAC may stand in a header of no one's own, and not where a provider sends something else", () => {
    const problems = (signature_header: string) => hmac.problems({ secret: "shh-0123456789abcdef", signature_header });
    for (const header of ["X-Signature", "X-Signature-SHA256", "X-Webhook-Signature", "X-Front-Signature"])
      expect(problems(header), header).toEqual([]);
    expect(problems("X-Gitlab-Token")).toMatchObject([{ field: "signature_header" }]);
    // Front's rules sign in the header of its applications, otherwise than those.
    expect(providerOfHeader("X-Front-Signature")).toBeNull();
  });

  test("a provider's type presets its auth and deduplication; WEBHOOK presets neither", () => {
    expect(presetFor("WEBHOOK")).toMatchObject({
      auth_type: "NONE",
      deduplicate_provider_events: false,
      allowed_http_methods: ["POST", "PUT", "PATCH", "DELETE"],
      body_limit_bytes: 10 * 1024 * 1024,
      custom_response: null,
    });
    for (const type of PROVIDER_TYPES) {
      expect(presetFor(type)).toMatchObject({ auth_type: type, deduplicate_provider_events: true });
      expect(presetFor(type).allowed_http_methods).toContain("POST");
    }
  });
});
