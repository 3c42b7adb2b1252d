// The tunnels of one process: a listener asks for the next events of its destination and brings each answer back. Nothing of
// a session is kept in memory, so any gateway serves any call. docs/decisions/088-a-listener-is-a-lane.md
import type { AnswerTunnel, NextOfTunnel, TunnelEvent } from "#server/contracts/tunnel.ts";
import { makePool, type Pool } from "#server/database/db.ts";
import { listen } from "#server/database/listen.ts";
import { nextDueAt } from "#server/delivery/due-events.sql.ts";
import { LANE_WAKE_CHANNEL } from "#server/events/wake.sql.ts";
import { type LiveAnnouncer, makeLiveAnnouncer } from "#server/live/announcer.ts";
import { makeSignal, type Signal } from "#server/process/signal.ts";
import { readDueRequests } from "./due-requests.ts";
import { type AnswerOutcome, settleAnswer } from "./settle-answer.ts";
import { leaveTunnel, readTunnel, releaseTunnel, type TunnelState, takeTunnel } from "./tunnel.sql.ts";

export type NextOutcome =
  | { kind: "news"; token: string; events: TunnelEvent[] }
  /** Another listener has the lane. */
  | { kind: "taken"; name: string }
  | { kind: "gone" };

export type OfTeam<T> = T & { teamId: string };

export interface Tunnels {
  /** Waits for events that are due and returns them, or none when the time is over. */
  next(ask: OfTeam<NextOfTunnel>, signal?: AbortSignal): Promise<NextOutcome>;
  answer(answer: OfTeam<AnswerTunnel>): Promise<AnswerOutcome>;
  leave(id: string): Promise<void>;
  /** Answers all calls that wait: the process stops. */
  endWaits(): void;
  close(): Promise<void>;
}

/** Well within the lease. So long an event waits whose notice was lost. */
const LOOK_MS = 3_000;
const CONNECTIONS = 3;

export function makeTunnels(databaseUrl: string, now: () => Date): Tunnels {
  const pool = makePool(databaseUrl, "tunnels", CONNECTIONS);
  const live = makeLiveAnnouncer(pool);
  const waits = makeWaits(databaseUrl);

  return {
    async next(ask, signal) {
      const deadlineMs = performance.now() + ask.wait_ms;
      const wait = waits.join(ask.id);
      const raise = () => wait.signal.raise();
      signal?.addEventListener("abort", raise, { once: true });
      try {
        for (;;) {
          const looked = await look(pool, live, ask, now());
          const leftMs = deadlineMs - performance.now();
          if (looked.kind !== "news" || looked.events.length > 0) return looked;
          if (ask.limit === 0 || leftMs <= 0 || signal?.aborted || waits.isEnded()) return looked;
          if (!looked.isMoving) await wait.signal.wait(Math.min(leftMs, looked.nextMs, LOOK_MS));
        }
      } finally {
        signal?.removeEventListener("abort", raise);
        wait.leave();
      }
    },
    async answer(answer) {
      const outcome = await settleAnswer(pool, answer, now());
      live.changed(answer.teamId);
      return outcome;
    },
    leave: (id) => leaveTunnel(pool, id),
    endWaits: waits.end,
    async close() {
      await waits.close();
      await live.stop();
      await pool.end();
    },
  };
}

type Looked = Exclude<NextOutcome, { kind: "news" }> | (Extract<NextOutcome, { kind: "news" }> & Waiting);
interface Waiting {
  /** It has moved events on, and there may be more. */
  isMoving: boolean;
  /** Until the next event is due, as far as that is known. */
  nextMs: number;
}

async function look(pool: Pool, live: LiveAnnouncer, ask: OfTeam<NextOfTunnel>, now: Date): Promise<Looked> {
  const tunnel: TunnelState | null = await readTunnel(pool, ask.teamId, ask.id);
  if (!tunnel) return { kind: "gone" };
  const token = await takeTunnel(pool, ask.id, ask.session, now);
  if (token === null) return { kind: "taken", name: tunnel.name };
  await releaseTunnel(pool, ask.id, [...tunnel.connections.keys()]);
  const events = ask.limit === 0 ? null : await readDueRequests(pool, tunnel, { ...ask, token, now });
  if (events !== null) live.changed(ask.teamId);
  const dueAt = events === null && ask.limit > 0 ? await nextDueAt(pool, ask.id) : null;
  const nextMs = dueAt && dueAt > now ? dueAt.getTime() - now.getTime() : Number.POSITIVE_INFINITY;
  return { kind: "news", token, events: events ?? [], isMoving: events?.length === 0, nextMs };
}

/** The calls that wait, by destination. The first of them begins to listen for wake-ups. */
function makeWaits(databaseUrl: string) {
  const waiting = new Map<string, Set<Signal>>();
  let stopListening: (() => Promise<void>) | null = null;
  let hasEnded = false;
  const raiseAll = () => {
    for (const signals of waiting.values()) for (const signal of signals) signal.raise();
  };
  const raise = (id: string) => {
    for (const signal of waiting.get(id) ?? []) signal.raise();
  };
  return {
    join(id: string) {
      stopListening ??= listen({ databaseUrl, channel: LANE_WAKE_CHANNEL, onNotice: raise, onConnect: raiseAll });
      const signal = makeSignal();
      const signals = waiting.get(id) ?? new Set();
      waiting.set(id, signals.add(signal));
      return {
        signal,
        leave() {
          signals.delete(signal);
          if (signals.size === 0 && waiting.get(id) === signals) waiting.delete(id);
        },
      };
    },
    isEnded: () => hasEnded,
    end() {
      hasEnded = true;
      raiseAll();
    },
    async close() {
      await stopListening?.();
    },
  };
}
