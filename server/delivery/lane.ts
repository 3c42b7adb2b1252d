// A lane delivers the due events of one destination, in order and at the pace of `pace.ts`, while it holds the lease.
// Nobody else sends there meanwhile, so pacing is plain local code. A lane checks its lease before each send. Its turn ends
// when the result of every send is recorded, even after a failure.
import type { ConfigSnapshot } from "#server/config/config-cache.ts";
import type { HoldReason } from "#server/contracts/event-life.ts";
import { plainAddress } from "#server/delivery/senders/make-senders.ts";
import { isDatabaseAway } from "#server/errors/database-away.ts";
import { attemptEvent } from "./attempt-event.ts";
import { logAttempt } from "./attempt-log.ts";
import { inlineBody, type LoadedBody } from "./body-loader.ts";
import { type Answer, isHeldAgain } from "./breaker.ts";
import { type BreakerHolds, makeBreakerHolds } from "./breaker-holds.ts";
import type { DueEvent } from "./due-events.sql.ts";
import type { DueItem, DueReader } from "./due-reader.ts";
import { byTheSharedClock, rateLogOf } from "./lane-clock.ts";
import { type LaneGroups, makeLaneGroups } from "./lane-groups.ts";
import {
  answerOf,
  CANCELLED,
  connectionOf,
  currentFor,
  heldBy,
  holdReason,
  holdsAll,
  limitsOf,
  type Move,
  REQUEST_GONE,
  type Send,
  toSettlement,
} from "./lane-move.ts";
import { type LaneOrder, makeLaneOrder } from "./lane-order.ts";
import type { Lane, LaneTurn } from "./lane-tools.ts";
import { recordSends } from "./lease.sql.ts";
import { makeObjectFiles, type ObjectFiles } from "./object-files.ts";
import { leavesItsLine } from "./order.ts";
import { holdsBack, makePace, type Outcome, type Pace } from "./pace.ts";
import type { Settlement } from "./settle.sql.ts";
import { countTriesFailedInside, settleFailedInside, settleSurely } from "./undeliverable.ts";

/** A lane without work keeps its lease this long: most traffic comes in bursts, and taking a lease costs three round trips. */
const LINGER_MS = 1_000;

/**
 * Works until nothing is due, until it should yield, or until its lease is lost. Resolves when nothing is on the wire and all
 * results are recorded; never rejects, because the sends of a turn that fails are still on their way.
 */
export async function runLane(lane: Lane): Promise<LaneTurn> {
  const { lease } = lane;
  const limits = limitsOf(lane.config.current().destinations.get(lease.destinationId));
  const pace = byTheSharedClock(makePace(lease, limits, lane.sharedClock.nowMs() + lease.clockErrorMs), lane);
  lease.countInFlightBy(pace.onWire);
  const order = makeLaneOrder(lane);
  const groups = makeLaneGroups(lane);
  const reader = order.makeReader(groups.isBlocked);
  lane.onReader(reader, () => holdsBack(pace.next(lane.clock.nowMs())));
  const settleWriter = order.isKept ? lane.promptSettleWriter : lane.settleWriter;
  const breaker = makeBreakerHolds(lane, pace, reader);
  const files = makeObjectFiles({
    ...{ lane, pace, reader },
    start: (ids) =>
      start(
        state,
        ids.map((id) => ({ id, turn_key: null })),
      ),
    record: (settlement) => record(state, settlement),
    failInside: (send, error) => failInside(state, send, error),
  });
  const state: LaneState = { lane: { ...lane, settleWriter }, reader, pace, breaker, order, files, groups };
  const failure = await failureOf(sendWhatIsDue(state));

  // ── Nothing from here to the end may throw: a turn that ended now would leave its sends behind, and the next would repeat them.
  if (failure) {
    const fields = { destination_id: lease.destinationId, on_wire: pace.onWire() };
    lane.log.warn(fields, "A lane's turn failed; what it sent is finished first");
  }
  while (pace.onWire() > 0) await lane.slot.rest(lane.signal, LINGER_MS, "ending");
  const lateFailure = await failureOf(reader.settled().then(groups.close));
  const nextFileAt = files.nextAt();
  return {
    // Whoever collects waits for minutes with nothing on the wire: that needs no slot of those who send.
    isSlow: pace.isSlow() || nextFileAt !== null,
    rateLog: rateLogOf(pace, lane),
    ...breaker.kept(),
    isOrderOld: !order.isCurrent(),
    nextFileAt,
    failure: failure ?? lateFailure,
  };
}

