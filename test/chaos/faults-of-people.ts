// What people change while traffic runs, through the API, and what they ask for.
import { setTimeout as sleep } from "node:timers/promises";
import { type Hands, noted, type Strike } from "./hands.ts";
import { readAttempts } from "./read-told.ts";
import type { Fault } from "./schedule.ts";
import { RefusedError, type TeamApi } from "./team-api.ts";
import { connect, newSecret, type Place, urlOf } from "./wiring.ts";

/** A call that cannot be made twice, made until it is answered: a refusal of the second try says that the first went through. */
const once = (call: Promise<unknown>) =>
  call.catch((error: unknown) => {
    if (!(error instanceof RefusedError && error.isRepeat && error.status < 500)) throw error;
  });

/** Nobody else changes the same destination, or its connection, meanwhile. */
const on =
  (name: string, strike: (place: Place, api: TeamApi, hands: Hands, fault: Fault) => Promise<void>): Strike =>
  (hands, fault) => {
    const place = hands.wiring.places.find((one) => one.name === name);
    if (!place) throw new Error(`There is no destination ${name}.`);
    const { api } = hands.instance.teams[place.team];
    return hands.alone([`settings of ${name}`], () =>
      noted(hands, fault, name, () => strike(place, api, hands, fault)),
    );
  };

/** Quiet begins with the answer to the call that asks for it, and ends with the call that ends it. */
const quiet = (name: string, [begin, end]: readonly [string, string], pathOf: (place: Place) => string): Strike =>
  on(name, async (place, api, { quiets }, { lengthMs }) => {
    await api.call("PUT", `${pathOf(place)}/${begin}`);
    const fromMs = Date.now();
    await sleep(lengthMs);
    quiets.push({ connectionId: place.connectionId, fromMs, toMs: Date.now() });
    await api.call("PUT", `${pathOf(place)}/${end}`);
  });

/** Changes the config of a destination, and changes it back. */
const change = (name: string, configOf: (place: Place) => { there: object; back: object }): Strike =>
  on(name, async (place, api, _, { lengthMs }) => {
    const { there, back } = configOf(place);
    await api.call("PATCH", `/destinations/${place.id}`, { config: there });
    await sleep(lengthMs);
    await api.call("PATCH", `/destinations/${place.id}`, { config: back });
  });

const deleteConnection: Strike = on("steady", async (place, api, { instance, wiring }, fault) => {
  const wire = wiring.wires.find(({ connectionId }) => connectionId === place.connectionId);
  if (!wire) throw new Error("The destination has no connection.");
  const connectionId = await connect(instance, {
    ...{ team: place.team, name: `passing-${fault.atMs}${wiring.suffix}`, sourceId: wire.sourceId },
    ...{ destinationId: place.id, hasFilter: false },
  });
  wiring.wires.push({ ...wire, connectionId, isPartial: true });
  await sleep(fault.lengthMs);
  await once(api.call("DELETE", `/connections/${connectionId}`));
});

/** A delivery this old has been stored, unless a fault has lost its result. */
const SETTLED_MS = 2_000;

const replay: Strike = on("steady", async (place, api, { receivers, replays }, { pick }) => {
  const before = Date.now() - SETTLED_MS;
  const known = receivers.taken.filter(
    ({ connectionId, atMs }) => connectionId === place.connectionId && atMs < before,
  );
  const eventId = known[Math.floor(pick * known.length)]?.eventId;
  if (!eventId || replays.some((one) => one.eventId === eventId)) return;
  const { status } = await api.call<{ status: string }>("GET", `/events/${eventId}`);
  if (status !== "DELIVERED") return;
  const attempts = await readAttempts(api, eventId);
  await once(api.call("POST", `/events/${eventId}/retry`));
  replays.push({ eventId, before: attempts });
});

/** Ten times a second, as a script does that knows no better. */
const STORM_PAUSE_MS = 100;

const storm: Strike = on("shaky", async (place, api, _, { lengthMs }) => {
  const path = `/destinations/${place.id}`;
  const endMs = performance.now() + lengthMs;
  for (let limit = RATE_PER_SECOND; performance.now() < endMs; limit++) {
    await api.call("PATCH", path, { config: { rate_limit: limit, rate_limit_period: "second" } });
    await sleep(STORM_PAUSE_MS);
  }
  await api.call("PATCH", path, { config: { rate_limit: null } });
});

const COPIES = 100;

const RATE_PER_SECOND = 200;

export const PEOPLE_FAULTS = {
  pause: quiet("watched", ["pause", "unpause"], ({ connectionId }) => `/connections/${connectionId}`),
  disable: quiet("switched", ["disable", "enable"], ({ id }) => `/destinations/${id}`),
  "delete-connection": deleteConnection,
  "move-url": change("verified", ({ proxy, name }) => ({
    there: { url: urlOf(proxy?.port ?? 0, name, "moved") },
    back: { url: urlOf(proxy?.port ?? 0, name) },
  })),
  // The other key names the same lines.
  "change-order": change("reordered", () => ({
    there: { ordering_key: "body.also" },
    back: { ordering_key: "body.key" },
  })),
  "change-limit": change("shaky", () => ({
    there: { rate_limit: RATE_PER_SECOND, rate_limit_period: "second" },
    back: { rate_limit: null },
  })),
  "config-storm": storm,
  "provider-burst": (hands, fault) => noted(hands, fault, "", () => hands.burst(COPIES)),
  "rotate-secret": on("shaky", async (place, api, { receivers }) => {
    const secret = newSecret();
    receivers.addSecret(place.name, secret);
    await once(api.call("POST", `/destinations/${place.id}/rotate-secret`, { secret }));
  }),
  replay,
} satisfies Record<string, Strike>;
