/** The most receipts that any window of `periodMs` holds, wherever it starts: one that starts with a receipt holds the most. */
export function busiestWindow(timesMs: readonly number[], periodMs: number): number {
  const sorted = timesMs.toSorted((a, b) => a - b);
  let most = 0;
  let first = 0;
  for (const [last, timeMs] of sorted.entries()) {
    while ((sorted[first] ?? timeMs) <= timeMs - periodMs) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
