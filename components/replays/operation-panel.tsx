"use client";

import type { ReactNode } from "react";
import { askReplay } from "#components/replay/ask.ts";
import { CancelRest, ChangeCap } from "#components/replay/operation-actions.tsx";
import { OperationProgress } from "#components/replay/operation-progress.tsx";
import { useOperation } from "#components/replay/use-operation.ts";
import { type ScopeNames, scopeChips, scopeWords, skipWords, starterOf, verbWords } from "#components/replay/words.ts";
import { Button, IconButton } from "#components/ui/button.tsx";
import { ErrorState } from "#components/ui/empty-state.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Id } from "#components/ui/id.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { BulkOperationDetail } from "#server/contracts/bulk.ts";
import { OperationState } from "./operation-state.tsx";

interface OperationPanelProps {
  id: string;
  names: ScopeNames;
  close: () => void;
}

/** One operation: how far it is, what can be done about it, and the record of it. */
export function OperationPanel({ id, names, close }: OperationPanelProps) {
  const { data, error, refetch, samples } = useOperation(id);
  return (
    <>
      <div className="flex h-12 shrink-0 items-center gap-2 border-line border-b pr-3 pl-6 max-md:pl-4">
        {data ? <OperationState operation={data} /> : null}
        <h2 className="min-w-0 truncate font-semibold">{data ? titleOf(data, names) : "Replay"}</h2>
        <IconButton icon="close" size="sm" label="Close the panel" onClick={close} className="ml-auto" />
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto pb-6">
        {error && !data ? (
          <div className="p-4">
            <ErrorState title="This replay did not load" actions={<Button onClick={() => refetch()}>Try again</Button>}>
              {error.message}
            </ErrorState>
          </div>
        ) : null}
        {data ? (
          <>
            <Actions operation={data} />
            <OperationProgress operation={data} samples={samples} />
            <Record operation={data} names={names} />
          </>
        ) : error ? null : (
          <div className="grid gap-4 p-6">
            <Skeleton className="h-8 w-64" />
            <Skeleton className="h-7 w-40" />
            <Skeleton className="h-2 w-full" />
          </div>
        )}
      </div>
    </>
  );
}

function titleOf(operation: BulkOperationDetail, names: ScopeNames): string {
  const of = scopeWords(operation, names);
  return of === "" ? verbWords(operation) : `${verbWords(operation)} of ${of}`;
}

/** The one thing to do now, with why. */
function Actions({ operation }: { operation: BulkOperationDetail }) {
  const failed = operation.kind === "events_cancel" ? 0 : (operation.outcomes.FAILED ?? 0);
  if (operation.state === "RUNNING") {
    return (
      <Box says="It goes on by itself. What is cancelled stays as it was.">
        <ChangeCap operation={operation} />
        <CancelRest operation={operation} />
      </Box>
    );
  }
  if (failed === 0) return null;
  const { from, to, source_id, connection_id, destination_id } = operation.filter;
  const input = { from, to, source_id, connection_id, destination_id, status: ["FAILED"] as const };
  return (
    <Box says="They failed again. The plan counts what has failed in this scope by now.">
      <Button
        size="lg"
        kind="primary"
        icon="replay"
        onClick={() => askReplay({ kind: "retry-events", input: { ...input, status: [...input.status] } })}
      >
        Replay {formatCount(failed)} failed
      </Button>
    </Box>
  );
}

const Box = ({ says, children }: { says: string; children: ReactNode }) => (
  <div className="flex flex-wrap items-center gap-2 border-line border-b px-6 py-3 max-md:px-4 max-md:[&>button]:flex-1">
    <p className="min-w-0 basis-full text-muted text-xs">{says}</p>
    {children}
  </div>
);

function Record({ operation, names }: { operation: BulkOperationDetail; names: ScopeNames }) {
  const skipped = skipWords(operation.skipped);
  return (
    <dl className="grid px-6 py-1.5 max-md:px-4">
      <Line name="Scope">
        {scopeChips(operation.filter, names).map(({ name, value }) => (
          <span
            key={name}
            className="inline-flex min-h-6 max-w-full items-center gap-[5px] rounded-sm border border-line px-2 text-xs"
          >
            <span className="whitespace-nowrap text-muted">{name}</span>
            <span className="font-medium [overflow-wrap:anywhere]">{value}</span>
          </span>
        ))}
      </Line>
      <Line name="Left out">{skipped === "" ? "Nothing." : `${skipped}.`}</Line>
      <Line name="Started">
        <RelativeTime iso={operation.created_at} /> by {starterOf(operation)}
      </Line>
      {operation.finished_at ? (
        <Line name={operation.state === "CANCELLED" ? "Cancelled" : "Ended"}>
          <RelativeTime iso={operation.finished_at} />
        </Line>
      ) : null}
      {operation.error ? (
        <Line name="Error">
          <span className="text-failed">{operation.error}</span>
        </Line>
      ) : null}
      <Line name="Id">
        <Id id={operation.id} what="id of the replay" isWhole />
      </Line>
    </dl>
  );
}

const Line = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="grid grid-cols-[76px_minmax(0,1fr)] items-start py-1.5">
    <dt className="text-muted leading-6">{name}</dt>
    <dd className="flex flex-wrap items-center gap-1.5 leading-6">{children}</dd>
  </div>
);
