// A byte budget that many share. While room is left anyone may take it; when it is full, whoever holds less takes room from
// whoever holds most, never the reverse. Shares are equal at each level: between teams, between a team's sources, between
// a source's senders.

export interface HeldBytes {
  /**
   * Opens a holding of no bytes.
   *
   * @param keys the owners of the bytes, from the widest to the narrowest, such as team, source, sender
   * @param evict called when the room goes to one who holds less: the holding is released already, and its owner drops the
   * bytes
   */
  hold(keys: readonly string[], nowMs: number, evict: () => void): Holding;
  usedBytes(): number;
}

export interface Holding {
  /** False when there is no room for more: nothing was added, and the owner is expected to give up. */
  add(bytes: number, nowMs: number): boolean;
  /** Protects the holding from eviction: its bytes are about to be stored. */
  pin(): void;
  /** May be called again. */
  release(): void;
}

/** A level of the budget: the whole, a team, a source, a sender. */
interface Share {
  readonly key: string;
  readonly parent: Share | null;
  readonly children: Map<string, Share>;
  readonly bodies: Set<Body>;
  usedBytes: number;
  /** The bytes that are not pinned. */
  evictableBytes: number;
}

interface Body {
  readonly share: Share;
  readonly evict: () => void;
  readonly openedAtMs: number;
  bytes: number;
  lastBytesAtMs: number;
  isPinned: boolean;
  isOpen: boolean;
}

/** Pinned bytes cannot be taken back, so this part of the budget is only for those below their equal share. */
const RESERVED_PART = 1 / 8;
/** Between bodies of one sender only one that stands still makes room: taking turns in evicting each other would finish none. */
const STANDSTILL_MS = 500;

const makeShare = (key: string, parent: Share | null): Share => ({
  key,
  parent,
  children: new Map(),
  bodies: new Set(),
  usedBytes: 0,
  evictableBytes: 0,
});

/** Makes the budget. Pure: time is an argument, and evictions are calls. */
export function makeHeldBytes(maxBytes: number): HeldBytes {
  const whole = makeShare("", null);

  function shareOf(keys: readonly string[]): Share {
    let share = whole;
    for (const key of keys) {
      let child = share.children.get(key);
      if (!child) {
        child = makeShare(key, share);
        share.children.set(key, child);
      }
      share = child;
    }
    return share;
  }

  function charge(body: Body, bytes: number): void {
    body.bytes += bytes;
    for (let share: Share | null = body.share; share; share = share.parent) {
      share.usedBytes += bytes;
      if (!body.isPinned) share.evictableBytes += bytes;
    }
  }

  function fits(narrowest: Share, bytes: number): boolean {
    if (whole.usedBytes + bytes > maxBytes) return false;
    for (let share = narrowest; share.parent; share = share.parent) {
      const equalShare = maxBytes / Math.max(2, share.parent.children.size);
      const isOver = share.usedBytes + bytes > equalShare;
      if (isOver && share.parent.usedBytes + bytes > maxBytes * (1 - RESERVED_PART)) return false;
    }
    return true;
  }

  function release(body: Body): void {
    if (!body.isOpen) return;
    body.isOpen = false;
    charge(body, -body.bytes);
    body.share.bodies.delete(body);
    for (let share = body.share; share.parent; share = share.parent) {
      if (share.bodies.size > 0 || share.children.size > 0) break;
      share.parent.children.delete(share.key);
    }
  }

  function add(body: Body, bytes: number, nowMs: number): boolean {
    if (!body.isOpen) return false;
    while (!fits(body.share, bytes)) {
      const victim = findVictim(body, bytes, nowMs);
      if (!victim) return false;
      release(victim);
      victim.evict();
    }
    charge(body, bytes);
    body.lastBytesAtMs = nowMs;
    return true;
  }

  return {
    hold(keys, nowMs, evict) {
      const share = shareOf(keys);
      const body = { share, evict, openedAtMs: nowMs, lastBytesAtMs: nowMs, bytes: 0, isPinned: false, isOpen: true };
      share.bodies.add(body);
      return {
        add: (bytes, atMs) => add(body, bytes, atMs),
        pin() {
          if (body.isPinned || !body.isOpen) return;
          for (let one: Share | null = share; one; one = one.parent) one.evictableBytes -= body.bytes;
          body.isPinned = true;
        },
        release: () => release(body),
      };
    },
    usedBytes: () => whole.usedBytes,
  };
}

/** Looks from the widest level to the narrowest for one who would still hold more than the newcomer does afterwards. */
function findVictim(newcomer: Body, bytes: number, nowMs: number): Body | null {
  const path: Share[] = [];
  for (let share: Share | null = newcomer.share; share; share = share.parent) path.unshift(share);
  for (const own of path) {
    if (!own.parent) continue;
    const heaviest = heaviestOf(own.parent, own, own.usedBytes + bytes);
    if (heaviest) return costliestBody(heaviest, nowMs);
  }
  const standing = [...newcomer.share.bodies].filter(
    (body) => body.bytes > newcomer.bytes + bytes && nowMs - body.lastBytesAtMs >= STANDSTILL_MS,
  );
  return costliest(standing, nowMs);
}

/** The child that holds most, of those that hold more than `overBytes` and have something that can be evicted. */
function heaviestOf(share: Share, except: Share | null, overBytes: number): Share | null {
  let heaviest: Share | null = null;
  for (const child of share.children.values()) {
    if (child === except || child.evictableBytes === 0 || child.usedBytes <= overBytes) continue;
    if (!heaviest || child.usedBytes > heaviest.usedBytes) heaviest = child;
  }
  return heaviest;
}

function costliestBody(share: Share, nowMs: number): Body | null {
  let narrowest = share;
  for (let child = heaviestOf(share, null, 0); child; child = heaviestOf(child, null, 0)) narrowest = child;
  return costliest(narrowest.bodies, nowMs);
}

/** The body that has held most bytes for longest: of two equally large bodies the slower one. */
function costliest(bodies: Iterable<Body>, nowMs: number): Body | null {
  const cost = (body: Body) => body.bytes * (nowMs - body.openedAtMs + 1);
  let costliestYet: Body | null = null;
  for (const body of bodies) {
    if (body.isPinned || body.bytes === 0) continue;
    if (!costliestYet || cost(body) > cost(costliestYet)) costliestYet = body;
  }
  return costliestYet;
}
