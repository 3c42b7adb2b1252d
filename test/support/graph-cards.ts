// Cards of the graph as the model makes them, each with what a test says of it.
import type { ConnectionCard, DestinationCard, SourceCard } from "#components/graph/graph-types.ts";

const WELL = { kind: "delivering", word: "Delivering", sinceMs: null, detail: "" } as const;

export const sourceCard = (over: Partial<SourceCard> = {}): SourceCard => ({
  kind: "source",
  id: "src_1",
  name: "shopify-store",
  type: "SHOPIFY",
  url: "https://in.example.com/e/k3976r7588fx0000qkss",
  verification: "signature",
  authType: "SHOPIFY",
  unusableBecause: null,
  isDisabled: false,
  updatedAt: "2026-11-26T06:00:00.000Z",
  perMinute: 268,
  rejectedLastHour: 0,
  lastRequestAtMs: null,
  state: WELL,
  connectionIds: [],
  ...over,
});

export const connectionCard = (id: string, over: Partial<ConnectionCard> = {}): ConnectionCard => ({
  kind: "connection",
  id,
  name: id,
  sourceId: "src_1",
  destinationId: `des_of_${id}`,
  rules: {},
  isPaused: false,
  pausedUntil: null,
  isDisabled: false,
  updatedAt: "2026-11-26T06:00:00.000Z",
  perMinute: 0,
  state: WELL,
  needsYou: false,
  action: null,
  badges: { shown: [], hiddenCount: 0 },
  ...over,
});

export const destinationCard = (over: Partial<DestinationCard> = {}): DestinationCard => ({
  kind: "destination",
  id: "des_1",
  name: "crm-sync",
  type: "HTTP",
  method: "PUT",
  host: "crm.example.com",
  path: "/sync",
  unusableBecause: null,
  isDisabled: false,
  updatedAt: "2026-11-26T06:00:00.000Z",
  limit: null,
  concurrency: 5,
  ordering: "none",
  hasGroups: false,
  inFlight: 2,
  perMinute: 76,
  queueDepth: 312,
  oldestAtMs: null,
  p95Ms: null,
  breaker: null,
  maintenanceWindows: [],
  leaseSeconds: undefined,
  state: WELL,
  connectionIds: [],
  ...over,
});

export const LIMIT = { max: 120, period: "minute", used: 76, isReached: false, sharers: [] } as const;
