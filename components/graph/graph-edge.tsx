"use client";

import type { EdgeProps } from "@xyflow/react";
import { memo } from "react";
import { inEdgePath, outEdgePaths } from "./edge-paths.ts";
import type { FlowEdge } from "./flow-elements.ts";
import { useGraph, useMarks } from "./graph-context.ts";
import type { LayoutEdge } from "./graph-types.ts";
import { MARK } from "./marks.ts";
import { useSlice } from "./slice-store.ts";

/** One side of a branch: as wide as its traffic, in the colour of its state. */
export const GraphEdge = ({ data }: EdgeProps<FlowEdge>) => (data ? <Line place={data.place} /> : null);

const Line = memo(function Line({ place }: { place: LayoutEdge }) {
  const { edges } = useGraph();
  const look = useSlice(edges, place.id);
  const isLit = (useMarks(place.id) & MARK.lit) > 0;
  const drawn = {
    className: "graph-edge",
    "data-state": look?.state ?? "idle",
    "data-lit": isLit || undefined,
    strokeWidth: look?.width ?? 1.5,
  };
  if (place.side === "in") return <path {...drawn} d={inEdgePath(place)} />;
  const { stub, rest } = outEdgePaths(place, look?.badgesWidth ?? 0);
  return (
    <>
      {stub === null ? null : <path {...drawn} data-stub d={stub} />}
      <path {...drawn} d={rest} />
    </>
  );
});
