// The turns of what is ready to be sent: one source after the other, and within a source one turn key after the other. Pure. Items
// of one turn key keep their order.

export interface Turns<Item> {
  add(item: Item): void;
  size(): number;
  sizeOf(key: string): number;
  /** Takes out all items of the keys of which this is true. */
  drop(isMeant: (key: string) => boolean): Item[];
  /** Takes up to `count`, each from the turn key whose turn it is. A key whose first item may not go keeps its turn. */
  take(count: number, mayGo?: (item: Item) => boolean): Item[];
}

/** Where an item waits for its turn. */
export interface Place {
  source: string;
  key: string;
}

export function makeTurns<Item>(placeOf: (item: Item) => Place): Turns<Item> {
  // The maps keep the turns: whose turn it was goes to the end.
  const sources = new Map<string, Map<string, Item[]>>();
  const sizes = new Map<string, number>();
  let size = 0;

  function count({ key }: Place, change: 1 | -1): void {
    size += change;
    const ofKey = (sizes.get(key) ?? 0) + change;
    if (ofKey > 0) sizes.set(key, ofKey);
    else sizes.delete(key);
  }

  function takeOne(mayGo: (item: Item) => boolean): Item | undefined {
    for (const [source, keys] of sources) {
      for (const [key, items] of keys) {
        const [item] = items;
        if (item === undefined || !mayGo(item)) continue;
        items.shift();
        keys.delete(key);
        if (items.length > 0) keys.set(key, items);
        sources.delete(source);
        if (keys.size > 0) sources.set(source, keys);
        count({ source, key }, -1);
        return item;
      }
    }
    return undefined;
  }

  return {
    add(item) {
      const place = placeOf(item);
      const keys = sources.get(place.source) ?? new Map<string, Item[]>();
      const items = keys.get(place.key) ?? [];
      items.push(item);
      keys.set(place.key, items);
      sources.set(place.source, keys);
      count(place, 1);
    },
    size: () => size,
    sizeOf: (key) => sizes.get(key) ?? 0,
    drop(isMeant) {
      const dropped: Item[] = [];
      for (const [source, keys] of sources) {
        for (const [key, items] of keys) {
          if (!isMeant(key)) continue;
          keys.delete(key);
          for (const _ of items) count({ source, key }, -1);
          dropped.push(...items);
        }
        if (keys.size === 0) sources.delete(source);
      }
      return dropped;
    },
    take(wanted, mayGo = () => true) {
      const taken: Item[] = [];
      while (taken.length < wanted) {
        const item = takeOne(mayGo);
        if (item === undefined) break;
        taken.push(item);
      }
      return taken;
    },
  };
}