const failureOf = (work: Promise<void>): Promise<LaneTurn["failure"]> =>
  work.then(
    () => null,
    (error: unknown) => ({ error }),
  );

interface LaneState {
  lane: Lane;
  reader: DueReader;
  pace: Pace;
  breaker: BreakerHolds;
  order: LaneOrder;
  files: ObjectFiles;
  groups: LaneGroups;
}

async function sendWhatIsDue(state: LaneState): Promise<void> {
  const { lane, reader, pace, breaker, order, files } = state;
  let idleSinceMs: number | null = null;
  if (!(await order.keepSorted())) return;
  while (!lane.shouldYield() && lane.lease.isHeld() && order.isCurrent()) {
    const waiting = await reader.waiting();
    configure(state, lane.config.current());
    if (!(await breaker.keep())) return;
    if (await breaker.release(waiting)) continue;
    const nowMs = lane.clock.monotonicMs();
    if (waiting > 0 || pace.onWire() > 0 || files.isCollecting() || reader.isHolding()) idleSinceMs = null;
    else idleSinceMs ??= nowMs;
    if (idleSinceMs !== null && nowMs - idleSinceMs >= LINGER_MS) return;
    const waitMs = Math.min(waiting > 0 ? await goOn(state, waiting) : LINGER_MS, await files.writeRipe(waiting));
    const as = idleSinceMs === null ? "waiting" : "idle";
    if (waitMs > 0 && !(await lane.slot.rest(lane.signal, Math.min(waitMs, LINGER_MS), as))) return;
  }
}

/** Sends, holds or waits, as the pace allows. Returns how long to wait; 0 when there may be more to do at once. */
async function goOn(state: LaneState, waiting: number): Promise<number> {
  const next = nextUnder(state, state.lane.config.current());
  if (next.kind === "wait") return Math.max(1, next.untilMs - state.lane.clock.nowMs());
  if (next.kind === "send") {
    const { due, waitMs } = await state.groups.take(state.reader, Math.min(next.count, waiting));
    if (due.length === 0) return waitMs;
    await dispatch(state, due);
  } else {
    // The cache may be older than the switch that released these events.
    const config = await state.lane.config.upToDate();
    const again = nextUnder(state, config);
    if (again.kind === "hold") await holdAll(state, state.reader.take(waiting), config, again.because);
  }
  return 0;
}

async function holdAll(state: LaneState, due: DueItem[], config: ConfigSnapshot, because: HoldReason): Promise<void> {
  state.breaker.took(due);
  if (because === "breaker_open" && !(await state.breaker.willHold())) return;
  for (const item of due) judge(state, item, config, because);
}

function configure({ lane, pace }: LaneState, config: ConfigSnapshot): void {
  const destination = config.destinations.get(lane.lease.destinationId);
  const nowMs = lane.clock.nowMs();
  pace.configure(limitsOf(destination), destination ? holdsAll(destination, nowMs) : null, nowMs);
}

function nextUnder(state: LaneState, config: ConfigSnapshot) {
  configure(state, config);
  return state.pace.next(state.lane.clock.nowMs());
}

async function dispatch(state: LaneState, due: DueItem[]): Promise<void> {
  state.breaker.took(due);
  const config = await currentFor(state.lane, due);
  const next = nextUnder(state, config);
  if (next.kind === "hold") return holdAll(state, due, config, next.because);
  // They may have been taken before the breaker opened.
  if (next.kind === "send" && next.isProbe) await holdAll(state, due.splice(1), config, "breaker_open");
  const sendable = due.map((item) => judge(state, item, config)).filter((send) => send !== null);
  if (sendable.length === 0) return;
  const isProbe = next.kind === "send" && next.isProbe === true;
  if (sendable.some(({ destination }) => state.files.takes(destination))) return state.files.collect(sendable, isProbe);
  if (
    await start(
      state,
      sendable.map(({ event }) => event),
    )
  )
    for (const send of sendable) void launch(state, send);
  else state.lane.lease.lose();
}

/** Counts the sends from now on, also for a lane that takes over. Returns false when the lease is lost: none may then go. */
async function start(state: LaneState, events: readonly { id: string; turn_key: string | null }[]): Promise<boolean> {
  const { lane, pace, breaker, groups } = state;
  const eventIds = events.map(({ id }) => id);
  pace.learn({ kind: "started", eventIds }, lane.clock.nowMs());
  let mayGo = false;
  try {
    const log = rateLogOf(pace, lane);
    mayGo =
      (log === null || (await recordSends(lane.pool, lane.lease, log))) &&
      (await groups.start(events)) &&
      (await breaker.keep());
  } finally {
    if (!mayGo) for (const eventId of eventIds) learn(state, { kind: "ended", eventId, latencyMs: null });
  }
  return mayGo;
}

