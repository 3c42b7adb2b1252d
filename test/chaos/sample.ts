// Some items of a list whose length nobody knows beforehand, evenly over all of it.

export interface Sample {
  add(item: string): void;
  all(): string[];
}

/** @param count at least so many, if there are as many, and at most twice as many */
export function makeSample(count: number): Sample {
  let items: string[] = [];
  let step = 1;
  let seen = 0;
  return {
    add(item) {
      if (seen++ % step === 0) items.push(item);
      if (items.length < 2 * count) return;
      items = items.filter((_, i) => i % 2 === 0);
      step *= 2;
    },
    all: () => [...items],
  };
}
