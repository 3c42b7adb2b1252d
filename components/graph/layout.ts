// The places of cards and edges in the graph. Pure: the same input gives the same picture, and nothing of the input changes
// with the traffic.
import { columnsFor, rowsFor } from "./columns.ts";
import type {
  CardKind,
  Column,
  GraphLayout,
  LayoutCard,
  LayoutConnection,
  LayoutEdge,
  LayoutInput,
  LayoutNode,
  Port,
} from "./graph-types.ts";
import { spread } from "./spread.ts";

type Rows = ReturnType<typeof rowsFor>;

interface Placed {
  id: string;
  top: number;
  height: number;
}
type ById<T> = ReadonlyMap<string, T>;
/** One edge at one port, and how far down it ends at its other side. */
interface End {
  edgeId: string;
  otherY: number;
}

const CONNECTION_PORT_HEIGHT = 14;
/** A port is so much higher than the way from its first edge to its last. */
const PORT_ENDS = 10;

export const inEdgeId = (connectionId: string, sourceId: string): string => `in:${connectionId}:${sourceId}`;
export const outEdgeId = (connectionId: string): string => `out:${connectionId}`;

function stack(connections: readonly LayoutConnection[], rows: Rows): Placed[] {
  let bottom = rows.top;
  return connections.map(({ id, height, destinationId }, i) => {
    const before = connections[i - 1];
    if (before) bottom += before.destinationId === destinationId ? rows.gap.connection : rows.groupGap;
    const top = bottom;
    bottom += height;
    return { id, top, height };
  });
}

const portOf = ({ top, height }: Placed, rows: Rows): number =>
  top + Math.min(rows.connectionPort, Math.ceil(height / 2));

