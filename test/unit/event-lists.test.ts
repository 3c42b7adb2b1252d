// Requests that bring several events at once: what they are called, and which of them repeats which.
import { describe, expect, test } from "vitest";
import type { ProviderType } from "#server/contracts/provider.ts";
import { outlineBody } from "#server/payload/body-outline.ts";
import { describedFields, describe as identify } from "#server/providers/describe.ts";
import { prepareAuth } from "#server/providers/verify.ts";
import { fitsEventType } from "#server/rules/event-type-glob.ts";
import { inbound } from "#test/support/inbound.ts";
import { ROWS } from "#test/support/provider-rows/rows.ts";

function namesOf(type: ProviderType, body: unknown) {
  const auth = prepareAuth(type, ROWS[type]?.auth ?? { secret: "shh-0123456789abcdef" });
  const request = inbound(JSON.stringify(body), [["content-type", "application/json"]]);
  const { eventType, providerEventId } = identify(type, auth, request, () =>
    outlineBody(request.body, "application/json", describedFields(type, auth)),
  );
  return { eventType, providerEventId };
}

const sendgrid = (...events: [type: string, id: string][]) =>
  namesOf(
    "SENDGRID",
    events.map(([event, sg_event_id]) => ({ event, sg_event_id, email: "a@example.com" })),
  );

