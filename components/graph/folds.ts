// The cards of the graph that stand as one: those that are well, and those that wait for one and the same. Pure.
import { isHealthy, rankOf } from "./card-state.ts";
import type { ConnectionCard, DestinationCard, Fold, GraphModel } from "./graph-types.ts";

const FOLDED_SOURCES = "fold:sources";
export const FOLDED_DESTINATIONS = "fold:destinations";
/** The branches of the folded destinations. */
export const FOLDED_REST = "fold:rest";
/** One card alone is no fold. */
const LEAST = 2;

export const branchesOf = (model: GraphModel, end: { connectionIds: readonly string[] }): ConnectionCard[] =>
  end.connectionIds.flatMap((id) => model.connections.get(id) ?? []);

const CAUSES = new Set(["Destination disabled", "Cannot send", "Held by breaker", "Drains"]);

/** What holds up a branch for which its destination is the cause, the same for all that it holds up; null for others. */
export const causeOf = ({ state }: ConnectionCard): string | null =>
  CAUSES.has(state.word) || state.kind === "queued" ? state.word : null;

const isWell = (branch: ConnectionCard) => isHealthy(branch.state.kind);

/** A destination that may vanish into the fold of those that are well. */
const isQuiet = (model: GraphModel, destination: DestinationCard) =>
  isHealthy(destination.state.kind) &&
  destination.connectionIds.length > 0 &&
  branchesOf(model, destination).every(isWell);

const idsOf = (cards: readonly { id: string }[]) => cards.map(({ id }) => id);

/** The healthy branches of a destination as one. */
export const healthyFold = (destinationId: string, branches: readonly ConnectionCard[]): Fold[] =>
  branches.length < LEAST
    ? []
    : [
        {
          id: `fold:healthy:${destinationId}`,
          kind: "healthy",
          column: "connection",
          memberIds: idsOf(branches),
          destinationId,
          state: "delivering",
        },
      ];

function causeFold(destinationId: string, branches: readonly ConnectionCard[]): Fold[] {
  const byCause = Map.groupBy(branches, causeOf);
  byCause.delete(null);
  const [members] = [...byCause.values()].sort((a, b) => b.length - a.length);
  if (!members || members.length < LEAST) return [];
  const state = members.reduce(
    (worst, { state: { kind } }) => (rankOf(kind) < rankOf(worst) ? kind : worst),
    "idle" as const as ConnectionCard["state"]["kind"],
  );
  return [
    {
      id: `fold:cause:${destinationId}`,
      kind: "cause",
      column: "connection",
      memberIds: idsOf(members),
      destinationId,
      state,
    },
  ];
}

/** @param among the branches that may be folded; undefined: all */
function quietFolds(model: GraphModel, quiet: readonly DestinationCard[], among?: ReadonlySet<string>): Fold[] {
  const branches = quiet.flatMap((destination) => branchesOf(model, destination));
  const healthy = { state: "delivering", memberIds: idsOf(quiet), destinationId: null } as const;
  return [
    { ...healthy, id: FOLDED_DESTINATIONS, kind: "destinations", column: "destination" },
    {
      ...healthy,
      id: FOLDED_REST,
      kind: "healthy",
      column: "connection",
      memberIds: idsOf(branches).filter((id) => among?.has(id) ?? true),
      destinationId: FOLDED_DESTINATIONS,
    },
  ];
}

/** All that can be folded now. */
export function foldsOf(model: GraphModel): Fold[] {
  const destinations = [...model.destinations.values()];
  const found = destinations.filter((destination) => isQuiet(model, destination));
  const quiet = new Set(found.length >= LEAST ? found : []);
  const ofBranches = destinations
    .filter((destination) => !quiet.has(destination))
    .flatMap((destination) => {
      const branches = branchesOf(model, destination);
      return [...causeFold(destination.id, branches), ...healthyFold(destination.id, branches.filter(isWell))];
    });
  const folds = [...ofBranches, ...(quiet.size > 0 ? quietFolds(model, [...quiet]) : [])];
  return [...folds, ...sourcesFold(model, folds)];
}

/** Sources all of whose branches are in these folds. @param among those that may be folded; undefined: all */
export function sourcesFold(model: GraphModel, folds: readonly Fold[], among?: ReadonlySet<string>): Fold[] {
  const folded = new Set(folds.filter(({ column }) => column === "connection").flatMap(({ memberIds }) => memberIds));
  const members = [...model.sources.values()].filter(
    ({ id, connectionIds, state }) =>
      (among?.has(id) ?? true) &&
      isHealthy(state.kind) &&
      connectionIds.length > 0 &&
      connectionIds.every((branchId) => folded.has(branchId)),
  );
  if (members.length < LEAST) return [];
  return [
    {
      id: FOLDED_SOURCES,
      kind: "sources",
      column: "source",
      memberIds: idsOf(members),
      destinationId: null,
      state: "delivering",
    },
  ];
}

/** The folds without those members that have gone, or are no longer what the fold says of them. None gets a new member. */
export function stillFolded(folds: readonly Fold[], model: GraphModel): Fold[] {
  const membersOf = (id: string) => folds.find((fold) => fold.id === id)?.memberIds ?? [];
  const found = membersOf(FOLDED_DESTINATIONS).flatMap((id) => model.destinations.get(id) ?? []);
  const stillQuiet = found.filter((destination) => isQuiet(model, destination));
  const quiet = stillQuiet.length < LEAST ? [] : stillQuiet;
  // A new branch of a folded destination stands by itself until somebody folds again.
  const rest = new Set(membersOf(FOLDED_REST));
  const apart = found
    .filter((destination) => !quiet.includes(destination))
    .flatMap(({ id, ...destination }) =>
      healthyFold(
        id,
        branchesOf(model, destination).filter((branch) => isWell(branch) && rest.has(branch.id)),
      ),
    );
  const ofBranches = folds
    .filter(({ id, column }) => column === "connection" && id !== FOLDED_REST)
    .flatMap((fold) => {
      const memberIds = fold.memberIds.filter((id) => staysIn(fold, model.connections.get(id)));
      return memberIds.length < LEAST ? [] : [{ ...fold, memberIds }];
    });
  const kept = [...ofBranches, ...apart, ...(quiet.length > 0 ? quietFolds(model, quiet, rest) : [])];
  return [...kept, ...sourcesFold(model, kept, new Set(membersOf(FOLDED_SOURCES)))];
}

const staysIn = (fold: Fold, branch: ConnectionCard | undefined): boolean =>
  branch?.destinationId === fold.destinationId &&
  (fold.kind === "cause" ? causeOf(branch) !== null && branch.state.kind === fold.state : isWell(branch));
