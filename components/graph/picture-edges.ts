// The looks of the edges that are drawn: an edge of a fold is the sum of those that it stands for. Pure.
import { sumBadges, sumLooks } from "./edge-looks.ts";
import type { EdgeLook, GraphModel } from "./graph-types.ts";
import { inEdgeId, outEdgeId } from "./layout.ts";
import type { Picture } from "./picture.ts";

export function pictureEdges({ input, folds, unitOf }: Picture, model: GraphModel): Map<string, EdgeLook> {
  const looks = new Map<string, EdgeLook>();
  const look = (id: string) => model.edges.get(id);
  for (const { id } of input.connections) {
    const fold = folds.get(id);
    const members = (fold?.memberIds ?? [id]).flatMap((memberId) => model.connections.get(memberId) ?? []);
    const bySource = Map.groupBy(members, ({ sourceId }) => unitOf.get(sourceId) ?? sourceId);
    for (const [sourceId, branches] of bySource) {
      const own = branches.flatMap((branch) => look(inEdgeId(branch.id, branch.sourceId)) ?? []);
      looks.set(inEdgeId(id, sourceId), sumLooks(own, model.scale));
    }
    const own = members.flatMap((branch) => look(outEdgeId(branch.id)) ?? []);
    looks.set(outEdgeId(id), sumLooks(own, model.scale, sumBadges(members.map(({ badges }) => badges))));
  }
  return looks;
}
