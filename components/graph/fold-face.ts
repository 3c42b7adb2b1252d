// The face of a folded card: the sum of those that it stands for. Pure.
import { formatCount } from "#components/ui/format.ts";
import { sumBadges } from "./edge-looks.ts";
import { branchesOf } from "./folds.ts";
import type { Badges, Card, CardState, ConnectionCard, Fold, GraphModel } from "./graph-types.ts";

export interface FoldFace {
  fold: Fold;
  /** "7 queue at its limit", "15 destinations" */
  title: string;
  /** Below the title, where there is a second line. */
  note: string;
  /** The types of the sources behind it, for their tiles: the first ones, and how many more there are. */
  types: readonly string[];
  moreCount: number;
  perMinute: number;
  badges: Badges;
}

const MOST_TILES = 6;

/** By the word of a branch, which is the same for all of them. */
const CAUSES: Partial<Record<string, string>> = {
  "Cannot send": "cannot be sent",
  "Held by breaker": "held by its breaker",
  Drains: "drain since its breaker has closed",
  Queued: "queue at its limit",
};

function causeWords({ kind, word }: CardState): string {
  if (word !== "Destination disabled") return CAUSES[word] ?? "with one cause";
  return kind === "held" ? "held, their destination is disabled" : "lead to a disabled destination";
}

function titleOf({ kind, memberIds }: Fold, branches: readonly ConnectionCard[]): string {
  const count = formatCount(memberIds.length);
  switch (kind) {
    case "healthy":
      return `${count} healthy`;
    case "destinations":
      return `${count} destinations`;
    case "sources":
      return `${count} sources, folded`;
    case "cause":
      return `${count} ${branches[0] ? causeWords(branches[0].state) : "with one cause"}`;
  }
}

function branchesIn({ column, memberIds }: Fold, model: GraphModel): ConnectionCard[] {
  if (column === "connection") return branchesOf(model, { connectionIds: memberIds });
  const ends = column === "source" ? model.sources : model.destinations;
  return memberIds.flatMap((id) => branchesOf(model, ends.get(id) ?? { connectionIds: [] }));
}

export function faceOf(fold: Fold, model: GraphModel): FoldFace {
  const branches = branchesIn(fold, model);
  const sourceIds = new Set(branches.map(({ sourceId }) => sourceId));
  const types = [...sourceIds].flatMap((id) => model.sources.get(id)?.type ?? []);
  const ends = fold.memberIds.flatMap((id): Card[] => {
    const card = model.sources.get(id) ?? model.destinations.get(id);
    return card ? [card] : [];
  });
  const cards: readonly Card[] = fold.column === "connection" ? branches : ends;
  return {
    fold,
    title: titleOf(fold, branches),
    note: fold.kind === "destinations" ? `all healthy, ${formatCount(branches.length)} branches` : "",
    types: types.slice(0, MOST_TILES),
    moreCount: Math.max(0, types.length - MOST_TILES),
    perMinute: cards.reduce((sum, { perMinute }) => sum + (perMinute ?? 0), 0),
    badges: sumBadges(branches.map(({ badges }) => badges)),
  };
}
