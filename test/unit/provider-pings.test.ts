import { createHash, createHmac } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { HeaderList } from "#server/contracts/header-list.ts";
import { ask, probe, signedRow, URL_OF_SOURCE, VERIFIED } from "#test/support/asked-provider.ts";
import { inbound } from "#test/support/inbound.ts";

describe("Braintree", () => {
  const auth = { secret: "integration_private_key", public_key: "integration_public_key" };
  const form: HeaderList = [["content-type", "application/x-www-form-urlencoded"]];

  test("a challenge that was answered for a stranger is no event of his", () => {
    const text = "20f9f8ed05f77439fe955c977e4c8a53";
    const request = inbound("", [], { method: "GET", urls: [`${URL_OF_SOURCE}?bt_challenge=${text}`] });
    const answer = probe("BRAINTREE", request, auth);
    const body = new URLSearchParams({ bt_payload: text, bt_signature: answer?.body ?? "" }).toString();
    expect(ask("BRAINTREE", inbound(body, form), auth).kind).toBe("rejected");
  });

  test("signs no text that could be an event", () => {
    const event = Buffer.from("<notification/>").toString("base64");
    for (const text of [event, "", "20F9F8ED05F77439FE955C977E4C8A53", "20f9", "2".repeat(33), `${"2".repeat(32)}\n`]) {
      const urls = [`${URL_OF_SOURCE}?bt_challenge=${encodeURIComponent(text)}`];
      expect(probe("BRAINTREE", inbound("", [], { method: "GET", urls }), auth), text).toBeNull();
    }
  });

  test("a payload that lost the line break at its end is what was signed, and no other break is", () => {
    const payload = Buffer.from("<notification/>").toString("base64");
    const key = createHash("sha1").update(auth.secret).digest();
    const sent = (signed: string) => {
      const digest = createHmac("sha1", key).update(signed).digest("hex");
      const body = new URLSearchParams({
        bt_payload: payload,
        bt_signature: `${auth.public_key}|${digest}`,
      }).toString();
      return ask("BRAINTREE", inbound(body, form), auth).kind;
    };
    expect(sent(payload)).toBe("verified");
    expect(sent(`${payload}\n`)).toBe("verified");
    for (const other of [`${payload}\r\n`, `${payload}\n\n`, `\n${payload}`]) expect(sent(other)).toBe("rejected");
  });

  test("refuses another payload, and a signature under another public key", () => {
    expect(ask("BRAINTREE", signedRow("BRAINTREE"), auth)).toEqual(VERIFIED);
    const changed = signedRow("BRAINTREE", (body) => body.replace("bt_payload=P", "bt_payload=Q"));
    expect(ask("BRAINTREE", changed, auth).kind).toBe("rejected");
    expect(ask("BRAINTREE", signedRow("BRAINTREE"), { ...auth, public_key: "other" }).kind).toBe("rejected");
  });
});

describe("WooCommerce", () => {
  test("the ping of a new webhook gets its 200, and nothing else that is not signed is a ping", () => {
    const ping = (body: string, headers: HeaderList = [], method = "POST") =>
      probe("WOOCOMMERCE", inbound(body, headers, { method }))?.status ?? null;
    expect(ping("webhook_id=12")).toBe(200);
    expect(ping("webhook_id=12", [["x-wc-webhook-signature", "x"]])).toBeNull();
    expect(ping("webhook_id=12", [], "GET")).toBeNull();
    for (const body of ["webhook_id=", "webhook_id=1&x=2", "webhook_id=1\n", '{"id":1}', ""])
      expect(ping(body)).toBeNull();
  });
});
