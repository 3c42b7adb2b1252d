// A lane drains one destination while it holds its lease: due events in order, within concurrency and rate. Nobody else
// sends there meanwhile, so pacing is plain local code. A lane checks its lease before each send, and its turn ends only
// when the result of every send is recorded, whatever failed meanwhile.
import type { CachedConnection, CachedDestination, ConfigCache } from "#server/config/config-cache.ts";
import type { HoldReason } from "#server/contracts/event-life.ts";
import type { Pool } from "#server/database/db.ts";
import type { Egress } from "#server/egress/client.ts";
import type { EgressPolicy } from "#server/egress/egress-policy.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import type { SendableRequest } from "#server/events/stored-request.sql.ts";
import type { Log } from "#server/process/log.ts";
import type { Signal } from "#server/process/signal.ts";
import { attemptEvent } from "./attempt-event.ts";
import { logAttempt } from "./attempt-log.ts";
import { type BodyLoader, inlineBody, type LoadedBody } from "./body-loader.ts";
import type { DueEvent } from "./due-events.sql.ts";
import { type DueItem, type DueReader, makeDueReader } from "./due-reader.ts";
import type { HeldLease } from "./held-lease.ts";
import { recordSends } from "./lease.sql.ts";
import { type PreparedDestination, prepareDestination } from "./outgoing.ts";
import { holdPermit } from "./rate-permit.ts";
import { makeRateWindow, type RateLog, type RateWindow } from "./rate-window.ts";
import type { Settlement } from "./settle.sql.ts";
import type { SettleWriter } from "./settle-writer.ts";
import { countTriesFailedInside, settleFailedInside, settleSurely } from "./undeliverable.ts";

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
  // A turn that sent nothing has learnt nothing of the receiver.
  const isSlow = state.sends > 0 ? averageMs > SLOW_LATENCY_MS : lane.lease.isSlow;
  return { isSlow, rateLog: state.window?.log(Date.now()) ?? null, failure };
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

async function dispatch(state: LaneState, due: DueItem[], window: RateWindow): Promise<void> {
  const { lane } = state;
  const config = await currentFor(lane, due);
  const destination = config.destinations.get(lane.lease.destinationId);
  const sendable: Send[] = [];
  for (const { event, request } of due) {
    const connection = config.connections.get(event.connection_id);
    const reason = destination && connection && holdReason(destination, connection);
    if (!destination || !connection) move(state, event, CANCELLED);
    // A held event keeps its place in the order.
    else if (reason)
      move(state, event, { status: "HOLD", next_attempt_at: event.next_attempt_at, hold_reason: reason });
    else if (request) sendable.push({ event, request, connection, destination });
    else {
      lane.log.error({ event_id: event.id }, "The request of an event is gone; the event has failed");
      move(state, event, REQUEST_GONE);
    }
  }
  if (sendable.length === 0) return;

  window.take(sendable.length);
  const log = window.log(Date.now());
  if (log && !(await recordSends(lane.pool, lane.lease, log))) {
    lane.lease.lose();
    return;
  }
  for (const item of sendable) void launch(state, item, window);
}

function holdReason(destination: CachedDestination, connection: CachedConnection): HoldReason | null {
  if (connection.isPaused) return "connection_paused";
  if (destination.isDisabled) return "destination_disabled";
  return destination.unusable === undefined ? null : "maintenance";
}

/**
 * The configuration in memory where all may be sent by it; else a fresh one. If an event names a connection that the cache
 * lacks or believes paused, refresh first: the cache may be older than the event.
 */
async function currentFor(lane: Lane, due: DueItem[]) {
  const config = lane.config.current();
  const destination = config.destinations.get(lane.lease.destinationId);
  const maySend = due.every(({ event }) => {
    const connection = config.connections.get(event.connection_id);
    return destination && connection && holdReason(destination, connection) === null;
  });
  return maySend ? config : lane.config.upToDate();
}

/** An event that may go, and by which configuration. */
interface Send {
  event: DueEvent;
  request: SendableRequest;
  connection: CachedConnection;
  destination: CachedDestination;
}

async function launch(state: LaneState, item: Send, window: RateWindow): Promise<void> {
  const { lane, reader } = state;
  const permit = holdPermit(window, lane.signal.raise);
  let loaded: LoadedBody | null = null;
  state.onWire++;
  try {
    let body = inlineBody(item.event, item.request);
    if (!body) {
      loaded = await lane.bodies.load(item.event, item.request);
      body = loaded.bytes;
    }
    // The lease may have been lost while the bytes were read: what is no longer ours to send stays queued.
    if (!lane.lease.isHeld()) return;
    const prepared = preparedFor(item.destination, lane.egressPolicy);
    const settlement = await attemptEvent(
      { ...item, body, prepared, token: lane.lease.token },
      { egress: lane.egress, now: lane.now, random: lane.random, signal: lane.abortSends, onSent: permit.left },
    );
    state.sends++;
    state.totalLatencyMs += settlement.attempt?.latency_ms ?? 0;
    logAttempt(lane.log, settlement);
    reader.track(item.event.id, settleSurely(lane.settleWriter, settlement));
  } catch (err) {
    await failInside(state, item, err);
  } finally {
    loaded?.release();
    permit.ended();
    state.onWire--;
    lane.signal.raise();
  }
}

/** A try that threw is recorded like any other; where the database is what failed, the event is left to the next turn. */
async function failInside({ lane, reader }: LaneState, { event, request, destination }: Send, err: unknown) {
  try {
    if (isDatabaseAway(err)) throw err;
    const triesBefore = await countTriesFailedInside(lane.pool, event);
    if (triesBefore === 0) lane.log.error({ err, event_id: event.id }, "An attempt failed inside; it is tried again");
    const requestedUrl = destination.config.url;
    const { token } = lane.lease;
    const settlement = settleFailedInside({ event, request, requestedUrl, token, triesBefore, now: lane.now() });
    logAttempt(lane.log, settlement);
    reader.track(event.id, settleSurely(lane.settleWriter, settlement));
  } catch (error) {
    lane.log.warn({ err: error, event_id: event.id }, "An attempt failed with the database; the event stays due");
  }
}

type Move = Pick<Settlement, "status" | "next_attempt_at" | "hold_reason" | "ended_because" | "error_code">;
const CANCELLED: Move = { status: "CANCELLED", next_attempt_at: null, error_code: "CANCELLED" };
const REQUEST_GONE: Move = {
  status: "FAILED",
  next_attempt_at: null,
  error_code: "REQUEST_GONE",
  ended_because: "undeliverable",
};

/** Moves an event on without an attempt. */
function move({ lane, reader }: LaneState, event: DueEvent, to: Move): void {
  const settled = lane.settleWriter.settle({
    team_id: event.team_id,
    event_id: event.id,
    destination_id: event.destination_id,
    token: lane.lease.token,
    source_id: event.source_id,
    connection_id: event.connection_id,
    ...to,
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
