// The picture of the graph: of an arrangement, what is not folded or hidden by a search, as the layout takes it. Pure.
import type { Arrangement } from "./arrange.ts";
import { connectionHeight, destinationHeight, rowsFor, sourceHeight } from "./columns.ts";
import { branchesOf, FOLDED_DESTINATIONS, FOLDED_REST, healthyFold, sourcesFold } from "./folds.ts";
import type {
  CardKind,
  CardStateKind,
  DestinationCard,
  Fold,
  GraphModel,
  LayoutCard,
  LayoutConnection,
  LayoutInput,
} from "./graph-types.ts";
import type { Found } from "./search.ts";

export interface PictureOptions {
  canvasWidth: number;
  isCompact: boolean;
  /** Folds that are drawn as their members. */
  openFoldIds: ReadonlySet<string>;
  /** What a search leaves; null without one. Nothing is folded while somebody searches. */
  found: Found | null;
}

export interface Picture {
  input: LayoutInput;
  /** The folds that are drawn, by id. */
  folds: ReadonlyMap<string, Fold>;
  /** The card or fold that stands for each card that is in sight. */
  unitOf: ReadonlyMap<string, string>;
}

/** The folds that are closed. Of an open fold of destinations each is folded by itself. */
function closedFolds({ folds }: Arrangement, model: GraphModel, openIds: ReadonlySet<string>): Fold[] {
  const isOpen = (fold: Fold) => openIds.has(fold.id === FOLDED_REST ? FOLDED_DESTINATIONS : fold.id);
  const rest = folds.find(({ id }) => id === FOLDED_REST);
  const inRest = new Set(rest?.memberIds);
  const opened = openIds.has(FOLDED_DESTINATIONS)
    ? (folds.find(({ id }) => id === FOLDED_DESTINATIONS)?.memberIds ?? []).flatMap((id) => {
        const destination = model.destinations.get(id);
        const branches = destination ? branchesOf(model, destination) : [];
        return healthyFold(
          id,
          branches.filter((branch) => inRest.has(branch.id)),
        ).filter((fold) => !openIds.has(fold.id));
      })
    : [];
  const closed = [...folds.filter((fold) => fold.column !== "source" && !isOpen(fold)), ...opened];
  const sources = folds.find(({ column }) => column === "source");
  if (!sources || isOpen(sources)) return closed;
  return [...closed, ...sourcesFold(model, closed, new Set(sources.memberIds))];
}

const isShown = (kind: CardKind, id: string, found: Found | null) => found === null || found[kind].has(id);

/** The units of a column in their order, each fold at the place of its first member. */
function unitsOf(ids: readonly string[], kind: CardKind, unitOf: ReadonlyMap<string, string>, found: Found | null) {
  return [...new Set(ids.filter((id) => isShown(kind, id, found)).map((id) => unitOf.get(id) ?? id))];
}

function connectionRows(
  ids: readonly string[],
  model: GraphModel,
  picture: Pick<Picture, "folds" | "unitOf">,
  isCompact: boolean,
): LayoutConnection[] {
  const unit = (id: string) => picture.unitOf.get(id) ?? id;
  return ids.flatMap((id): LayoutConnection[] => {
    const fold = picture.folds.get(id);
    const members = (fold?.memberIds ?? [id]).flatMap((memberId) => model.connections.get(memberId) ?? []);
    const [first] = members;
    if (!first) return [];
    return [
      {
        id,
        height: fold ? rowsFor(isCompact).fold.connection : connectionHeight({ hasStrip: first.needsYou, isCompact }),
        sourceIds: [...new Set(members.map(({ sourceId }) => unit(sourceId)))],
        destinationId: unit(first.destinationId),
      },
    ];
  });
}

/** A destination that sends nothing, or as good as nothing, says why in a strip. */
const STRIPPED: ReadonlySet<CardStateKind> = new Set(["disabled", "broken", "held"]);

const hasStrip = ({ state }: DestinationCard): boolean => STRIPPED.has(state.kind);

/** The destinations that say why they do not deliver, as one text: the picture is another one when it changes. */
export const strippedIn = ({ destinations }: GraphModel): string =>
  [...destinations.values()].flatMap((card) => (hasStrip(card) ? [card.id] : [])).join();

function endRows(
  ids: readonly string[],
  kind: "source" | "destination",
  model: GraphModel,
  folds: Picture["folds"],
  isCompact: boolean,
): LayoutCard[] {
  return ids.map((id) => {
    if (folds.has(id)) return { id, height: rowsFor(isCompact).fold[kind] };
    const destination = model.destinations.get(id);
    if (!destination) return { id, height: sourceHeight(isCompact) };
    const shown = { hasLimit: destination.limit !== null, hasStrip: hasStrip(destination), isCompact };
    return { id, height: destinationHeight(shown) };
  });
}

/** What is drawn now. It changes with what is wired, folded, searched and in need of a person, and with no number. */
export function drawPicture(arrangement: Arrangement, model: GraphModel, options: PictureOptions): Picture {
  const { canvasWidth, isCompact, openFoldIds, found } = options;
  const closed = found === null ? closedFolds(arrangement, model, openFoldIds) : [];
  const folds = new Map(closed.map((fold) => [fold.id, fold]));
  const unitOf = new Map(closed.flatMap((fold) => fold.memberIds.map((id) => [id, fold.id] as const)));
  const connections = unitsOf(arrangement.connectionIds, "connection", unitOf, found);
  const sources = unitsOf(arrangement.sourceIds, "source", unitOf, found);
  const destinations = unitsOf(arrangement.destinationIds, "destination", unitOf, found);
  return {
    folds,
    unitOf,
    input: {
      canvasWidth,
      isCompact,
      sources: endRows(sources, "source", model, folds, isCompact),
      connections: connectionRows(connections, model, { folds, unitOf }, isCompact),
      destinations: endRows(destinations, "destination", model, folds, isCompact),
    },
  };
}
