// Files of many events, for a destination that asks for them. What is due is collected, and what was collected and not
// written stays due in the database.
//
// Which events a file has is stored before it is written (`object-batch.sql.ts`). Whenever one of them is due again, after
// a refusal, a crash, a hold or a replay, the whole file is written again: the same bytes under the same name.
import { createHash } from "node:crypto";
import type { CachedDestination } from "#server/config/config-cache.ts";
import type { FileSender, Sending } from "#server/delivery/senders/sender.ts";
import { newId } from "#server/ids.ts";
import { settleAttempt } from "./attempt-event.ts";
import { type Answer, isHeldAgain } from "./breaker.ts";
import type { DueReader } from "./due-reader.ts";
import { type Collected, makeFileCollector } from "./file-collector.ts";
import { connectionOf, heldBy, holdReason, type Send } from "./lane-move.ts";
import type { Lane } from "./lane-tools.ts";
import { ndjsonLine } from "./ndjson-line.ts";
import { claimBatch, keepDigest, leaveBatch, type ObjectBatch, readBatch, readLines } from "./object-batch.sql.ts";
import type { Pace } from "./pace.ts";
import type { Settlement } from "./settle.sql.ts";

interface FileParts {
  lane: Lane;
  pace: Pace;
  reader: DueReader;
  /** Counts a send from now on. False when the lease is lost. */
  start(ids: string[]): Promise<boolean>;
  /** Records the result of a try. */
  record(settlement: Settlement): void;
  /** Records a try that threw. */
  failInside(send: Send, error: unknown): Promise<void>;
}

export interface ObjectFiles {
  /** Whether events to it are for {@link collect}. */
  takes(destination: CachedDestination): boolean;
  /** Takes events for files. @param isProbe the breaker asks how the store is: their file waits for nothing */
  collect(sends: Send[], isProbe: boolean): Promise<void>;
  /** Writes the files whose time has come, as the pace allows. Returns how long to wait for the next. */
  writeRipe(waiting: number): Promise<number>;
  isCollecting(): boolean;
  /** When the first of the collected files is to be written. */
  nextAt(): Date | null;
}

/** A file as this lane has tried to write it. */
interface Try {
  lastEventId: string | null;
  startedAt: Date;
  /** What was due by then has had its try with it. */
  dueByMs: number;
  sending: Sending;
  isProbe: boolean;
  random: number;
}

/** Lines are text, then bytes, then packed. */
const COPIES_IN_MEMORY = 3;
const MAX_TRIES_KNOWN = 100;
const NEVER_MS = Number.POSITIVE_INFINITY;

/** Whether events to this destination are written many to a file. */
const writesFiles = ({ type, config }: CachedDestination): boolean => type === "S3" && config.format === "ndjson";

