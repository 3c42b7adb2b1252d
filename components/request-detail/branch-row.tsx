"use client";

import type { ReactNode } from "react";
import { ClauseTable } from "#components/data/why-list.tsx";
import { LinkButton } from "#components/ui/button.tsx";
import { EVENT_STATES } from "#components/ui/event-state.tsx";
import { Icon } from "#components/ui/icon.tsx";
import type { RequestBranch } from "#server/contracts/request-branch.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import { branchName, eventWords, failedClause, ignoredWords } from "./branch-words.ts";
import { SendAnyway } from "./send-anyway.tsx";

interface BranchRowProps {
  branch: RequestBranch;
  /** Undefined where there is nothing to send any more. */
  requestId: string | undefined;
  /** Where it may be chosen. */
  choice?: ReactNode;
}

/** One connection and what it made of the request. */
export function BranchRow({ branch, requestId, choice }: BranchRowProps) {
  const { event, ignored } = branch;
  const state = EVENT_STATES[event?.status ?? "IGNORED"];
  const clause = ignored ? failedClause(ignored) : undefined;
  const words = event ? eventWords(event) : ignored ? ignoredWords(ignored) : "";
  return (
    <li className="py-2 first:pt-0.5 last:pb-0.5">
      <div className="flex items-start gap-2">
        {choice}
        <Icon name={state.icon} className={`mt-px ${state.text}`} />
        <div className="min-w-0 flex-1">
          <p className="[overflow-wrap:anywhere]">
            <span className="sr-only">{state.word}: </span>
            <span className="font-medium">{branchName(branch)}</span>{" "}
            <span className="text-muted">to {branch.destination_name ?? branch.destination_id}</span>
          </p>
          <p className="text-muted text-xs [overflow-wrap:anywhere]">{visibleText(words)}</p>
        </div>
        {event ? (
          <LinkButton kind="quiet" size="sm" href={`/events/${event.id}`}>
            Open event
          </LinkButton>
        ) : requestId === undefined ? null : (
          <SendAnyway branch={branch} requestId={requestId} />
        )}
      </div>
      {clause ? <ClauseTable clauses={[clause]} /> : null}
    </li>
  );
}
