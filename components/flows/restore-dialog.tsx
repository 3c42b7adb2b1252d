"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { Dialog } from "#components/ui/dialog.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { showToast } from "#components/ui/toasts.ts";
import type { RestorePlan, RestoreVersion } from "#server/contracts/version.ts";
import { ChangedFields } from "./changed-fields.tsx";
import { Losses } from "./losses.tsx";
import { changesWords } from "./version-words.ts";

export type RestoredPart = Omit<RestoreVersion, "if_newest">;

interface RestoreDialogProps {
  part: RestoredPart;
  onClose: () => void;
  onRestored: (number: number) => void;
}

/** What a restore would change and lose, then the restore. It goes stale when the configuration changes. */
export function RestoreDialog({ part, onClose, onRestored }: RestoreDialogProps) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const api = useMutation(trpc.versions.planRestore.mutationOptions());
  const plan = useQuery({
    queryKey: ["restore-plan", part],
    queryFn: () => api.mutateAsync(part),
    gcTime: 0,
    retry: false,
  });
  const restore = useMutation(
    trpc.versions.restore.mutationOptions({
      onSuccess({ number, changes_count: count }) {
        void queries.invalidateQueries();
        showToast({
          kind: "done",
          text: number === null ? "Nothing differed any more" : `v${number} runs: ${changesWords(count)} restored`,
        });
        onClose();
        if (number !== null) onRestored(number);
      },
    }),
  );
  const again = () => {
    restore.reset();
    setTicked(new Set());
    void plan.refetch();
  };
  const { data } = plan;
  const isStale = restore.error !== null;
  const isReady = data !== undefined && !isStale && data.losses.every((loss) => ticked.has(loss));
  return (
    <Dialog
      isOpen
      onOpenChange={onClose}
      size="md"
      title={part.fields ? `Restore fields as in v${part.number}?` : `Restore v${part.number}?`}
      description="All of it or nothing. What runs until then goes on."
      footer={
        <>
          <Button onClick={onClose}>Keep what runs</Button>
          <Button
            kind="primary"
            disabled={!isReady || data.changes_count === 0 || restore.isPending}
            onClick={() => data && restore.mutate({ ...part, if_newest: data.newest })}
          >
            {data ? `Restore ${changesWords(data.changes_count)}, make v${data.newest + 1}` : "Restore"}
          </Button>
        </>
      }
    >
      {restore.error ? (
        <Banner
          kind="stale"
          action={
            <Button size="sm" onClick={again}>
              Plan again
            </Button>
          }
        >
          {restore.error.message}
        </Banner>
      ) : null}
      {plan.error ? <Banner kind="failed">{plan.error.message}</Banner> : null}
      {data ? <Planned plan={data} ticked={ticked} onTick={setTicked} /> : null}
      {data || plan.error ? null : <Skeleton className="h-24 w-full" />}
    </Dialog>
  );
}

interface PlannedProps {
  plan: RestorePlan;
  ticked: ReadonlySet<string>;
  onTick: (ticked: ReadonlySet<string>) => void;
}

function Planned({ plan, ticked, onTick }: PlannedProps) {
  const more = plan.changes_count - plan.changes.length;
  return (
    <div className="grid gap-2">
      <div className="max-h-[40vh] overflow-y-auto">
        <ChangedFields changes={plan.changes} before="Runs" after={`As in v${plan.number}`} />
        {more > 0 ? <p className="pt-2 text-muted text-xs">And {changesWords(more)} more.</p> : null}
      </div>
      {plan.notes.map((note) => (
        <Banner key={note} kind="info">
          {note}
        </Banner>
      ))}
      <Losses losses={plan.losses} ticked={ticked} onTick={onTick} />
    </div>
  );
}
