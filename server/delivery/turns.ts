// The turns of what is ready to be sent: one source after the other, and within a source one turn key after the other. Pure. Items
// of one turn key keep their order.

export interface Turns<Item> {
  add(item: Item): void;
  size(): number;
  sizeOf(key: string): number;
  /** Takes up to `count`, each from the turn key whose turn it is. */
  take(count: number): Item[];
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

  function takeOne(): Item | undefined {
    for (const [source, keys] of sources) {
      sources.delete(source);
      for (const [key, items] of keys) {
        keys.delete(key);
        const item = items.shift();
        if (items.length > 0) keys.set(key, items);
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
    take(wanted) {
      const taken: Item[] = [];
      while (taken.length < wanted) {
        const item = takeOne();
        if (item === undefined) break;
        taken.push(item);
      }
      return taken;
    },
  };
}
