import type { DemoProvider } from "#server/demo/providers.ts";
import type { Api } from "./api.ts";
import type { Receiver } from "./receivers.ts";

export interface DemoSource {
  provider: DemoProvider;
  id: string;
  /** What the provider was given, and signs where the URL is part of the signature. */
  url: string;
  connections: number;
}

/** Short waits: the demo shows in seconds what takes hours in earnest. */
const RETRY = { type: "retry", strategy: "linear", interval: 1000, count: 8 };

/** Which receivers each provider's webhooks go to, by name, and the rules on the way beside {@link RETRY}. */
const ROUTES: Record<string, Record<string, object[]>> = {
  stripe: { healthy: [], "one-in-three-fails": [], slow: [] },
  github: { healthy: [], "one-in-three-fails": [{ type: "filter", event_type: ["pull_request", "pull_request.*"] }] },
  shopify: { slow: [], healthy: [{ type: "filter", body: { total_price: { $exist: true }, currency: "EUR" } }] },
  twilio: { "one-in-three-fails": [{ type: "filter", body: { MessageStatus: { $neq: "sent" } } }] },
};

async function saveDestinations(api: Api, receivers: Receiver[]): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const { name, url } of receivers) {
    const { id } = await api.save("destinations", { name: `demo-${name}`, config: { url } });
    ids.set(name, id);
  }
  return ids;
}

/** Makes the sources, destinations and connections of the demo, or brings those of an earlier run up to date. */
export async function wire(api: Api, providers: DemoProvider[], receivers: Receiver[]): Promise<DemoSource[]> {
  const destinationIds = await saveDestinations(api, receivers);
  const sources: DemoSource[] = [];
  for (const provider of providers) {
    const { name, type, secret } = provider;
    const source = await api.save("sources", { name: `demo-${name}`, type, config: { auth: { secret } } });
    const routes = Object.entries(ROUTES[name] ?? {});
    for (const [receiver, rules] of routes) {
      await api.save("connections", {
        name: `demo-${name}-to-${receiver}`,
        source_id: source.id,
        destination_id: destinationIds.get(receiver),
        rules: [...rules, RETRY],
      });
    }
    sources.push({ provider, id: source.id, url: source.url ?? "", connections: routes.length });
  }
  return sources;
}
