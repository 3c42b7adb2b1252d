// The resources of the demo. Each shows something: a limit, a first try that fails, a slow and a dead receiver, and every rule.
import type { MockDestinationConfig } from "#server/contracts/destination.ts";
import type { Rules } from "#server/contracts/rule.ts";
import type { DemoProviderName } from "./providers.ts";

const seconds = (count: number) => count * 1000;
/** Short waits: the demo shows in seconds what takes hours in earnest. */
const RETRY = { type: "retry", strategy: "linear", interval: seconds(2), count: 4 } as const;

export const DEMO_TRANSFORMATION = {
  name: "demo-amounts",
  description: "Part of the demo: cents to units, and nothing that names a customer.",
  code: `const invoice = request.body.data.object;

request.body = {
  id: request.body.id,
  type: request.body.type,
  amount: invoice.amount_paid / 100,
  currency: invoice.currency,
};
return request;
`,
};

export const DEMO_DESTINATIONS = {
  "demo-orders": { latency_ms: 40, rate_limit: 90, rate_limit_period: "minute" },
  "demo-ledger": { latency_ms: 60, answers: [{ status: 503, body: "try again" }, { status: 200 }] },
  "demo-lake": { latency_ms: 700 },
  "demo-erp": { status: 500, body: "The mock of a receiver that is down." },
  "demo-crm": { latency_ms: 25 },
} satisfies Record<string, Partial<MockDestinationConfig>>;

interface DemoConnection {
  name: string;
  source: DemoProviderName;
  destination: keyof typeof DEMO_DESTINATIONS;
  /** A transform rule names the demo's transformation. */
  rules(transformationId: string): Rules;
}

const connection = (
  name: string,
  source: DemoProviderName,
  destination: keyof typeof DEMO_DESTINATIONS,
  rules: (transformationId: string) => Rules = () => [],
): DemoConnection => ({ name: `demo-${name}`, source, destination, rules: (id) => [...rules(id), RETRY] });

export const DEMO_CONNECTIONS: readonly DemoConnection[] = [
  connection("stripe-orders", "stripe", "demo-orders", () => [
    { type: "deduplicate", window: seconds(60), include_fields: ["body.id"] },
  ]),
  connection("stripe-ledger", "stripe", "demo-ledger", (id) => [{ type: "transform", transformation_id: id }]),
  connection("stripe-lake", "stripe", "demo-lake"),
  connection("github-lake", "github", "demo-lake"),
  connection("github-reviews", "github", "demo-crm", () => [{ type: "filter", event_type: "pull_request*" }]),
  connection("shopify-orders", "shopify", "demo-orders", () => [
    { type: "filter", body: { total_price: { $exist: true }, currency: "EUR" } },
  ]),
  {
    name: "demo-shopify-erp",
    source: "shopify",
    destination: "demo-erp",
    rules: () => [{ type: "retry", strategy: "linear", interval: seconds(1), count: 1 }],
  },
  connection("shopify-crm", "shopify", "demo-crm", () => [{ type: "delay", delay: seconds(3) }]),
  connection("twilio-crm", "twilio", "demo-crm", () => [{ type: "filter", body: { MessageStatus: { $neq: "sent" } } }]),
];
