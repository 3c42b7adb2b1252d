// Webhooks of four providers for the demo: payloads of their shape, signed by their rules (each provider's own documentation).
import { createHmac, randomBytes, randomInt } from "node:crypto";

export interface Webhook {
  headers: Record<string, string>;
  body: string;
}

export interface DemoProvider {
  name: string;
  type: "STRIPE" | "GITHUB" | "SHOPIFY" | "TWILIO";
  secret: string;
  /** A new payload. `deliver` signs it for the moment and the URL it is sent to: calling it twice is the provider's own retry. */
  make(): { deliver(url: string, now: Date): Webhook };
}

const hmac = (algorithm: "sha1" | "sha256", secret: string, text: string, encoding: "hex" | "base64") =>
  createHmac(algorithm, secret).update(text).digest(encoding);
const pick = <T>(items: readonly [T, ...T[]]): T => items[randomInt(items.length)] ?? items[0];
const hex = (bytes: number) => randomBytes(bytes).toString("hex");
const json = { "Content-Type": "application/json" };

function stripePayload() {
  const type = pick(["invoice.paid", "payment_intent.succeeded", "charge.refunded", "customer.subscription.updated"]);
  const amount = randomInt(500, 50_000);
  return {
    id: `evt_${hex(12)}`,
    object: "event",
    api_version: "2026-04-22",
    created: Math.floor(Date.now() / 1000),
    type,
    livemode: false,
    pending_webhooks: 1,
    request: { id: `req_${hex(7)}`, idempotency_key: hex(16) },
    data: {
      object: {
        id: `in_${hex(12)}`,
        object: "invoice",
        customer: `cus_${hex(7)}`,
        currency: pick(["eur", "usd", "gbp"]),
        amount_due: amount,
        amount_paid: amount,
        status: "paid",
        lines: { object: "list", data: [{ id: `il_${hex(8)}`, amount, description: "Team plan × 1", quantity: 1 }] },
        metadata: { order_id: String(randomInt(10_000, 99_999)) },
      },
    },
  };
}

/** https://docs.stripe.com/webhooks/signature: the secret is used literally, prefix included. */
function stripe(secret: string): DemoProvider {
  return {
    name: "stripe",
    type: "STRIPE",
    secret,
    make() {
      const body = JSON.stringify(stripePayload(), null, 2);
      return {
        deliver(_url, now) {
          const t = Math.floor(now.getTime() / 1000);
          const v1 = hmac("sha256", secret, `${t}.${body}`, "hex");
          return {
            body,
            headers: { "Content-Type": "application/json; charset=utf-8", "Stripe-Signature": `t=${t},v1=${v1}` },
          };
        },
      };
    },
  };
}

const repository = {
  id: 1296269,
  name: "switchyard",
  full_name: "acme/switchyard",
  private: false,
  default_branch: "main",
};
const sender = { login: "octocat", id: 583231, type: "User" };

function githubPayload(event: "push" | "pull_request" | "issues") {
  const number = randomInt(1, 4000);
  if (event === "push") {
    const commit = {
      id: hex(20),
      message: "Fix the rounding of totals",
      author: { name: "Octo Cat", email: "octo@example.com" },
    };
    return {
      ref: "refs/heads/main",
      before: hex(20),
      after: commit.id,
      repository,
      sender,
      commits: [commit],
      head_commit: commit,
    };
  }
  const action = pick(["opened", "closed", "reopened"]);
  const subject = { number, title: "Totals are off by one cent", state: "open", user: sender };
  return event === "issues"
    ? { action, issue: subject, repository, sender }
    : { action, number, pull_request: { ...subject, merged: false, draft: false }, repository, sender };
}

/** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries */
function github(secret: string): DemoProvider {
  return {
    name: "github",
    type: "GITHUB",
    secret,
    make() {
      const event = pick(["push", "pull_request", "issues"] as const);
      const body = JSON.stringify(githubPayload(event));
      const delivery = crypto.randomUUID();
      return {
        deliver: () => ({
          body,
          headers: {
            ...json,
            "User-Agent": "GitHub-Hookshot/044aadd",
            "X-GitHub-Delivery": delivery,
            "X-GitHub-Event": event,
            "X-Hub-Signature-256": `sha256=${hmac("sha256", secret, body, "hex")}`,
          },
        }),
      };
    },
  };
}

function shopifyPayload() {
  const price = (randomInt(500, 20_000) / 100).toFixed(2);
  return {
    id: randomInt(1_000_000_000),
    admin_graphql_api_id: `gid://shopify/Order/${randomInt(1_000_000_000)}`,
    name: `#${randomInt(1000, 9999)}`,
    email: "jon@example.com",
    created_at: new Date().toISOString(),
    currency: "EUR",
    total_price: price,
    financial_status: "paid",
    line_items: [
      { id: randomInt(1_000_000), title: "Kaffeebohnen Äthiopien 250 g", sku: "COF-ETH-250", quantity: 1, price },
    ],
    shipping_address: { first_name: "Zoë", city: "Zürich", country_code: "CH" },
  };
}

/** https://shopify.dev/docs/apps/build/webhooks/subscribe/https */
function shopify(secret: string): DemoProvider {
  return {
    name: "shopify",
    type: "SHOPIFY",
    secret,
    make() {
      const topic = pick(["orders/create", "orders/paid", "orders/updated"]);
      const body = JSON.stringify(shopifyPayload());
      const id = crypto.randomUUID();
      return {
        deliver: () => ({
          body,
          headers: {
            ...json,
            "X-Shopify-Topic": topic,
            "X-Shopify-Shop-Domain": "acme.myshopify.com",
            "X-Shopify-Webhook-Id": id,
            "X-Shopify-Hmac-SHA256": hmac("sha256", secret, body, "base64"),
          },
        }),
      };
    },
  };
}

/** https://www.twilio.com/docs/usage/security: the URL, then every field's name and value in the order of names. */
function twilio(secret: string): DemoProvider {
  return {
    name: "twilio",
    type: "TWILIO",
    secret,
    make() {
      const sid = `SM${hex(16)}`;
      const status = pick(["sent", "delivered", "undelivered"]);
      const fields = new URLSearchParams({
        AccountSid: `AC${hex(16)}`,
        ApiVersion: "2010-04-01",
        From: "+15005550006",
        MessageSid: sid,
        MessageStatus: status,
        SmsSid: sid,
        SmsStatus: status,
        To: `+4179${randomInt(1_000_000, 9_999_999)}`,
      });
      const signed = [...fields]
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .flat()
        .join("");
      return {
        deliver: (url) => ({
          body: fields.toString(),
          headers: {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "X-Twilio-Signature": hmac("sha1", secret, url + signed, "base64"),
          },
        }),
      };
    },
  };
}

/** The four by name: how a secret of each looks, and the provider that signs with it. */
export const DEMO_PROVIDERS = {
  stripe: { newSecret: () => `whsec_${hex(16)}`, of: stripe },
  github: { newSecret: () => hex(20), of: github },
  shopify: { newSecret: () => hex(32), of: shopify },
  twilio: { newSecret: () => hex(16), of: twilio },
};
export type DemoProviderName = keyof typeof DEMO_PROVIDERS;

/** The same webhook with one character of its signature changed. */
export function spoilSignature(webhook: Webhook): Webhook {
  const headers = Object.entries(webhook.headers).map(([name, value]) => {
    if (!/signature|hmac/i.test(name)) return [name, value];
    const at = value.length - 4;
    return [name, `${value.slice(0, at)}${value[at] === "0" ? "1" : "0"}${value.slice(at + 1)}`];
  });
  return { ...webhook, headers: Object.fromEntries(headers) };
}