/** For each end the ports of the connections that it has. */
function portsByEnd(
  connections: readonly LayoutConnection[],
  ports: ById<number>,
  endsOf: (connection: LayoutConnection) => readonly string[],
): ById<number[]> {
  const byEnd = new Map<string, number[]>();
  for (const connection of connections) {
    for (const endId of endsOf(connection)) {
      const known = byEnd.get(endId) ?? [];
      known.push(ports.get(connection.id) ?? 0);
      byEnd.set(endId, known);
    }
  }
  return byEnd;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function placeEnds(cards: readonly LayoutCard[], ports: ById<number[]>, gap: number, top: number): Placed[] {
  const wanting = cards.map(({ id, height }) => {
    const own = ports.get(id);
    return { height, middle: own ? mean(own) : null };
  });
  const tops = spread(wanting, gap, top);
  return cards.map(({ id, height }, i) => ({ id, height, top: tops[i] ?? top }));
}

/** The ends of a port's edges in the order of their other sides, so that none crosses another there. */
function makePort(ends: readonly End[], x: number, middle: number, height: number, rows: Rows): Port | null {
  if (ends.length === 0) return null;
  const sorted = ends.toSorted((a, b) => a.otherY - b.otherY || (a.edgeId < b.edgeId ? -1 : 1));
  const room = Math.max(0, height - rows.portMargin);
  const span = Math.min((sorted.length - 1) * rows.slot, room);
  const step = sorted.length > 1 ? span / (sorted.length - 1) : 0;
  const first = middle - span / 2;
  const pill = span + PORT_ENDS;
  return {
    x,
    y: middle - pill / 2,
    height: pill,
    slots: sorted.map(({ edgeId }, i) => ({ edgeId, y: first + i * step })),
  };
}

const makeNode = (kind: CardKind, { id, top, height }: Placed, { x, width }: Column) =>
  ({ id, kind, x, y: top, width, height, inPort: null, outPort: null }) satisfies LayoutNode;

const byId = <T extends { id: string }>(rows: readonly T[]): ById<T> => new Map(rows.map((row) => [row.id, row]));

const middleOf = ({ top, height }: Placed) => top + height / 2;

interface Scene {
  input: LayoutInput;
  rows: Rows;
  columns: GraphLayout["columns"];
  /** The middle of the port of each connection. */
  ports: ById<number>;
  sources: readonly Placed[];
  connections: readonly Placed[];
  destinations: readonly Placed[];
}

/** Of all edges at each port, the other sides. */
function endsByPort({ input, ports, sources }: Scene): Record<CardKind, ById<End[]>> {
  const ends = { source: new Map(), connection: new Map(), destination: new Map() } as Record<
    CardKind,
    Map<string, End[]>
  >;
  const add = (kind: CardKind, id: string, end: End) => {
    const known = ends[kind].get(id) ?? [];
    known.push(end);
    ends[kind].set(id, known);
  };
  const sourceOf = byId(sources);
  for (const { id, sourceIds, destinationId } of input.connections) {
    const y = ports.get(id) ?? 0;
    for (const sourceId of sourceIds) {
      const source = sourceOf.get(sourceId);
      if (!source) continue;
      const edgeId = inEdgeId(id, sourceId);
      add("source", sourceId, { edgeId, otherY: y });
      add("connection", id, { edgeId, otherY: middleOf(source) });
    }
    add("destination", destinationId, { edgeId: outEdgeId(id), otherY: y });
  }
  return ends;
}

function drawNodes(scene: Scene): LayoutNode[] {
  const { columns, rows, ports } = scene;
  const ends = endsByPort(scene);
  const right = ({ x, width }: Column) => x + width;
  const sources = scene.sources.map((placed): LayoutNode => {
    const own = ends.source.get(placed.id) ?? [];
    const outPort = makePort(own, right(columns.source), middleOf(placed), placed.height, rows);
    return { ...makeNode("source", placed, columns.source), outPort };
  });
  const connections = scene.connections.map((placed): LayoutNode => {
    const { x } = columns.connection;
    const y = ports.get(placed.id) ?? 0;
    const own = ends.connection.get(placed.id) ?? [];
    const single = { y: y - CONNECTION_PORT_HEIGHT / 2, height: CONNECTION_PORT_HEIGHT };
    const inPort = makePort(own, x, y, 2 * (y - placed.top), rows);
    return {
      ...makeNode("connection", placed, columns.connection),
      inPort: inPort && inPort.height < CONNECTION_PORT_HEIGHT ? { ...inPort, ...single } : inPort,
      outPort: { x: right(columns.connection), ...single, slots: [{ edgeId: outEdgeId(placed.id), y }] },
    };
  });
  const destinations = scene.destinations.map((placed): LayoutNode => {
    const own = ends.destination.get(placed.id) ?? [];
    const inPort = makePort(own, columns.destination.x, middleOf(placed), placed.height, rows);
    return { ...makeNode("destination", placed, columns.destination), inPort };
  });
  return [...sources, ...connections, ...destinations];
}

function drawEdges(input: LayoutInput, nodes: readonly LayoutNode[]): LayoutEdge[] {
  const starts = new Map<string, { x: number; y: number; id: string }>();
  const ends = new Map<string, { x: number; y: number; id: string }>();
  for (const { id, inPort, outPort } of nodes) {
    for (const { edgeId, y } of outPort?.slots ?? []) starts.set(edgeId, { x: outPort?.x ?? 0, y, id });
    for (const { edgeId, y } of inPort?.slots ?? []) ends.set(edgeId, { x: inPort?.x ?? 0, y, id });
  }
  const edge = (id: string, side: "in" | "out", connectionId: string): LayoutEdge[] => {
    const [start, end] = [starts.get(id), ends.get(id)];
    if (!start || !end) return [];
    const [from, to] = [start, end].map(({ x, y }) => ({ x, y })) as [LayoutEdge["from"], LayoutEdge["to"]];
    return [{ id, side, connectionId, fromId: start.id, toId: end.id, from, to }];
  };
  return input.connections.flatMap(({ id, sourceIds }) => [
    ...sourceIds.flatMap((sourceId) => edge(inEdgeId(id, sourceId), "in", id)),
    ...edge(outEdgeId(id), "out", id),
  ]);
}

/**
 * Connections stand one below the other in the order given, those of one destination together. Sources and destinations
 * keep their order and stand in the middle of their connections, or as near to it as their neighbours let them.
 */
export function layoutGraph(input: LayoutInput): GraphLayout {
  const { columns, width } = columnsFor(input.canvasWidth);
  const rows = rowsFor(input.isCompact);
  const connections = stack(input.connections, rows);
  const ports = new Map(connections.map((placed) => [placed.id, portOf(placed, rows)]));
  const bySource = portsByEnd(input.connections, ports, ({ sourceIds }) => sourceIds);
  const byDestination = portsByEnd(input.connections, ports, ({ destinationId }) => [destinationId]);
  const scene: Scene = {
    input,
    rows,
    columns,
    ports,
    connections,
    sources: placeEnds(input.sources, bySource, rows.gap.source, rows.top),
    destinations: placeEnds(input.destinations, byDestination, rows.gap.destination, rows.top),
  };
  const nodes = drawNodes(scene);
  const bottom = nodes.reduce((lowest, { y, height }) => Math.max(lowest, y + height), rows.top);
  return { nodes, edges: drawEdges(input, nodes), columns, width, height: bottom + rows.bottom };
}
