"use client";

import { useQuery } from "@tanstack/react-query";
import Link from "next/link";
import type { ReactNode } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useLive } from "#components/live/use-live.ts";
import { Button, IconButton } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { ErrorState } from "#components/ui/empty-state.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Id } from "#components/ui/id.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { Issue } from "#server/contracts/issue.ts";
import { IssueActions } from "./issue-actions.tsx";
import { IssueBars } from "./issue-bars.tsx";
import { lookOf, moveWords, wordsOf } from "./issue-words.ts";

interface IssuePanelProps {
  id: string;
  mayManage: boolean;
  /** To the issue before it in the list, and to the one after. */
  previous: (() => void) | undefined;
  next: (() => void) | undefined;
  close: () => void;
}

/** One issue: what it is, the one action, the drawing of its evidence, the reasoning as facts, and its history. */
export function IssuePanel({ id, mayManage, previous, next, close }: IssuePanelProps) {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(trpc.issues.get.queryOptions({ id }));
  useLive(["issues"], (change) => {
    if (change.is_whole || change.issues?.[id] !== undefined) void refetch();
  });
  const look = data && lookOf(data);
  return (
    <>
      <div className="flex h-12 shrink-0 items-center gap-2 border-line border-b pr-3 pl-6 max-md:pl-4">
        {data && look ? <KindWord issue={data} /> : null}
        <h2 className="min-w-0 truncate font-semibold">
          {data ? (
            <Link
              href={placeOf(data.subject)}
              prefetch={false}
              className="rounded-xs underline-offset-2 hovered:underline"
              title={`Open the ${data.subject.kind}`}
            >
              {data.subject.name}
            </Link>
          ) : (
            "Issue"
          )}
        </h2>
        <span className="ml-auto flex">
          <IconButton icon="up" size="sm" label="The issue before" disabled={!previous} onClick={previous} />
          <IconButton icon="down" size="sm" label="The next issue" disabled={!next} onClick={next} />
          <IconButton icon="close" size="sm" label="Close the panel" onClick={close} />
        </span>
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto pb-6">
        {error && !data ? (
          <div className="p-4">
            <ErrorState title="This issue did not load" actions={<Button onClick={() => refetch()}>Try again</Button>}>
              {error.message}
            </ErrorState>
          </div>
        ) : null}
        {data ? <Body issue={data} mayManage={mayManage} /> : error ? null : <SkeletonBody />}
      </div>
    </>
  );
}

/** Where what it is about is shown. */
const placeOf = ({ kind, id }: Issue["subject"]) =>
  kind === "transformation" ? `/transformations/${id}` : `/connections?panel=${id}`;

function KindWord({ issue }: { issue: Issue }) {
  const { icon, word, colour, tint } = lookOf(issue);
  return (
    <span
      className={cn(
        "inline-flex h-6 shrink-0 items-center gap-1.5 whitespace-nowrap rounded-sm px-2 font-medium text-xs",
        tint,
        colour,
      )}
    >
      <Icon name={icon} size={14} />
      {word}
    </span>
  );
}

const SkeletonBody = () => (
  <div className="grid gap-4 p-6">
    <Skeleton className="h-5 w-64" />
    <Skeleton className="h-8 w-40" />
    <Skeleton className="h-24 w-full" />
  </div>
);

function Body({ issue, mayManage }: { issue: Issue; mayManage: boolean }) {
  const words = wordsOf(issue);
  return (
    <>
      <div className="grid gap-2.5 border-line border-b px-6 py-3 max-md:px-4">
        <div className="flex flex-wrap items-center justify-between gap-2">
          <span className="text-ink-2">{words.says}</span>
          <Id id={issue.id} what="issue id" />
        </div>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
          <IssueActions issue={issue} actions={words.actions} mayManage={mayManage} />
          <p className="min-w-52 flex-1 text-muted text-xs">{words.safe}</p>
        </div>
      </div>
      <Evidence issue={issue} />
      <Part title={words.reasoning}>
        <Facts facts={words.facts} />
      </Part>
      <Part title="History">
        <dl className="grid gap-1.5">
          {issue.history.toReversed().map((move) => (
            <div key={`${move.at} ${move.what}`} className="grid grid-cols-[96px_minmax(0,1fr)]">
              <dt className="text-muted text-xs leading-5">
                <RelativeTime iso={move.at} />
              </dt>
              <dd>{moveWords(move)}</dd>
            </div>
          ))}
        </dl>
      </Part>
    </>
  );
}

function Facts({ facts }: { facts: ReturnType<typeof wordsOf>["facts"] }) {
  return (
    <dl className="grid gap-1.5">
      {facts.map(({ name, says }) => (
        <div key={name} className="grid grid-cols-[136px_minmax(0,1fr)] gap-2 max-md:grid-cols-[112px_minmax(0,1fr)]">
          <dt className="font-medium [overflow-wrap:anywhere]">{name}</dt>
          <dd className="text-ink-2">{says}</dd>
        </div>
      ))}
    </dl>
  );
}

/** The thirty minutes that it was seen in last. */
function Evidence({ issue }: { issue: Issue }) {
  const { bars: names } = wordsOf(issue);
  const { bar } = lookOf(issue);
  const { bars } = issue;
  if (names.bad === "" || bars.bad.every((count) => count === 0)) return null;
  const at = (minutesAgo: number) => new Date(Date.parse(bars.until) - minutesAgo * 60_000).toISOString().slice(11, 16);
  const total = bars.bad.reduce((sum, count) => sum + count, 0);
  return (
    <Part
      title="What happened"
      end={
        <span className="flex flex-wrap items-center gap-3 text-muted text-xs">
          a minute, UTC
          {names.good === "" ? null : <Key fill="fill-delivered-soft">{names.good}</Key>}
          <Key fill={bar}>{names.bad}</Key>
        </span>
      }
    >
      <IssueBars bars={bars} bar={bar} height={64} hasGood={names.good !== ""} className="h-16 w-full" />
      <div className="flex justify-between text-2xs text-muted tabular-nums">
        <span>{at(29)}</span>
        <span>{at(15)}</span>
        <span>{at(0)}</span>
      </div>
      <p className="sr-only">
        {formatCount(total)} {names.bad} in the thirty minutes to {at(0)} UTC.
      </p>
    </Part>
  );
}

const Key = ({ fill, children }: { fill: string; children: string }) => (
  <span className="inline-flex items-center gap-1.5">
    <svg viewBox="0 0 8 8" className="size-2" aria-hidden="true">
      <rect width="8" height="8" rx="1.5" className={fill} />
    </svg>
    {children}
  </span>
);

const Part = ({ title, end, children }: { title: string; end?: ReactNode; children: ReactNode }) => (
  <section className="grid gap-2.5 border-line border-b px-6 py-4 last:border-b-0 max-md:px-4">
    <div className="flex flex-wrap items-baseline justify-between gap-2">
      <h3 className="font-semibold text-sm">{title}</h3>
      {end}
    </div>
    {children}
  </section>
);
