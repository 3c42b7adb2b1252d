/** The value below which the share `q` of the samples lies; nearest rank. NaN of nothing. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}

/** The middle value; of an even number the mean of the two in the middle. NaN of nothing. */
export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (Number.isInteger(middle)) return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
  return sorted[Math.floor(middle)] ?? Number.NaN;
}

export interface Comparison {
  /** What ours is as a multiple of theirs, by round. */
  ratios: number[];
  /** Medians. */
  ratio: number;
  ours: number;
  theirs: number;
}

/** Compares two sides that were measured in the same rounds. */
export function compareRounds<Side extends string>(
  rounds: readonly Record<Side, number>[],
  ours: Side,
  theirs: Side,
): Comparison {
  const ratios = rounds.map((round) => round[ours] / round[theirs]);
  const medianOf = (side: Side) => median(rounds.map((round) => round[side]));
  return { ratios, ratio: median(ratios), ours: medianOf(ours), theirs: medianOf(theirs) };
}
