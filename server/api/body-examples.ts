/** Bodies as they could be sent, by the name of the operation. A test reads each by its contract. */
export const BODY_EXAMPLES: Record<string, Record<string, unknown>> = {
  "sources.create": { name: "stripe", type: "STRIPE", config: { auth: { secret: "whsec_…" } } },
  "destinations.create": {
    name: "billing",
    config: { url: "https://billing.example.com/webhooks", rate_limit: 10, rate_limit_period: "second" },
  },
  "destinations.update": { config: { rate_limit: 20 } },
  "connections.create": {
    name: "stripe-to-billing",
    source: { name: "stripe", type: "STRIPE" },
    destination: { name: "billing", config: { url: "https://billing.example.com/webhooks" } },
    rules: [
      { type: "filter", body: { type: { $startsWith: "invoice." } } },
      { type: "retry", strategy: "exponential", interval: 60_000, count: 10 },
    ],
  },
  "connections.pause": { until: "2026-06-01T08:00:00Z" },
  "transformations.create": { name: "envelope", code: "request.body = { data: request.body };\nreturn request;" },
  "transformations.run": {
    code: "request.headers['x-seen'] = 'yes';\nreturn request;",
    request: { headers: {}, body: { type: "invoice.paid" } },
  },
  "publish.events": { source: "orders", type: "order.paid", resource_id: "order-7", data: { order: 7, amount: 4200 } },
  "bulk.replay": { source: "stripe", event_type_pattern: "invoice.*", from: "now-24h", to: "now", rate_limit: 5 },
  "bulk.retryEvents": { status: ["FAILED"], from: "now-24h" },
  "apiKeys.create": { name: "deploy", scope: "write" },
};
