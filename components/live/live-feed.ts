// The one live connection of a page, however many of its parts listen: opened while somebody does, opened again when it breaks.
// Whether data still comes is known from what is heard alone, since a socket may be open and dead.
import type { LiveChange, LiveKind } from "#server/contracts/live.ts";
import { follow, type LiveState, NOTHING_HEARD } from "./live-state.ts";

/** The server says something every five seconds at the latest. */
const SILENCE_MS = 14_000;
/** A page that nobody sees lets go: browsers keep only six connections to one server for all their tabs. */
const HIDDEN_MS = 10_000;
/** So long nobody is told of trouble: a server that restarts is back sooner. */
const GRACE_MS = 1_500;
const RETRY_MS = [500, 1_000, 2_000, 4_000];

type EndReason = "broken" | "signed-out";

export interface LiveHandlers {
  onChange: (id: string, change: LiveChange) => void;
  /** Called once at most; nothing follows. */
  onEnd: (reason: EndReason) => void;
}

/** Opens a connection and returns the way to close it. */
export type OpenLive = (kinds: readonly LiveKind[], lastId: string | undefined, handlers: LiveHandlers) => () => void;

export interface FeedClock {
  nowMs(): number;
  /** Calls `run` later, and returns the way not to. */
  after(ms: number, run: () => void): () => void;
}

/** `lost`: the page shows what was last heard, and tries again by itself. */
export type LiveLink = "opening" | "live" | "lost" | "signed-out";

/** A new object with each change, as React wants it. */
export interface LiveView {
  link: LiveLink;
  /** When something was last heard; undefined before. */
  heardAtMs: number | undefined;
  state: LiveState;
}

/** `isGap`: something may have been missed, and what else the page shows may be old. */
export type OnChange = (change: LiveChange, isGap: boolean) => void;

export interface LiveFeed {
  /** Hears of these kinds until the returned function is called. A first change that `is_whole` comes soon. */
  watch(kinds: readonly LiveKind[], onChange: OnChange): () => void;
  read(): LiveView;
  onView(listener: () => void): () => void;
  setVisible(isVisible: boolean): void;
  /** Tries now: the browser has a network again, or somebody has logged in again. */
  retry(): void;
  /** The network is known to be away. */
  breakOff(): void;
}

interface Watcher {
  kinds: readonly LiveKind[];
  onChange: OnChange;
}

interface Opened {
  kinds: readonly LiveKind[];
  close: () => void;
}

/** What the server draws, and so what a page begins with. */
export const NOT_YET: LiveView = { link: "opening", heardAtMs: undefined, state: NOTHING_HEARD };

/** One timer that is set anew or not at all. */
function makeTimer(clock: FeedClock) {
  let cancel: (() => void) | undefined;
  const stop = () => {
    cancel?.();
    cancel = undefined;
  };
  return {
    stop,
    isSet: () => cancel !== undefined,
    set(ms: number, run: () => void) {
      stop();
      cancel = clock.after(ms, () => {
        cancel = undefined;
        run();
      });
    },
  };
}

export function makeLiveFeed(open: OpenLive, clock: FeedClock): LiveFeed {
  const watchers = new Set<Watcher>();
  const listeners = new Set<() => void>();
  const [opening, silence, grace, hiding] = [makeTimer(clock), makeTimer(clock), makeTimer(clock), makeTimer(clock)];
  let view = NOT_YET;
  let opened: Opened | undefined;
  let lastId: string | undefined;
  let lastKinds: readonly LiveKind[] = [];
  let failures = 0;
  let isVisible = true;

  function show(change: Partial<LiveView>): void {
    view = { ...view, ...change };
    for (const listener of listeners) listener();
  }

  const wantedKinds = () => [...new Set([...watchers].flatMap(({ kinds }) => kinds))].sort();

  function close(): void {
    opened?.close();
    opened = undefined;
    for (const timer of [opening, silence, grace]) timer.stop();
  }

  function connect(): void {
    const kinds = wantedKinds();
    if (kinds.length === 0 || !isVisible) {
      close();
      return;
    }
    // What is known of these kinds is not known of one more: that one needs the whole.
    if (kinds.some((kind) => !lastKinds.includes(kind))) lastId = undefined;
    lastKinds = kinds;
    opened?.close();
    let isOver = false;
    let hasHeard = false;
    const isBack = lastId !== undefined;
    const handlers: LiveHandlers = {
      onChange(id, change) {
        if (isOver) return;
        hasHeard = true;
        hear(id, change, isBack && change.is_whole);
      },
      // A new password or a second factor puts another session in the place of the one that this began with: one more
      // connection, with the cookie of now, tells whether the person is signed out.
      onEnd: (reason) => !isOver && lose(hasHeard ? "broken" : reason),
    };
    const closeIt = open(kinds, lastId, handlers);
    opened = {
      kinds,
      close() {
        isOver = true;
        closeIt();
      },
    };
    silence.set(SILENCE_MS, () => lose("broken"));
    if (view.link === "opening" && !grace.isSet()) grace.set(GRACE_MS, () => show({ link: "lost" }));
  }

  function hear(id: string, change: LiveChange, isGap: boolean): void {
    lastId = id;
    failures = 0;
    grace.stop();
    silence.set(SILENCE_MS, () => lose("broken"));
    show({ link: "live", heardAtMs: clock.nowMs(), state: follow(view.state, change) });
    for (const { onChange } of watchers) onChange(change, isGap);
  }

  function lose(reason: EndReason): void {
    opened?.close();
    opened = undefined;
    silence.stop();
    if (reason === "signed-out") {
      close();
      show({ link: "signed-out" });
      return;
    }
    if (view.link === "live") {
      show({ link: "opening" });
      grace.set(GRACE_MS, () => show({ link: "lost" }));
    }
    opening.set(RETRY_MS[Math.min(failures, RETRY_MS.length - 1)] ?? 0, connect);
    failures += 1;
  }

  /** After the parts of a page have come and gone, not at each. */
  function reconsider(): void {
    const kinds = wantedKinds();
    const isEnough = opened !== undefined && kinds.length > 0 && kinds.every((kind) => opened?.kinds.includes(kind));
    if (view.link !== "signed-out" && !isEnough) opening.set(0, connect);
  }

  return {
    watch(kinds, onChange) {
      const watcher = { kinds, onChange };
      watchers.add(watcher);
      reconsider();
      return () => {
        watchers.delete(watcher);
        if (watchers.size === 0) reconsider();
      };
    },
    read: () => view,
    onView(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setVisible(isSeen) {
      if (!isSeen) {
        hiding.set(HIDDEN_MS, () => {
          isVisible = false;
          close();
        });
        return;
      }
      hiding.stop();
      if (isVisible) return;
      isVisible = true;
      if (view.link !== "signed-out") opening.set(0, connect);
    },
    retry() {
      failures = 0;
      if (view.link === "signed-out") show({ link: "opening" });
      if (view.link !== "live") opening.set(0, connect);
    },
    breakOff: () => opened && lose("broken"),
  };
}
