// The data behind the picture: the model, made anew with the wiring and the traffic, handed out by slices; and the picture
// itself, which is another one only when something came, went, was sorted, folded or searched for.
import type { LiveState } from "#components/live/live-state.ts";
import type { Topology } from "#server/contracts/topology.ts";
import { type Arrangement, arrangeGraph, followGraph, type GraphSort, isDense } from "./arrange.ts";
import { type FoldFace, faceOf } from "./fold-face.ts";
import { FOLDED_DESTINATIONS, FOLDED_REST } from "./folds.ts";
import { type GraphNumbers, TOTALS } from "./graph-context.ts";
import type { Card, EdgeLook, FoldKind, GraphLayout, GraphModel } from "./graph-types.ts";
import { layoutGraph } from "./layout.ts";
import { type MarkStore, makeMarks } from "./marks.ts";
import { deriveModel } from "./model.ts";
import { drawPicture, type Picture, strippedIn } from "./picture.ts";
import { pictureEdges } from "./picture-edges.ts";
import { type Found, searchGraph } from "./search.ts";
import { isSame, makeSliceStore, type SliceStore } from "./slice-store.ts";
import { wayOf } from "./way.ts";

export interface SceneOptions {
  sort: GraphSort;
  /** Whether all is drawn that could be folded. */
  isUnfolded: boolean;
  query: string;
}

export interface SceneView {
  picture: Picture;
  layout: GraphLayout;
  /** The connections that are not hidden by a search, in their order. */
  rowIds: readonly string[];
  hiddenCount: number;
  isDense: boolean;
  /** Whether the order knows of the traffic: before, it is that of the names. */
  isArranged: boolean;
  /** How many connections are in folds, by what they have in common. */
  foldedCounts: { healthy: number; cause: number };
}

export interface GraphScene {
  stores: {
    cards: SliceStore<Card>;
    folds: SliceStore<FoldFace>;
    edges: SliceStore<EdgeLook>;
    totals: SliceStore<GraphNumbers>;
    marks: MarkStore;
  };
  model(): GraphModel;
  view(): SceneView;
  onView(listener: () => void): () => void;
  setTopology(topology: Topology): void;
  setLive(live: LiveState, nowMs: number): void;
  setOptions(options: SceneOptions): void;
  setCanvas(canvas: { canvasWidth: number; isCompact: boolean }): void;
  /** Orders and folds anew, by how things are now. */
  rearrange(): void;
  openFold(id: string): void;
  drawEdges(): void;
}

/** Colours and the room for badges go with the cards at once; how wide a line is waits for its turn. */
function recoloured(looks: ReadonlyMap<string, EdgeLook>, drawn: SliceStore<EdgeLook>): Map<string, EdgeLook> {
  return new Map(
    [...looks].map(([id, look]) => {
      const known = drawn.get(id);
      return [id, known ? { ...look, width: known.width, perMinute: known.perMinute } : look];
    }),
  );
}

/** How many connections are in folds of this kind. */
const foldedIn = ({ folds }: Picture, kind: FoldKind) =>
  [...folds.values()]
    .filter((fold) => fold.column === "connection" && fold.kind === kind)
    .reduce((sum, { memberIds }) => sum + memberIds.length, 0);

const FIRST: SceneOptions = { sort: "problems", isUnfolded: false, query: "" };