export function makeObjectFiles(parts: FileParts): ObjectFiles {
  const { lane, pace, reader } = parts;
  const { clock, dueClock } = lane;
  const collector = makeFileCollector();
  /** A file's last try, by its id. What was due when it began has had its try with it. */
  const tries = new Map<string, Try>();
  const underWay = new Set<string>();

  const destination = () => lane.config.current().destinations.get(lane.lease.destinationId);
  /** None for settings that are no longer valid: their events are sent one by one, and each says what is wrong. */
  function senderOf(to: CachedDestination | undefined): FileSender | undefined {
    if (!to || !writesFiles(to)) return undefined;
    try {
      return lane.senders.of(to).files;
    } catch {
      return undefined;
    }
  }

  /** The reader reads them again, as they are then. */
  const forget = (members: Send[]) => {
    for (const { event } of members) reader.track(event.id, Promise.resolve());
  };

  function settle(members: Send[], tried: Try): void {
    const { startedAt, sending, isProbe, random } = tried;
    const isHeld = isProbe && isHeldAgain(answerTo(tried));
    for (const member of members) {
      const event = isProbe ? { ...member.event, trigger: "PROBE" as const } : member.event;
      const tools = { dueClock, random: () => random };
      const settlement = settleAttempt({ ...member, event, token: lane.lease.token }, tools, startedAt, sending);
      if (isHeld) Object.assign(settlement, heldBy("breaker_open", event));
      parts.record(settlement);
    }
  }

  /** Null when it cannot be written as it was: its events then get another one. */
  async function write(batch: ObjectBatch, members: Send[], sender: FileSender): Promise<Try | null> {
    const lines = await readLines(lane.pool, batch);
    const text = Buffer.from(lines.map(ndjsonLine).join(""));
    const digest = createHash("sha256").update(text).digest("hex");
    const isWhole = lines.length === batch.event_ids.length;
    if (!isWhole || !(await keepDigest(lane.pool, batch, digest))) {
      lane.log.warn({ batch_id: batch.id }, "A file cannot be written as it was; what is still due goes into another");
      await leaveBatch(
        lane.pool,
        batch,
        members.map(({ event }) => event.id),
      );
      return null;
    }
    if (!lane.lease.isHeld()) return null;
    const startedAt = new Date(clock.nowMs());
    const dueByMs = dueClock.nowMs();
    const onSent = () => pace.learn({ kind: "left", eventId: batch.id }, clock.nowMs());
    const sending = await sender.write(batch.key, text, onSent);
    const lastEventId = batch.event_ids.at(-1) ?? null;
    return { lastEventId, startedAt, dueByMs, sending, isProbe: pace.isProbe(batch.id), random: lane.random() };
  }

  /** The file with the events that it has. Those that have ended meanwhile are in none. */
  async function batchOf(id: string, { batchId, members }: Collected, sender: FileSender): Promise<ObjectBatch | null> {
    const [first] = members;
    if (!first) return null;
    const { team_id, destination_id, connection_id } = first.event;
    if (batchId !== null) return readBatch(lane.pool, team_id, batchId);
    const events = members.map(({ event }) => event).toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const key = sender.keyOf(events[0] ?? first.event, id);
    const event_ids = events.map((event) => event.id);
    const now = new Date(clock.nowMs());
    const batch = { team_id, id, destination_id, connection_id, key, event_ids };
    const claimed = await claimBatch(lane.pool, batch, { token: lane.lease.token, now });
    return claimed.length === 0 ? null : { team_id, id, key, event_ids: claimed };
  }

  function remember(id: string, tried: Try): void {
    tries.set(id, tried);
    const [oldest] = tries.keys();
    if (tries.size > MAX_TRIES_KNOWN && oldest !== undefined) tries.delete(oldest);
  }

  /** Writes the file, and settles its events or has them read again. Returns what the store has answered. */
  async function writeAndSettle(id: string, file: Collected, sender: FileSender): Promise<Try | null> {
    const batch = await batchOf(id, file, sender);
    if (!batch && file.batchId !== null) {
      // Its row is gone with its time; whoever is still due is written anew.
      const eventIds = file.members.map(({ event }) => event.id);
      await leaveBatch(lane.pool, { team_id: file.members[0]?.event.team_id ?? "", id }, eventIds);
    }
    const isIn = new Set(batch?.event_ids);
    const members = file.members.filter(({ event }) => isIn.has(event.id));
    const tried = batch && (await write(batch, members, sender));
    if (!tried) {
      forget(file.members);
      return null;
    }
    forget(file.members.filter(({ event }) => !isIn.has(event.id)));
    // Whoever is held again has had no try: the next look at the store is a write of its own.
    if (tried.isProbe && isHeldAgain(answerTo(tried))) tries.delete(id);
    else remember(id, tried);
    settle(members, tried);
    return tried;
  }

  /** Never rejects, and always ends with `ended`. */
  async function launch(id: string, file: Collected, sender: FileSender): Promise<void> {
    let tried: Try | null = null;
    const [first] = file.members;
    const release = await lane.bodies.hold(first?.event.team_id ?? "", file.bytes * COPIES_IN_MEMORY);
    try {
      tried = await writeAndSettle(id, file, sender);
    } catch (error) {
      for (const member of file.members) await parts.failInside(member, error);
    } finally {
      release();
      underWay.delete(id);
      const latencyMs = tried?.sending.outcome.latencyMs ?? null;
      const answer = tried && answerTo(tried);
      const lastEventId = tried?.lastEventId ?? null;
      pace.learn({ kind: "ended", eventId: id, latencyMs, answer, lastEventId }, clock.nowMs());
      lane.signal.raise();
    }
  }

  async function start(file: Collected, sender: FileSender): Promise<void> {
    const id = file.batchId ?? newId("object_batch", clock.nowMs());
    if (!(await parts.start([id]))) return lane.lease.lose();
    underWay.add(id);
    void launch(id, file, sender);
  }

  /** What nothing may be sent of now is read again, and then held or cancelled. */
  function forgetHeld(): void {
    const config = lane.config.current();
    const to = destination();
    const held = collector.takeAll(({ members: [first] }) => {
      const connection = first && connectionOf(config, first.event.connection_id);
      return !to || !connection || !senderOf(to) || holdReason(to, connection, first.event, clock.nowMs()) !== null;
    });
    for (const { members } of held) forget(members);
  }

  return {
    takes: (to) => senderOf(to) !== undefined,
    async collect(sends, isProbe) {
      const to = destination();
      const sender = senderOf(to);
      if (!sender) return forget(sends);
      for (const send of sends) {
        const tried = tries.get(send.event.object_batch_id ?? "");
        if (!isProbe && tried && send.event.next_attempt_at.getTime() <= tried.dueByMs) settle([send], tried);
        else collector.add(send, sender.limits, dueClock.nowMs());
      }
      const probe = isProbe ? collector.takeOldest() : null;
      if (probe) await start(probe, sender);
    },
    async writeRipe(waiting) {
      if (collector.events() === 0) return NEVER_MS;
      forgetHeld();
      const sender = senderOf(destination());
      if (!sender) return NEVER_MS;
      for (;;) {
        const next = pace.next(clock.nowMs());
        if (next.kind === "wait") return Math.max(1, next.untilMs - clock.nowMs());
        if (next.kind === "hold") return NEVER_MS;
        const file = next.isProbe
          ? collector.takeOldest()
          : collector.takeRipe(sender.limits, { nowMs: dueClock.nowMs(), isAnyDue: waiting > 0, underWay });
        if (!file) return Math.max(1, (collector.nextAtMs(sender.limits) ?? NEVER_MS) - dueClock.nowMs());
        await start(file, sender);
      }
    },
    isCollecting: () => collector.events() > 0,
    nextAt() {
      const sender = senderOf(destination());
      const atMs = sender && collector.nextAtMs(sender.limits);
      return atMs == null ? null : new Date(atMs);
    },
  };
}

const answerTo = ({ sending: { outcome } }: Try): Answer => {
  const seen = outcome.kind === "response" ? outcome : outcome.seen;
  const isGood = outcome.kind === "response" && outcome.status >= 200 && outcome.status < 300;
  return {
    status: seen?.status ?? null,
    errorCode: isGood ? null : outcome.kind === "error" ? outcome.code : "BAD_RESPONSE",
  };
};
