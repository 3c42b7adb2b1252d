"use client";

import { FieldTable, fieldText } from "#components/data/field-table.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState, ErrorState } from "#components/ui/empty-state.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Flow, FlowResource } from "#server/contracts/flow.ts";
import { DriftBadge } from "./drift-badge.tsx";
import { driftAuthor } from "./drift-words.ts";
import type { Flows } from "./use-flows.ts";

/** What somebody asks for here is planned first. */
export interface DriftWay {
  flow: Flow;
  resource: FlowResource;
  take: "file" | "runs";
}

interface DriftViewProps {
  flows: Flows;
  onWay: (way: DriftWay) => void;
  toPlan: () => void;
}

/** What runs, against the files that were applied. Nothing is put back by itself. */
export function DriftView({ flows, onWay, toPlan }: DriftViewProps) {
  const { data, error, refetch } = flows;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto bg-canvas">
      <div className="mx-auto max-w-[920px] p-6 max-md:p-3">
        {error && !data ? (
          <ErrorState title="The flows did not load" actions={<Button onClick={() => refetch()}>Try again</Button>}>
            {error.message}
          </ErrorState>
        ) : null}
        {data || error ? null : <Skeleton className="h-40 w-full" />}
        {data?.data.length === 0 ? (
          <EmptyState title="No flow was applied yet" actions={<Button onClick={toPlan}>Plan a file</Button>}>
            When a file was applied, what somebody changes afterwards stands here, with who did it.
          </EmptyState>
        ) : null}
        {data?.data.map((flow) => (
          <OneFlow key={flow.id} flow={flow} onWay={onWay} />
        ))}
      </div>
    </div>
  );
}

const isDrifted = ({ is_gone, drift }: FlowResource) => is_gone || drift.length > 0;

function OneFlow({ flow, onWay }: { flow: Flow; onWay: (way: DriftWay) => void }) {
  const drifted = flow.resources.filter(isDrifted);
  const same = flow.resources.filter((resource) => !isDrifted(resource));
  return (
    <section aria-label={`Flow ${flow.name}`} className="mb-8">
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h2 className="font-semibold text-lg tracking-tight">{flow.name}: what runs, against the file</h2>
        <span className="ml-auto text-muted text-xs max-md:ml-0">
          applied by {driftAuthor(flow.applied_by)}, <RelativeTime iso={flow.applied_at} />
        </span>
      </div>
      <p className="mt-0.5 text-muted">
        {drifted.length === 0
          ? `All ${flow.resources.length} resources are as the file says.`
          : `${drifted.length} of ${flow.resources.length} resources were changed since. Nothing is put back by itself.`}
      </p>
      {drifted.length > 0 ? (
        <ul className="mt-3 overflow-hidden rounded-lg border border-line bg-surface">
          {drifted.map((resource) => (
            <Drifted key={resource.id} resource={resource} onTake={(take) => onWay({ flow, resource, take })} />
          ))}
        </ul>
      ) : null}
      {same.length > 0 && drifted.length > 0 ? (
        <>
          <h3 className="mt-5 mb-2 font-semibold">
            {same.length} {same.length === 1 ? "is" : "are"} as the file says
          </h3>
          <ul className="flex flex-wrap gap-1.5">
            {same.map(({ id, name }) => (
              <li
                key={id}
                className="inline-flex h-6 max-w-full items-center gap-1 rounded-sm border border-line bg-surface px-2 text-xs"
              >
                <Icon name="check" size={12} className="shrink-0 text-delivered" />
                <span className="truncate">{name}</span>
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </section>
  );
}

function Drifted({ resource, onTake }: { resource: FlowResource; onTake: (take: "file" | "runs") => void }) {
  const { kind, name, is_gone: isGone, drift } = resource;
  const author = drift.find(({ changed_by }) => changed_by !== null)?.changed_by ?? null;
  const [first] = drift;
  const back = isGone
    ? "Make it again"
    : drift.length === 1
      ? `Put back ${fieldText(first?.file)?.slice(0, 24) ?? "to not set"}`
      : `Put back ${drift.length === 2 ? "both" : `all ${drift.length}`}`;
  return (
    <li className="border-line border-t first:border-t-0">
      <div className="flex min-h-[38px] flex-wrap items-center gap-x-2.5 gap-y-1 py-1.5 pr-3 pl-2.5">
        <span className="w-[84px] shrink-0 text-muted text-xs max-md:w-auto">{kind}</span>
        <h3 className="font-medium font-mono [overflow-wrap:anywhere]">{name}</h3>
        <DriftBadge word={isGone ? "deleted" : "drifted"} />
        {author ? (
          <span className="ml-auto text-muted text-xs max-md:ml-0">
            {driftAuthor(author)}, <RelativeTime iso={author.at} />
          </span>
        ) : null}
      </div>
      <div className="grid gap-2 border-line border-t bg-inset py-2 pr-3 pl-10 max-md:pl-3">
        {isGone ? (
          <p className="text-muted text-xs">It was deleted since the file was applied.</p>
        ) : (
          <FieldTable
            before={{ head: "File", tint: "bg-press" }}
            after={{ head: "Runs", tint: "bg-hold-bg" }}
            rows={drift.map(({ path, file, runs }) => ({ path, before: fieldText(file), after: fieldText(runs) }))}
            unset="not set"
          />
        )}
        <div className="flex flex-wrap items-center justify-end gap-2">
          <Button size="sm" onClick={() => onTake("runs")}>
            Take into the file
          </Button>
          <Button size="sm" kind="quiet" onClick={() => onTake("file")}>
            {back}
          </Button>
        </div>
      </div>
    </li>
  );
}
