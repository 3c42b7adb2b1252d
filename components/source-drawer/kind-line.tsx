import { Tile } from "#components/ui/tile.tsx";
import type { SourceKind } from "./source-kinds.ts";

/** Whose webhooks a source takes. */
export const KindLine = ({ kind }: { kind: SourceKind }) => (
  <div className="flex flex-wrap items-center gap-x-1.5">
    <Tile type={kind.key} size="sm" />
    <span>{kind.title}</span>
    <span className="text-muted text-xs">{kind.about}</span>
  </div>
);
