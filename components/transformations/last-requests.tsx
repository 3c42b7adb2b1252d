"use client";

import { useEffect, useRef, useState } from "react";
import { ALONE, useTRPCClient } from "#components/data/trpc-provider.tsx";
import { Age } from "#components/lists/age.tsx";
import { Button } from "#components/ui/button.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Menu, MenuItem } from "#components/ui/menu.tsx";
import type { TransformationDryRun } from "#server/contracts/transformation-dry-run.ts";
import { visibleText } from "#server/contracts/visible-text.ts";

const LIMIT = 100;

interface Tried {
  code: string;
  answer: TransformationDryRun;
}

interface LastRequestsProps {
  id: string;
  code: string;
  isSaved: boolean;
  /** Connections that use it; undefined while they are counted. */
  uses: number | undefined;
  /** Tries the code on one of those that it failed on. */
  choose: (requestId: string) => void;
}

/** The code on the last requests of every source that uses it, before it is saved: on how many it fails. */
export function LastRequests({ id, code, isSaved, uses, choose }: LastRequestsProps) {
  const { tried, isTrying, refusal, tryThem } = useDryRun(id, code, isSaved);
  const isStale = tried !== undefined && tried.code !== code;
  return (
    <section
      aria-label="Last requests"
      className="flex min-h-13 shrink-0 flex-wrap items-center gap-x-4 gap-y-2 border-line border-t bg-surface py-2 pr-4 pl-5 max-md:px-3.5"
    >
      <h2 className="font-semibold text-sm">
        Last {tried && !isStale ? formatCount(tried.answer.requests) : LIMIT} requests
      </h2>
      {tried && !isStale ? <Outcome answer={tried.answer} /> : null}
      <span role="status" className="min-w-0 text-muted text-xs">
        {uses === 0 ? "No connection uses it yet, so it has none." : null}
        {refusal ?? (isStale ? "The code has changed since it was tried on them." : tried ? aboutOf(tried.answer) : "")}
      </span>
      <span className="ml-auto flex items-center gap-2">
        {tried && !isStale && tried.answer.failures.length > 0 ? (
          <Failures failures={tried.answer.failures} choose={choose} />
        ) : null}
        <Button size="sm" isBusy={isTrying} disabled={!uses} onClick={tryThem}>
          {tried && !isStale ? "Try again" : "Try it on them"}
        </Button>
      </span>
    </section>
  );
}

function useDryRun(id: string, code: string, isSaved: boolean) {
  const api = useTRPCClient();
  const [tried, setTried] = useState<Tried>();
  const [isTrying, setTrying] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const under = useRef<AbortController>(undefined);
  useEffect(() => () => under.current?.abort(), []);
  const tryThem = async () => {
    under.current?.abort();
    const call = new AbortController();
    under.current = call;
    setTrying(true);
    setRefusal(undefined);
    try {
      const input = { id, limit: LIMIT, ...(isSaved ? {} : { code }) };
      const answer = await api.transformations.dryRun.mutate(input, { signal: call.signal, context: ALONE });
      if (!call.signal.aborted) setTried({ code, answer });
    } catch (error) {
      if (!call.signal.aborted) setRefusal(error instanceof Error ? error.message : "The server did not answer.");
    }
    if (!call.signal.aborted) setTrying(false);
  };
  return { tried, isTrying, refusal, tryThem: () => void tryThem() };
}

/** What is to be known besides the counts. */
function aboutOf({ requests, version, present, draft, failures, stopped_by, too_large }: TransformationDryRun): string {
  if (requests === 0) return "The sources that use it have none yet.";
  const first = failures[0]?.error;
  const why = first ? [`${visibleText(first.message)}${first.line === null ? "" : `, line ${first.line}`}`] : [];
  const before = draft.failed === present.failed ? [] : [`v${version} fails on ${formatCount(present.failed)}`];
  const fewer = stopped_by === null ? [] : [`stopped for ${stopped_by === "time" ? "its time" : "the size of bodies"}`];
  const larger = too_large === 0 ? [] : [`${formatCount(too_large)} over 1 MiB left out`];
  return [...why, ...before, ...fewer, ...larger].join(" · ");
}

function Outcome({ answer: { requests, draft } }: { answer: TransformationDryRun }) {
  if (requests === 0) return null;
  const width = Math.round((draft.returned / requests) * 220);
  return (
    <>
      {/* Its widths are attributes: the policy takes no style from the server. */}
      <svg aria-hidden="true" width="220" height="6" className="rounded-full max-md:hidden">
        <rect width="220" height="6" className={draft.failed > 0 ? "fill-failed-solid" : "fill-delivered-soft"} />
        <rect width={Math.min(width, draft.failed > 0 ? 216 : 220)} height="6" className="fill-delivered-soft" />
      </svg>
      <span className="inline-flex items-center gap-1.5 whitespace-nowrap font-medium text-delivered">
        <Icon name="delivered" />
        {formatCount(draft.returned)} returned
      </span>
      {draft.failed > 0 ? (
        <span className="inline-flex items-center gap-1.5 whitespace-nowrap font-medium text-failed">
          <Icon name="failed" />
          {formatCount(draft.failed)} failed
        </span>
      ) : null}
    </>
  );
}

interface FailuresProps {
  failures: TransformationDryRun["failures"];
  choose: (requestId: string) => void;
}

const Failures = ({ failures, choose }: FailuresProps) => (
  <Menu trigger={<Button size="sm">Show the {failures.length === 1 ? "one" : failures.length}</Button>} side="top">
    {failures.map(({ request_id, event_type, created_at, error }) => (
      <MenuItem key={request_id} onSelect={() => choose(request_id)}>
        <span className="flex max-w-[420px] items-center gap-2">
          <span className="shrink-0 font-mono text-xs">{visibleText(event_type ?? "request")}</span>
          <span className="min-w-0 flex-1 truncate text-muted text-xs">{visibleText(error.message)}</span>
          <span className="text-xs">
            <Age iso={created_at} />
          </span>
        </span>
      </MenuItem>
    ))}
  </Menu>
);
