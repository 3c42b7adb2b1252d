"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useState } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Section } from "#components/detail-page/section.tsx";
import { useLive } from "#components/live/use-live.ts";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { RequestDetail } from "#server/contracts/request.ts";
import type { RequestBranches } from "#server/contracts/request-branch.ts";
import { BranchRow } from "./branch-row.tsx";
import { hasEnded } from "./event-states.ts";
import { useReroute } from "./use-reroute.ts";

/** Behind the live changes, while a branch may still change by itself. */
const REFRESH_MS = 3000;
const isMoving = (answer: RequestBranches | undefined) =>
  answer === undefined ||
  answer.data.length === 0 ||
  answer.data.some(({ event }) => event !== null && !hasEnded(event.status));

/** What each connection of the source made of the request, and how to route it again. */
export function Branches({ request }: { request: RequestDetail }) {
  const trpc = useTRPC();
  const client = useQueryClient();
  useLive(["events"], ({ events }, isGap) => {
    if (isGap || events?.some((event) => event.request_id === request.id))
      void client.invalidateQueries({ queryKey: trpc.requests.branches.queryKey({ id: request.id }) });
  });
  const isRouted = request.duplicate_of === null && request.rejection_cause !== "NO_CONNECTION";
  const { data, error } = useQuery(
    trpc.requests.branches.queryOptions(
      { id: request.id },
      { retry: false, refetchInterval: ({ state }) => (isRouted && isMoving(state.data) ? REFRESH_MS : false) },
    ),
  );
  if (error) return <Section title="Branches">They did not load: {error.message}</Section>;
  if (!data) {
    return (
      <Section title="Branches">
        <Skeleton className="my-2 w-3/5" />
        <Skeleton className="my-2 w-2/5" />
      </Section>
    );
  }
  if (data.data.length === 0) {
    return (
      <Section title="Branches">
        <p className="text-muted">
          <NoBranch request={request} />
        </p>
      </Section>
    );
  }
  return <BranchList key={request.id} request={request} branches={data} />;
}

function NoBranch({ request }: { request: RequestDetail }) {
  if (request.duplicate_of !== null) {
    return (
      <>
        Seen before as{" "}
        <Link
          href={`/requests/${request.duplicate_of}`}
          prefetch={false}
          className="font-mono text-ink text-xs underline"
        >
          {request.duplicate_of}
        </Link>
        : the provider sent the same event again, which is routed to nothing.
      </>
    );
  }
  if (request.rejection_cause === "NO_CONNECTION") return "Its source had no connection, so there was nothing to do.";
  return "It is being routed.";
}

function BranchList({ request, branches }: { request: RequestDetail; branches: RequestBranches }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { data } = branches;
  const isErased = request.erased_at !== null;
  const choose = (id: string, isChosen: boolean) => {
    const next = new Set(chosen);
    if (isChosen) next.add(id);
    else next.delete(id);
    setChosen(next);
  };
  return (
    <Section
      title="Branches"
      note={`${data.length}${branches.is_cut ? " and more" : ""} ${data.length === 1 ? "connection" : "connections"} of ${request.source_name ?? "its source"}`}
    >
      <ul className="divide-y divide-line">
        {data.map((branch) => (
          <BranchRow
            key={branch.event?.id ?? branch.connection_id}
            branch={branch}
            requestId={isErased ? undefined : request.id}
            choice={
              data.length > 1 && !isErased && !branch.event?.resent_from ? (
                <Checkbox
                  aria-label={`Choose ${branch.connection_name ?? branch.connection_id}`}
                  state={chosen.has(branch.connection_id)}
                  onChange={(isChosen) => choose(branch.connection_id, isChosen)}
                />
              ) : null
            }
          />
        ))}
      </ul>
      {isErased ? null : <RetryChosen id={request.id} chosen={chosen} onDone={() => setChosen(new Set())} />}
    </Section>
  );
}

interface RetryChosenProps {
  id: string;
  /** The connections; none stands for all. */
  chosen: ReadonlySet<string>;
  onDone: () => void;
}

function RetryChosen({ id, chosen, onDone }: RetryChosenProps) {
  const reroute = useReroute();
  const retry = () => {
    reroute.mutate({ id, ...(chosen.size > 0 && { connection_ids: [...chosen] }) });
    onDone();
  };
  const what = chosen.size === 0 ? "all branches" : `${chosen.size} ${chosen.size === 1 ? "branch" : "branches"}`;
  return (
    <div className="mt-2.5 flex items-center gap-3 max-md:flex-col max-md:items-stretch">
      <Button icon="replay" isBusy={reroute.isPending} onClick={retry}>
        Retry {what}
      </Button>
      <p className="text-muted text-xs [text-wrap:pretty]">
        Evaluates the route again with today&apos;s rules, deduplication aside. An event keeps its id, so what was
        delivered is delivered again.
      </p>
    </div>
  );
}
