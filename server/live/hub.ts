// Live data of a process: one LISTEN, and one look at the database for a team however many pages watch it. Pages are told what
// has changed out of a short memory that they share, so a slow page holds nothing: it starts with the whole again.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { LiveChange, LiveKind } from "#server/contracts/live.ts";
import { makePool, type Pool } from "#server/database/db.ts";
import { listen } from "#server/database/listen.ts";
import { AppError } from "#server/errors/app-error.ts";
import type { Log } from "#server/process/log.ts";
import { CONFIG_CHANNEL, LIVE_CHANNEL } from "./announcer.ts";
import { type CardRows, makeCardLook, showsCards } from "./cards.ts";
import { changeBetween, type Snapshot, toSnapshot, wholeChange, withCards } from "./changes.ts";
import { type SnapshotRow, snapshotStatement } from "./snapshot.sql.ts";

const CONNECTIONS = 2;
const SETTINGS = "-c statement_timeout=3000 -c jit=off -c default_transaction_read_only=on";
/** A team is looked at no oftener than this, by all processes together. */
const MIN_INTERVAL_MS = 1_000;
/** The interval without notices: rates fall by themselves, routing announces nothing, and notices may get lost. */
const MAX_INTERVAL_MS = 2_000;
const REMEMBERED = 100;

export interface LiveOptions {
  maxPages: number;
  maxPagesPerTeam: number;
  /** How long a page is told of changes before its caller's right to read is checked again. */
  recheckMs: number;
  /** A page that hears nothing for this long is told that nothing has changed. */
  heartbeatMs: number;
  /** A page is told nothing when the last look that succeeded is longer ago. */
  staleMs: number;
}
/** A page that reloads may be counted twice for a moment. */
const LIMITS: LiveOptions = {
  maxPages: 2_000,
  maxPagesPerTeam: 300,
  recheckMs: 10_000,
  heartbeatMs: 5_000,
  staleMs: 7_000,
};

/** A change and the id under which a page that lost its connection asks for what came after it. */
export interface Told {
  id: string;
  change: LiveChange;
}

export interface LivePage {
  /**
   * What came after `lastId`, or the whole; null when `signal` is aborted or `waitMs` have passed without news.
   * @throws AppError UNAVAILABLE when the database has not been read for too long to say that there is no news
   */
  next(lastId: string | null, signal: AbortSignal, waitMs: number): Promise<Told | null>;
  /** Whether a page can be told anything yet. */
  hasLooked(): boolean;
  leave(): void;
}

export interface LiveHub {
  /**
   * @param kinds what the page hears of; undefined: everything
   * @throws AppError TOO_MANY_REQUESTS when the team, or this process, has too many pages open
   */
  join(teamId: string, kinds?: readonly LiveKind[]): LivePage;
  isClosed(): boolean;
  readonly recheckMs: number;
  readonly heartbeatMs: number;
  /** The number of looks at the database, and of those at cards besides. */
  looks(): number;
  cardLooks(): number;
  close(): Promise<void>;
}

interface Feed {
  /** Changes are numbered anew with each feed. */
  epoch: string;
  teamId: string;
  pages: number;
  /** Of them those that show cards. */
  cardPages: number;
  lookAtCards: ReturnType<typeof makeCardLook>;
  /** What was last read of cards. */
  cards: CardRows | null;
  snapshot: Snapshot | null;
  /** The time of the last look that succeeded, or the begin of the feed. */
  lookedAtMs: number;
  staleMs: number;
  /** Number of the newest change; the memory holds those before it. */
  sequence: number;
  memory: { sequence: number; change: LiveChange }[];
  wake: PromiseWithResolvers<void>;
  notice: PromiseWithResolvers<void>;
}

export function makeLiveHub(databaseUrl: string, log: Log, limits: LiveOptions = LIMITS): LiveHub {
  const pool = makePool(databaseUrl, "live", CONNECTIONS, { settings: SETTINGS });
  const feeds = new Map<string, Feed>();
  const work = { pool, log, looks: 0, cardLooks: 0, isClosed: false };
  const onNotice = (payload: string) => {
    const teams = payload === "" ? [...feeds.keys()] : (JSON.parse(payload) as string[]);
    for (const teamId of teams) feeds.get(teamId)?.notice.resolve();
  };
  const lookAtAll = () => onNotice("");
  const stopListening = [
    listen({ databaseUrl, channel: LIVE_CHANNEL, onNotice, onConnect: lookAtAll }),
    // It names no team, and configuration changes seldom.
    listen({ databaseUrl, channel: CONFIG_CHANNEL, onNotice: lookAtAll }),
  ];
  let pages = 0;

  function join(teamId: string, kinds?: readonly LiveKind[]): LivePage {
    const cardPages = showsCards(kinds) ? 1 : 0;
    const feed = feeds.get(teamId) ?? startFeed(teamId);
    if (pages >= limits.maxPages || feed.pages >= limits.maxPagesPerTeam) {
      throw new AppError("TOO_MANY_REQUESTS", "Too many live pages of this team are open: close some.");
    }
    pages += 1;
    feed.pages += 1;
    feed.cardPages += cardPages;
    let isGone = false;
    return {
      next: (lastId, signal, waitMs) => nextOf(feed, lastId, signal, waitMs),
      hasLooked: () => feed.snapshot !== null,
      leave() {
        if (isGone) return;
        isGone = true;
        pages -= 1;
        feed.pages -= 1;
        feed.cardPages -= cardPages;
        if (feed.pages === 0) {
          feeds.delete(teamId);
          feed.notice.resolve();
        }
      },
    };
  }

  function startFeed(teamId: string): Feed {
    const feed: Feed = {
      epoch: randomUUID().slice(0, 8),
      teamId,
      pages: 0,
      cardPages: 0,
      lookAtCards: makeCardLook(teamId),
      cards: null,
      snapshot: null,
      lookedAtMs: performance.now(),
      staleMs: limits.staleMs,
      sequence: 0,
      memory: [],
      wake: Promise.withResolvers(),
      notice: Promise.withResolvers(),
    };
    feeds.set(teamId, feed);
    void lookOnAndOn(feed, work, () => feeds.get(teamId) === feed);
    return feed;
  }

  return {
    join,
    recheckMs: limits.recheckMs,
    heartbeatMs: limits.heartbeatMs,
    isClosed: () => work.isClosed,
    looks: () => work.looks,
    cardLooks: () => work.cardLooks,
    async close() {
      work.isClosed = true;
      for (const feed of feeds.values()) {
        feed.notice.resolve();
        feed.wake.resolve();
      }
      feeds.clear();
      await Promise.all(stopListening.map((stop) => stop()));
      await pool.end();
    },
  };
}

