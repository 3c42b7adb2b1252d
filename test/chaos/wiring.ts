// The sources, connections and destinations of a run, of two teams, made through the API.
import { randomBytes } from "node:crypto";
import { type FaultProxy, startFaultProxy } from "./fault-proxy.ts";
import type { Instance } from "./instance.ts";
import type { Limits, Team, Wire } from "./logs.ts";
import type { Door } from "./producers.ts";
import { BUSY_MS, type Receivers } from "./receivers.ts";
import { TIMEOUT_MS } from "./timeout.ts";

/** A destination with a network of its own, but for the one whose limits are measured. */
export interface Place {
  team: Team;
  name: string;
  id: string;
  proxy: FaultProxy | null;
  connectionId: string;
}

export type Wiring = Awaited<ReturnType<typeof wire>>;

const PROVIDER_SECRET = "the secret of a provider's hook";
const RETRY = { type: "retry", strategy: "linear", interval: 1_000, count: 50 };
/** The breaker of the others is off, so that a run ends soon after its last fault. */
const QUICK_BREAKER = { mode: "auto", probe_min_ms: 1_000, probe_max_ms: 2_000, good_probes: 1, ramp_ms: 0 };
/** A little more than the rate needs, so that now the one and now the other is the limit. */
const CONCURRENCY_PER_RATE = (1.5 * BUSY_MS) / 1_000;

export interface SourceSpec {
  team: Team;
  name: string;
  weight: number;
  senders: number;
  isProvider?: boolean;
  to: DestinationSpec[];
}

interface DestinationSpec {
  name: string;
  config?: Record<string, unknown>;
  hasFilter?: boolean;
  isPartial?: boolean;
  isMeasured?: boolean;
  isOrdered?: boolean;
  /** No relay of ours lies before it. */
  isDirect?: boolean;
}

/** @param rate requests per second over all sources */
export const specsOf = (rate: number): SourceSpec[] => {
  // Twice what comes in, so that a backlog drains while more is sent.
  const limit = Math.max(20, Math.ceil(rate * 0.4 * 0.7 * 2));
  const measured = {
    rate_limit: limit,
    rate_limit_period: "second",
    concurrency: Math.max(3, Math.ceil(limit * CONCURRENCY_PER_RATE)),
  };
  const byKey = { ordering: "by_key", ordering_key: "body.key", concurrency: 10 };
  return [
    {
      ...{ team: "ours", name: "plain", weight: 4, senders: 6 },
      to: [
        { name: "steady" },
        { name: "measured", config: measured, hasFilter: true, isMeasured: true },
        { name: "watched", config: { concurrency: 10 } },
        { name: "shaky", config: { concurrency: 10, breaker: QUICK_BREAKER } },
      ],
    },
    {
      ...{ team: "ours", name: "keyed", weight: 3, senders: 5 },
      to: [
        { name: "ordered", config: byKey, isOrdered: true },
        { name: "reordered", config: byKey },
      ],
    },
    {
      ...{ team: "ours", name: "provider", weight: 2, senders: 3, isProvider: true },
      to: [{ name: "verified" }, { name: "switched", isPartial: true }],
    },
    { ...{ team: "theirs", name: "foreign", weight: 1, senders: 2 }, to: [{ name: "stranger" }] },
  ];
};

/** @param suffix makes the names of this run its own */
export async function wire(
  instance: Instance,
  receivers: Receivers,
  { specs, suffix }: { specs: readonly SourceSpec[]; suffix: string },
) {
  await using stack = new AsyncDisposableStack();
  const [wires, limits, doors, places]: [Wire[], Limits[], Door[], Place[]] = [[], [], [], []];
  const sourceIds: Record<Team, string[]> = { ours: [], theirs: [] };
  for (const spec of specs) {
    const { api } = instance.teams[spec.team];
    const source = await api.call<{ id: string; url: string }>("PUT", "/sources", {
      name: `${spec.name}${suffix}`,
      ...(spec.isProvider && { type: "GITHUB", config: { auth: { secret: PROVIDER_SECRET } } }),
    });
    sourceIds[spec.team].push(source.id);
    const { team, name, weight, senders } = spec;
    const providerSecret = spec.isProvider ? PROVIDER_SECRET : null;
    doors.push({ team, source: name, path: new URL(source.url).pathname, providerSecret, weight, senders });
    for (const to of spec.to) {
      const proxy =
        to.isMeasured || to.isDirect
          ? null
          : stack.use(await startFaultProxy(() => ({ host: "127.0.0.1", port: receivers.port })));
      const secret = newSecret();
      receivers.addSecret(to.name, secret);
      if (to.isMeasured) receivers.behave(to.name, "busy");
      const destination = await api.call<{ id: string; config: { concurrency: number; rate_limit: number | null } }>(
        "PUT",
        "/destinations",
        {
          name: `${to.name}${suffix}`,
          config: {
            url: urlOf(proxy?.port ?? receivers.port, to.name),
            timeout_ms: TIMEOUT_MS,
            breaker: { mode: "off" },
            auth_type: "SWITCHYARD_SIGNATURE",
            auth: { signing_secret: secret },
            ...to.config,
          },
        },
      );
      const connectionId = await connect(instance, {
        ...{ team, name: `${to.name}${suffix}`, sourceId: source.id, destinationId: destination.id },
        hasFilter: to.hasFilter === true,
      });
      places.push({ team, name: to.name, id: destination.id, proxy, connectionId });
      wires.push({
        ...{ team, source: name, sourceId: source.id, connectionId, destination: to.name },
        ...{ hasFilter: to.hasFilter === true, isPartial: to.isPartial === true },
      });
      limits.push({
        destination: to.name,
        ratePerSecond: to.isMeasured ? destination.config.rate_limit : null,
        concurrency: destination.config.concurrency,
        isMeasured: to.isMeasured === true,
        isOrdered: to.isOrdered === true,
      });
    }
  }
  const disposal = stack.move();
  return { wires, limits, doors, places, sourceIds, suffix, [Symbol.asyncDispose]: () => disposal.disposeAsync() };
}

export const newSecret = (): string => `whsec_${randomBytes(32).toString("base64")}`;

/** @param place the first part of the path, which the receivers do not look at */
export const urlOf = (port: number, destination: string, place = "hook"): string =>
  `http://127.0.0.1:${port}/${place}/${destination}`;

/** Makes a connection, or finds the one of this name; resolves to its id. */
export async function connect(
  instance: Instance,
  to: { team: Team; name: string; sourceId: string; destinationId: string; hasFilter: boolean },
): Promise<string> {
  const filter = { type: "filter", body: { kind: "loud" } };
  const { id } = await instance.teams[to.team].api.call<{ id: string }>("PUT", "/connections", {
    ...{ name: to.name, source_id: to.sourceId, destination_id: to.destinationId },
    rules: to.hasFilter ? [filter, RETRY] : [RETRY],
  });
  return id;
}
