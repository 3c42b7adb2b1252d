"use client";

import type { EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { inEdgePath, outEdgePaths } from "./edge-paths.ts";
import type { FlowEdge } from "./flow-elements.ts";
import { useGraph, useMarks } from "./graph-context.ts";
import type { LayoutEdge } from "./graph-types.ts";
import { MARK } from "./marks.ts";
import { usePointing } from "./pointing.ts";
import { useSlice } from "./slice-store.ts";

/** One side of a branch: as wide as its traffic, in the colour of its state. */
export const GraphEdge = ({ data }: EdgeProps<FlowEdge>) => (data ? <Line place={data.place} /> : null);

const Line = memo(function Line({ place }: { place: LayoutEdge }) {
  const { edges } = useGraph();
  const look = useSlice(edges, place.id);
  const pointing = usePointing(place.connectionId, true);
  const isLit = (useMarks(place.id) & MARK.lit) > 0;
  const drawn = {
    className: "graph-edge",
    "data-state": look?.state ?? "idle",
    "data-lit": isLit || undefined,
    strokeWidth: look?.width ?? 1.5,
  };
  // Nothing is painted of it: a pointer finds a thin line by what is around.
  const near = (d: string) => <path className="graph-edge-near" d={d} {...pointing} />;
  if (place.side === "in") {
    const d = inEdgePath(place);
    return (
      <>
        <path {...drawn} d={d} />
        {near(d)}
      </>
    );
  }
  const { stub, rest } = outEdgePaths(place, look?.badgesWidth ?? 0);
  return (
    <>
      {stub === null ? null : <path {...drawn} data-stub d={stub} />}
      <path {...drawn} d={rest} />
      {near(rest)}
    </>
  );
});
