// A lane drains one destination while it holds its lease: due events in order, within concurrency and rate. Nobody else
// sends there meanwhile, so pacing is plain local code. A lane checks its lease before each send, and its turn ends only
// when the result of every send is recorded, whatever failed meanwhile.
import type { CachedConnection, CachedDestination, ConfigCache } from "../config-cache.ts";
import type { Pool } from "../db.ts";
import type { Egress } from "../egress/client.ts";
import type { EgressPolicy } from "../egress/egress-policy.ts";
import type { Log } from "../log.ts";
import type { Signal } from "../signal.ts";
import { attemptEvent } from "./attempt-event.ts";
import { type BodyLoader, inlineBody, type LoadedBody } from "./body-loader.ts";
import type { DueEvent } from "./due-events.sql.ts";
import { type DueReader, makeDueReader, type Sendable } from "./due-reader.ts";
import type { HeldLease } from "./held-lease.ts";
import { recordSends } from "./lease.sql.ts";
import { type PreparedDestination, prepareDestination } from "./outgoing.ts";
import { holdPermit } from "./rate-permit.ts";
import { makeRateWindow, type RateLog, type RateWindow } from "./rate-window.ts";
import type { SettleWriter } from "./settle-writer.ts";

/** What every lane of a process shares. */
export interface LaneTools {
  pool: Pool;
  config: ConfigCache;
  egress: Egress;
  egressPolicy: EgressPolicy;
  bodies: BodyLoader;
  settleWriter: SettleWriter;
  log: Log;
  now: () => Date;
  random: () => number;
  /** Aborted when what is on the wire has to be broken off. */
  abortSends: AbortSignal;
}

export interface Lane extends LaneTools {
  lease: HeldLease;
  signal: Signal;
  /** True once for each time that new work was announced since the last call. */
  hasNews: () => boolean;
  /** True when the lane should end its turn: others wait for its slot, or the process stops. */
  shouldYield: () => boolean;
}

/** How a turn went: what the next one needs to know. */
export interface LaneTurn {
  isSlow: boolean;
  rateLog: RateLog | null;
  /** What stopped the turn: a database that is away, or a bug. */
  failure: { error: unknown } | null;
}

/** A lane without work keeps its lease this long: most traffic comes in bursts, and taking a lease costs three round trips. */
const LINGER_MS = 1_000;
/** A receiver this slow on average takes its turns in the slow pool. */
const SLOW_LATENCY_MS = 2_000;

/**
 * Works until nothing is due, until it should yield, or until its lease is lost. Resolves when nothing is on the wire and all
 * results are recorded; never rejects, because the sends of a turn that fails are still on their way.
 */
export async function runLane(lane: Lane): Promise<LaneTurn> {
  const state: LaneState = { lane, reader: makeDueReader(lane), onWire: 0, sends: 0, totalLatencyMs: 0, window: null };
  const failure = await sendWhatIsDue(state).then(
    () => null,
    (error: unknown) => ({ error }),
  );
  if (failure) {
    const fields = { destination_id: lane.lease.destinationId, on_wire: state.onWire };
    lane.log.warn(fields, "A lane's turn failed; what it sent is finished first");
  }
  while (state.onWire > 0) await lane.signal.wait(LINGER_MS);
  await state.reader.settled();
  const averageMs = state.sends > 0 ? state.totalLatencyMs / state.sends : 0;
  return { isSlow: averageMs > SLOW_LATENCY_MS, rateLog: state.window?.log(Date.now()) ?? null, failure };
}

async function sendWhatIsDue(state: LaneState): Promise<void> {
  const { lane } = state;
  let idleSince: number | null = null;
  while (!lane.shouldYield() && lane.lease.isHeld()) {
    const waiting = await state.reader.waiting();
    if (waiting > 0 || state.onWire > 0) idleSince = null;
    else idleSince ??= performance.now();
    if (idleSince !== null && performance.now() - idleSince >= LINGER_MS) return;
    const waitMs = waiting > 0 ? await sendWhatMay(state, waiting) : LINGER_MS;
    // Others may want the slot meanwhile, however far off the next permit is.
    if (waitMs > 0) await lane.signal.wait(Math.min(waitMs, LINGER_MS));
  }
}

interface LaneState {
  lane: Lane;
  reader: DueReader;
  onWire: number;
  sends: number;
  totalLatencyMs: number;
  window: RateWindow | null;
}

