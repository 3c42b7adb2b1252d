import { read } from "#server/api/operation.ts";
import { GetTopology, Topology } from "#server/contracts/topology.ts";
import { getTopology } from "#server/resources/topology.ts";

export const topology = {
  get: read(
    "/topology",
    "Get all sources, connections and destinations, of each what a picture of them shows",
    GetTopology,
    Topology,
    getTopology,
  ),
};