function learn({ lane, pace, groups }: LaneState, outcome: Exclude<Outcome, { kind: "started" }>): void {
  pace.learn(outcome, lane.clock.nowMs());
  groups.learn(outcome);
}

/**
 * Returns the send that this configuration allows. Any other event is moved on: cancelled, held or failed.
 * @param because the reason to hold what its connection does not hold anyway
 */
function judge(
  state: LaneState,
  { event, request }: DueItem,
  config: ConfigSnapshot,
  because: HoldReason | null = null,
): Send | null {
  const { lane } = state;
  const destination = config.destinations.get(lane.lease.destinationId);
  const connection = connectionOf(config, event.connection_id);
  const reason =
    destination && connection && (holdReason(destination, connection, event, lane.clock.nowMs()) ?? because);
  if (!destination || !connection) move(state, event, CANCELLED);
  else if (reason) move(state, event, heldBy(reason, event));
  else if (request) return { event, request, connection, destination };
  else {
    lane.log.error({ event_id: event.id }, "The request of an event is gone; the event has failed");
    move(state, event, REQUEST_GONE);
  }
  return null;
}

/** Sends one event and records the result. Never rejects, since nobody awaits it, and always ends with `ended`. */
async function launch(state: LaneState, item: Send): Promise<void> {
  const { lane, reader, pace } = state;
  const { clock } = lane;
  const eventId = item.event.id;
  let loaded: LoadedBody | null = null;
  let latencyMs: number | null = null;
  let answer: Answer | null = null;
  try {
    let body = inlineBody(item.event, item.request);
    if (!body) {
      loaded = await lane.bodies.load(item.event, item.request);
      body = loaded.bytes;
    }
    // The lease may have been lost while the bytes were read: the event then stays queued for the new holder.
    if (!lane.lease.isHeld()) return;
    const sender = lane.senders.of(item.destination);
    const onSent = () => learn(state, { kind: "left", eventId });
    const isProbe = pace.isProbe(eventId);
    const event: DueEvent = isProbe ? { ...item.event, trigger: "PROBE" } : item.event;
    const settlement = await attemptEvent(
      { ...item, event, body, token: lane.lease.token },
      { sender, clock, dueClock: lane.dueClock, random: lane.random, onSent },
    );
    latencyMs = settlement.attempt?.latency_ms ?? 0;
    answer = answerOf(settlement);
    if (isProbe && isHeldAgain(answer)) Object.assign(settlement, heldBy("breaker_open", event));
    record(state, settlement);
  } catch (err) {
    await failInside(state, item, err);
  } finally {
    loaded?.release();
    reader.leave(eventId);
    learn(state, { kind: "ended", eventId, latencyMs, answer });
    lane.signal.raise();
  }
}

/** Stores the result of an attempt, after which the next event of its line may go. */
function record({ lane, reader, order }: LaneState, result: Settlement): void {
  const settlement = order.judged(result);
  logAttempt(lane.log, settlement);
  reader.track(settlement.event_id, settleSurely(lane.settleWriter, settlement), leavesItsLine(settlement));
}

/** Records a try that threw like any other. When the database is what failed, the event is left to the next turn. */
async function failInside(state: LaneState, { event, request, destination }: Send, err: unknown) {
  const { lane } = state;
  try {
    if (isDatabaseAway(err)) throw err;
    const triesBefore = await countTriesFailedInside(lane.pool, event);
    if (triesBefore === 0) lane.log.error({ err, event_id: event.id }, "An attempt failed inside; it is tried again");
    const requestedUrl = plainAddress(destination);
    const { token } = lane.lease;
    const settlement = settleFailedInside({
      ...{ event, request, requestedUrl, token, triesBefore },
      ...{ now: new Date(lane.clock.nowMs()), dueNow: new Date(lane.dueClock.nowMs()) },
    });
    record(state, settlement);
  } catch (error) {
    lane.log.warn({ err: error, event_id: event.id }, "An attempt failed with the database; the event stays due");
  }
}

/** Moves an event on without an attempt. */
function move({ lane, reader, order }: LaneState, event: DueEvent, to: Move): void {
  const settlement = order.judged(toSettlement(event, lane.lease.token, to));
  reader.track(event.id, lane.settleWriter.settle(settlement), leavesItsLine(settlement));
}