describe("the type of a list", () => {
  test("is that of all its events where they agree, else each one once", () => {
    expect(sendgrid(["open", "1"], ["open", "2"]).eventType).toBe("open");
    expect(sendgrid(["open", "1"], ["click", "2"], ["open", "3"]).eventType).toBe("click, open");
    expect(sendgrid(["click", "1"], ["open", "2"]).eventType).toBe("click, open");
    expect(namesOf("GOCARDLESS", { events: [], meta: { webhook_id: "WB1" } })).toEqual({
      eventType: null,
      providerEventId: "WB1",
    });
  });

  test("is read of a list in lines, as Auth0 sends it where its owner asks for lines", () => {
    const log = (type: string, id: number) =>
      JSON.stringify({ log_id: `900${id}`, data: { type, user_id: "auth0|6" } });
    const named = (body: string) => {
      const auth = prepareAuth("AUTH0", { secret: "shh-0123456789abcdef" });
      const fields = () => outlineBody(Buffer.from(body), "application/json", describedFields("AUTH0", auth));
      return identify("AUTH0", auth, inbound(body, [["content-type", "application/json"]]), fields);
    };
    const lines = named(`${log("s", 1)}\n${log("f", 2)}\n${log("s", 3)}\n`);
    expect(lines.eventType).toBe("f, s");
    expect(lines.providerEventId).toMatch(/^9001 \(\+2\)/);
    expect(named(`[${log("s", 1)},${log("f", 2)},${log("s", 3)}]`)).toEqual(lines);
    expect(named(`${log("s", 1)}\r\n\r\n`)).toEqual(named(log("s", 1)));
    expect(named(log("s", 1))).toMatchObject({ eventType: "s", providerEventId: "9001" });
    for (const body of ["", "\n", "no json\n", `${log("s", 1)}\nno json`, `${log("s", 1)} ${log("s", 2)}`])
      expect(named(body), body).toMatchObject({ eventType: null, providerEventId: null });
    const many = named(`${log("s", 1)}\n`.repeat(2_001));
    expect(many).toMatchObject({ eventType: "s (+1)", providerEventId: null });
  });

  test("is none where the events within have none, as QuickBooks sent them before it sent CloudEvents", () => {
    const dataChangeEvent = { entities: [{ name: "Customer", id: "1", operation: "Create" }] };
    const before = { eventNotifications: [{ realmId: "1185883450", dataChangeEvent }] };
    expect(namesOf("QUICKBOOKS", before)).toEqual({ eventType: null, providerEventId: null });
    const event = (type: string, id: string) => ({ specversion: "1.0", id, type, intuitentityid: "1" });
    const sent = [event("qbo.customer.created.v1", "a"), event("qbo.invoice.voided.v1", "b")];
    expect(namesOf("QUICKBOOKS", sent).eventType).toBe("qbo.customer.created.v1, qbo.invoice.voided.v1");
  });

  test("says how many have no room, and is no longer than what is stored", () => {
    const { eventType } = sendgrid(
      ...Array.from({ length: 40 }, (_, i): [string, string] => [`a-long-type-${i}`, `${i}`]),
    );
    expect(eventType).toMatch(/^a-long-type-0, a-long-type-1, a-long-type-10, .*\d \(\+\d+\)$/);
    expect(eventType?.length).toBeLessThan(256);
    const listed = (eventType ?? "").replace(/ \(.*/, "").split(", ").length;
    expect(eventType).toContain(`(+${40 - listed})`);
  });

  test("fits a glob when one of its types does, and every glob when it has more than it names", () => {
    expect(fitsEventType("click", "open, click")).toBe(true);
    expect(fitsEventType("cl*", "open, click")).toBe(true);
    expect(fitsEventType("open, click", "open, click")).toBe(true);
    expect(fitsEventType("bounce", "open, click")).toBe(false);
    expect(fitsEventType("lick", "open, click")).toBe(false);
    expect(fitsEventType("bounce", "open, click (+3)")).toBe(true);
    expect(fitsEventType("bounce", "open (+x)")).toBe(false);
  });
});

describe("the id of a list", () => {
  test("is that of its one event, or one that only the same events share", () => {
    expect(sendgrid(["open", "e1"]).providerEventId).toBe("e1");
    const both = sendgrid(["open", "e1"], ["open", "e2"]).providerEventId;
    expect(both).toMatch(/^e1 \(\+1\) [\w-]{22}$/);
    expect(sendgrid(["click", "e1"], ["open", "e2"]).providerEventId).toBe(both);
    expect(sendgrid(["open", "e1"], ["open", "e3"]).providerEventId).not.toBe(both);
    expect(sendgrid(["open", "e1"], ["open", "e2"], ["open", "e3"]).providerEventId).not.toBe(both);
    // No id that is cut in two makes two events of one, or one of two.
    expect(sendgrid(["open", "e1"], ["open", 'a","b']).providerEventId).not.toBe(
      sendgrid(["open", "e1"], ["open", "a"], ["open", "b"]).providerEventId,
    );
  });

  test("is none where an event has none, or where there are more than are read: none of them may be lost", () => {
    expect(namesOf("SENDGRID", [{ event: "open", sg_event_id: "e1" }, { event: "open" }]).providerEventId).toBeNull();
    const many = (count: number) =>
      sendgrid(...Array.from({ length: count }, (_, i): [string, string] => ["open", `e${i}`]));
    expect(many(2_000).providerEventId).not.toBeNull();
    expect(many(2_001)).toEqual({ eventType: "open (+1)", providerEventId: null });
  });

  test("is the same when the provider notes in the body that it sends the list again", () => {
    const line = (isRedelivery: boolean) =>
      namesOf("LINE", {
        events: ["01A", "01B"].map((webhookEventId) => ({
          type: "message",
          webhookEventId,
          deliveryContext: { isRedelivery },
        })),
      });
    expect(line(true)).toEqual(line(false));
    const hubspot = (attemptNumber: number, objectId = 7) =>
      namesOf("HUBSPOT", [
        {
          eventId: 1,
          subscriptionId: 2,
          objectId,
          occurredAt: 1_760_000_000_000,
          subscriptionType: "contact.creation",
          attemptNumber,
        },
      ]);
    expect(hubspot(1)).toEqual(hubspot(0));
    expect(hubspot(0).providerEventId).toBe("1.2.7.1760000000000");
    // HubSpot uses an eventId twice, Klaviyo one for the topics of an event.
    expect(hubspot(0, 8)).not.toEqual(hubspot(0));
    const klaviyo = (topic: string) => namesOf("KLAVIYO", { data: [{ external_id: "e1", topic }] }).providerEventId;
    expect(klaviyo("event:a")).not.toBe(klaviyo("event:b"));
  });
});