export function makeGraphScene(firstTopology: Topology, firstLive: LiveState, firstNowMs: number): GraphScene {
  let [topology, live, nowMs] = [firstTopology, firstLive, firstNowMs];
  let options = FIRST;
  let canvas = { canvasWidth: 0, isCompact: false };
  let model = deriveModel(topology, live, nowMs);
  let openFoldIds: ReadonlySet<string> = new Set();
  let found: Found | null = null;
  let arrangement: Arrangement = arrange();
  let isArranged = false;
  let view = draw(undefined);
  const listeners = new Set<() => void>();
  const stores = {
    cards: makeSliceStore<Card>(),
    folds: makeSliceStore<FoldFace>(),
    edges: makeSliceStore<EdgeLook>(),
    totals: makeSliceStore<GraphNumbers>(),
    marks: makeMarks((id) => wayOf(view.layout, id)),
  };

  function arrange(): Arrangement {
    return arrangeGraph(model, { sort: options.sort, isFolded: isDense(model) && !options.isUnfolded });
  }

  function draw(before: SceneView | undefined): SceneView {
    const drawn = drawPicture(arrangement, model, { ...canvas, openFoldIds, found });
    const isSameInput = before !== undefined && isSame(before.picture.input, drawn.input);
    const input = isSameInput ? before.picture.input : drawn.input;
    return {
      picture: { ...drawn, input },
      layout: isSameInput ? before.layout : layoutGraph(input),
      rowIds: arrangement.connectionIds.filter((id) => found?.connection.has(id) ?? true),
      hiddenCount: found?.hiddenConnections ?? 0,
      isDense: isDense(model),
      isArranged,
      foldedCounts: { healthy: foldedIn(drawn, "healthy"), cause: foldedIn(drawn, "cause") },
    };
  }

  function fill(): void {
    stores.cards.replace(new Map<string, Card>([...model.sources, ...model.connections, ...model.destinations]));
    stores.folds.replace(new Map([...view.picture.folds].map(([id, fold]) => [id, faceOf(fold, model)])));
    const { healthy, cause } = view.foldedCounts;
    const counts = {
      source: model.sources.size,
      connection: model.connections.size,
      destination: model.destinations.size,
      shownConnections: view.rowIds.length - healthy - cause,
      foldedConnections: healthy + cause,
    };
    stores.totals.replace(new Map([[TOTALS, { totals: model.totals, counts }]]));
  }

  const drawEdges = () => stores.edges.replace(pictureEdges(view.picture, model));

  function redraw(): void {
    view = draw(view);
    fill();
    drawEdges();
    stores.marks.refresh();
    for (const listener of listeners) listener();
  }

  function rearrange(): void {
    openFoldIds = new Set();
    isArranged = live.counts !== undefined;
    arrangement = arrange();
    redraw();
  }

  /** What is new or has left its fold gets a place, and what has to say why it does not deliver more of it. */
  function follow(): boolean {
    const before = strippedIn(model);
    model = deriveModel(topology, live, nowMs, model);
    const followed = followGraph(arrangement, model);
    const hasMoved = followed !== arrangement;
    arrangement = followed;
    return hasMoved || strippedIn(model) !== before;
  }

  fill();
  return {
    stores,
    model: () => model,
    view: () => view,
    onView(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setTopology(next) {
      if (next === topology) return;
      topology = next;
      follow();
      found = searchGraph(model, options.query);
      redraw();
    },
    setLive(next, atMs) {
      if (next === live) return;
      // Until rates are known every line is a hairline, and the first widths wait for no turn.
      const isFirstRates = live.rates === undefined && next.rates !== undefined;
      [live, nowMs] = [next, atMs];
      const hasMoved = follow();
      if (!isArranged && live.counts !== undefined) rearrange();
      else if (hasMoved) redraw();
      else {
        fill();
        if (isFirstRates) drawEdges();
        else stores.edges.replace(recoloured(pictureEdges(view.picture, model), stores.edges));
      }
    },
    setOptions(next) {
      if (isSame(next, options)) return;
      const isOtherOrder = next.sort !== options.sort || next.isUnfolded !== options.isUnfolded;
      options = next;
      found = searchGraph(model, options.query);
      if (isOtherOrder) rearrange();
      else redraw();
    },
    setCanvas(next) {
      if (isSame(next, canvas)) return;
      canvas = next;
      redraw();
    },
    rearrange,
    openFold(id) {
      openFoldIds = new Set([...openFoldIds, id === FOLDED_REST ? FOLDED_DESTINATIONS : id]);
      redraw();
    },
    drawEdges,
  };
}
