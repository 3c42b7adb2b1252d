// The amounts that each team may have in hand at once. A team that holds nothing always has room for one thing, so nobody
// waits for what others hold. All together are bounded as well.

/** In things and in bytes. */
export interface Amount {
  count: number;
  bytes: number;
}

export interface TeamRooms {
  /** The amount that the team may take now. Its first thing may be larger than its share: it would never fit otherwise. */
  roomOf(teamId: string): Amount;
  /** The room of a team that holds nothing. */
  newcomer(): Amount;
  /** Whether one more thing of this size has room; if so it is taken. */
  take(teamId: string, bytes: number): boolean;
  /** Takes it whether or not it has room. */
  force(teamId: string, bytes: number): void;
  giveBack(teamId: string, bytes: number): void;
  /** Teams that hold something. */
  teams(): string[];
}

/** Beyond what all may hold together, up to twice as much goes to teams that hold nothing. */
export function makeTeamRooms(each: Amount, all: Amount): TeamRooms {
  const held = new Map<string, Amount>();
  const total: Amount = { count: 0, bytes: 0 };
  const NONE: Amount = { count: 0, bytes: 0 };

  const newcomer = (): Amount => {
    if (total.count < all.count && total.bytes < all.bytes) return each;
    return total.count < 2 * all.count && total.bytes < 2 * all.bytes ? { count: 1, bytes: each.bytes } : NONE;
  };

  function roomOf(teamId: string): Amount {
    const own = held.get(teamId);
    if (!own) return newcomer();
    const count = Math.min(each.count - own.count, all.count - total.count);
    const bytes = Math.min(each.bytes - own.bytes, all.bytes - total.bytes);
    return count > 0 && bytes > 0 ? { count, bytes } : NONE;
  }

  /** For what shares its bytes with something in hand. */
  const hasPlace = (teamId: string): boolean => {
    const own = held.get(teamId);
    return own !== undefined && own.count < each.count && total.count < all.count;
  };

  function force(teamId: string, bytes: number): void {
    const own = held.get(teamId) ?? { count: 0, bytes: 0 };
    held.set(teamId, { count: own.count + 1, bytes: own.bytes + bytes });
    total.count += 1;
    total.bytes += bytes;
  }

  return {
    roomOf,
    newcomer,
    force,
    take(teamId, bytes) {
      if (bytes === 0 && hasPlace(teamId)) {
        force(teamId, 0);
        return true;
      }
      const room = roomOf(teamId);
      if (room.count === 0 || (held.has(teamId) && room.bytes < bytes)) return false;
      force(teamId, bytes);
      return true;
    },
    giveBack(teamId, bytes) {
      const own = held.get(teamId);
      if (!own) return;
      total.count -= 1;
      total.bytes -= bytes;
      if (own.count === 1) held.delete(teamId);
      else held.set(teamId, { count: own.count - 1, bytes: own.bytes - bytes });
    },
    teams: () => [...held.keys()],
  };
}
