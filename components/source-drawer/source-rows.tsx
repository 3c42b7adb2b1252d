"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useMay } from "#components/data/may.tsx";
import { useTRPC, useTRPCClient } from "#components/data/trpc-provider.tsx";
import { useNames } from "#components/data/use-names.ts";
import { sayFailed } from "#components/graph-drawer/act.ts";
import { counted } from "#components/graph-drawer/affected.ts";
import { copyName } from "#components/graph-drawer/copy-name.ts";
import { DeleteRow } from "#components/graph-drawer/delete-row.tsx";
import { useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { Button } from "#components/ui/button.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { Source } from "#server/contracts/source.ts";

export function DuplicateSource({ source }: { source: Source }) {
  const { sources: api } = useTRPCClient();
  const queryClient = useQueryClient();
  const { sources } = useNames();
  const { open } = useDrawerPlace();
  const duplicate = async () => {
    const name = copyName(source.name, new Set([...sources.values()].map((each) => each.name)));
    try {
      const { id } = await api.duplicate.mutate({ id: source.id, name });
      for (const kind of ["topology", "sources"]) void queryClient.invalidateQueries({ queryKey: [[kind]] });
      open(id, "setup");
    } catch (error) {
      sayFailed(error);
    }
  };
  return (
    <div className="flex items-center gap-3">
      <p className="min-w-0 flex-1 text-muted text-xs">
        Duplicate with its settings and secrets, under a URL of its own. No connection goes with it.
      </p>
      <Button onClick={() => void duplicate()}>Duplicate</Button>
    </div>
  );
}

/** A source that connections use stays: they say where its requests go, and have to go first. */
export function DeleteSource({ source, perMinute }: { source: Source; perMinute: number }) {
  const mayDelete = useMay("resources.delete");
  const trpc = useTRPC();
  const { sources: api } = useTRPCClient();
  const queryClient = useQueryClient();
  const { close, open } = useDrawerPlace();
  const { data } = useQuery(trpc.connections.list.queryOptions({ source_id: [source.id], limit: 255 }));
  if (!mayDelete || !data) return null;
  const [first] = data.data;
  if (first) {
    const { length } = data.data;
    return (
      <div className="flex items-center gap-3">
        <p className="min-w-0 flex-1 text-muted text-xs">
          Delete: {counted(length, "connection")} {length === 1 ? "uses" : "use"} it and {length === 1 ? "has" : "have"}{" "}
          to be deleted or pointed elsewhere first.
        </p>
        <Button onClick={() => open(first.id)}>{length === 1 ? "Open it" : "Open the first"}</Button>
      </div>
    );
  }
  const remove = async () => {
    try {
      await api.delete.mutate({ id: source.id });
    } catch (error) {
      sayFailed(error);
      throw error;
    }
    showToast({ kind: "done", text: `${source.name} is deleted.` });
    for (const kind of ["topology", "sources"]) void queryClient.invalidateQueries({ queryKey: [[kind]] });
    close();
  };
  return (
    <DeleteRow
      name={source.name}
      affects={`Its URL is gone for good: ${
        perMinute > 0 ? `${counted(perMinute, "webhook")} a minute get` : "what is still sent there gets"
      } 404. Requests that came stay until their retention ends.`}
      confirmLabel={perMinute > 0 ? `Delete, refuse ${perMinute}/min` : "Delete the source"}
      onDelete={remove}
    />
  );
}