/** Starts as many sends as concurrency and rate allow. Returns how long to wait for room, 0 when there may be more at once. */
async function sendWhatMay(state: LaneState, waiting: number): Promise<number> {
  const { lane } = state;
  const destination = lane.config.current().destinations.get(lane.lease.destinationId);
  const window = windowOf(state, destination);
  const free = (destination?.config.concurrency ?? 1) - state.onWire;
  if (free <= 0) return LINGER_MS;
  const permits = Math.min(free, window.available(Date.now()), waiting);
  if (permits <= 0) return Math.max(1, window.freeAtMs(Date.now()) - Date.now());
  await dispatch(state, state.reader.take(permits), window);
  return 0;
}

/** The window under today's limit; its history goes back to lanes before this one. */
function windowOf(state: LaneState, destination: CachedDestination | undefined): RateWindow {
  const limit = destination?.config.rate_limit ?? null;
  const period = destination?.config.rate_limit_period ?? "minute";
  state.window ??= makeRateWindow(limit, period, state.lane.lease.rateLog, Date.now());
  state.window.configure(limit, period);
  return state.window;
}

async function dispatch(state: LaneState, due: Sendable[], window: RateWindow): Promise<void> {
  const { lane } = state;
  const config = await currentFor(lane, due);
  const destination = config.destinations.get(lane.lease.destinationId);
  const sendable: (Sendable & { connection: CachedConnection })[] = [];
  for (const item of due) {
    const connection = config.connections.get(item.event.connection_id);
    if (!destination || !connection) move(state, item.event, "CANCELLED");
    else if (destination.isDisabled || connection.isPaused) move(state, item.event, "HOLD");
    else sendable.push({ ...item, connection });
  }
  if (!destination || sendable.length === 0) return;

  window.take(sendable.length);
  const log = window.log(Date.now());
  if (log && !(await recordSends(lane.pool, lane.lease, log))) {
    lane.lease.lose();
    return;
  }
  const prepared = preparedFor(destination, lane.egressPolicy);
  for (const item of sendable) void launch(state, item, prepared, window);
}

/**
 * The configuration in memory where all may be sent by it; else a fresh one. A connection that has events is newer than a
 * memory which does not know it, and what was just resumed would be held again by one that has not heard.
 */
async function currentFor(lane: Lane, due: Sendable[]) {
  const config = lane.config.current();
  const destination = config.destinations.get(lane.lease.destinationId);
  const maySend = due.every(({ event }) => config.connections.get(event.connection_id)?.isPaused === false);
  return destination && !destination.isDisabled && maySend ? config : lane.config.upToDate();
}

async function launch(
  state: LaneState,
  { event, request, connection }: Sendable & { connection: CachedConnection },
  prepared: PreparedDestination,
  window: RateWindow,
): Promise<void> {
  const { lane } = state;
  const permit = holdPermit(window, lane.signal.raise);
  let loaded: LoadedBody | null = null;
  state.onWire++;
  try {
    let body = inlineBody(event, request);
    if (!body) {
      loaded = await lane.bodies.load(event, request);
      body = loaded.bytes;
    }
    // The lease may have been lost while the bytes were read: what is no longer ours to send stays queued.
    if (!lane.lease.isHeld()) return;
    const settlement = await attemptEvent(
      { event, request, body, prepared, connection, token: lane.lease.token },
      { egress: lane.egress, now: lane.now, random: lane.random, signal: lane.abortSends, onSent: permit.left },
    );
    state.sends++;
    state.totalLatencyMs += settlement.attempt?.latency_ms ?? 0;
    state.reader.track(event.id, lane.settleWriter.settle(settlement));
  } catch (err) {
    lane.log.error({ err, event_id: event.id }, "An attempt failed inside");
  } finally {
    loaded?.release();
    permit.ended();
    state.onWire--;
    lane.signal.raise();
  }
}

/** Moves an event on without an attempt. */
function move({ lane, reader }: LaneState, event: DueEvent, status: "HOLD" | "CANCELLED"): void {
  const settled = lane.settleWriter.settle({
    team_id: event.team_id,
    event_id: event.id,
    destination_id: event.destination_id,
    token: lane.lease.token,
    status,
    // A held event keeps its place in the order.
    next_attempt_at: status === "HOLD" ? event.next_attempt_at : null,
    source_id: event.source_id,
    connection_id: event.connection_id,
    attempt: null,
  });
  reader.track(event.id, settled);
}

const preparedDestinations = new WeakMap<CachedDestination, PreparedDestination>();

function preparedFor(destination: CachedDestination, policy: EgressPolicy): PreparedDestination {
  const known = preparedDestinations.get(destination);
  if (known) return known;
  const prepared = prepareDestination(destination, policy.forTeam(destination.teamId));
  preparedDestinations.set(destination, prepared);
  return prepared;
}