interface Work {
  pool: Pool;
  log: Log;
  looks: number;
  cardLooks: number;
  isClosed: boolean;
}

/** Looks at a team for as long as a page watches it. */
async function lookOnAndOn(feed: Feed, work: Work, isWatched: () => boolean): Promise<void> {
  while (isWatched() && !work.isClosed) {
    feed.notice = Promise.withResolvers();
    try {
      await look(feed, work);
      // What cards show comes behind the counts, which nobody should wait for.
      if (feed.cardPages > 0) await lookAtCards(feed, work);
    } catch (err) {
      if (!work.isClosed) work.log.warn({ err, team_id: feed.teamId }, "Live data could not be read; trying again");
    }
    await sleep(MIN_INTERVAL_MS, undefined, { ref: false });
    const patience = new AbortController();
    const waited = sleep(MAX_INTERVAL_MS - MIN_INTERVAL_MS, undefined, { ref: false, signal: patience.signal });
    await Promise.race([feed.notice.promise, waited.catch(() => undefined)]);
    patience.abort();
  }
}

async function look(feed: Feed, work: Work): Promise<void> {
  work.looks += 1;
  const { rows } = await work.pool.query<SnapshotRow>(snapshotStatement(feed.teamId, Date.now()));
  if (!rows[0]) return;
  const bare = toSnapshot(rows[0]);
  tell(feed, feed.cards ? withCards(bare, feed.cards) : bare);
  feed.lookedAtMs = performance.now();
}

async function lookAtCards(feed: Feed, work: Work): Promise<void> {
  work.cardLooks += 1;
  feed.cards = await feed.lookAtCards(work.pool, Date.now());
  if (feed.snapshot && feed.cards) tell(feed, withCards(feed.snapshot, feed.cards));
}

function tell(feed: Feed, after: Snapshot): void {
  const change = feed.snapshot && changeBetween(feed.snapshot, after);
  const isFirst = feed.snapshot === null;
  feed.snapshot = after;
  if (change) {
    feed.sequence += 1;
    feed.memory.push({ sequence: feed.sequence, change });
    if (feed.memory.length > REMEMBERED) feed.memory.shift();
  }
  if (change || isFirst) {
    feed.wake.resolve();
    feed.wake = Promise.withResolvers();
  }
}

async function nextOf(feed: Feed, lastId: string | null, signal: AbortSignal, waitMs: number) {
  const told = toldAfter(feed, lastId);
  if (told || signal.aborted) return told;
  if (performance.now() - feed.lookedAtMs > feed.staleMs)
    throw new AppError("UNAVAILABLE", "Live data cannot be read now: try again in some seconds.");
  const patience = new AbortController();
  const onAbort = () => patience.abort();
  signal.addEventListener("abort", onAbort, { once: true });
  const waited = sleep(waitMs, undefined, { ref: false, signal: patience.signal }).catch(() => undefined);
  await Promise.race([feed.wake.promise, waited]);
  patience.abort();
  signal.removeEventListener("abort", onAbort);
  return signal.aborted ? null : toldAfter(feed, lastId);
}

/** The next change for a page that knows `lastId`; the whole where that is unknown or too long ago. */
function toldAfter(feed: Feed, lastId: string | null): Told | null {
  const { epoch } = feed;
  if (!feed.snapshot) return null;
  const [ofEpoch, number] = (lastId ?? "").split(":");
  const known = ofEpoch === epoch ? Number(number) : Number.NaN;
  if (known === feed.sequence) return null;
  const following = feed.memory.find(({ sequence }) => sequence === known + 1);
  if (following) return { id: `${epoch}:${following.sequence}`, change: following.change };
  return { id: `${epoch}:${feed.sequence}`, change: wholeChange(feed.snapshot) };
}
