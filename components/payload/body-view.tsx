"use client";

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { JsonView } from "#components/data/json-view.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { formatBytes } from "#components/lists/format-bytes.ts";
import { Button, DownloadButton } from "#components/ui/button.tsx";
import { ErrorState } from "#components/ui/empty-state.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { BodyText } from "#server/contracts/body-text.ts";
import { visibleText } from "#server/contracts/visible-text.ts";

/** Whose body: a request's as it came, or an event's as it is delivered. */
export interface BodyOf {
  kind: "requests" | "events";
  id: string;
}

/** Read without being asked for; a larger one waits for a press that says its size. */
const AT_ONCE_BYTES = 256 * 1024;

/** The body as text. What was sent never changes, so it is read once. */
export function useBodyText({ kind, id }: BodyOf, isWanted: boolean) {
  const trpc = useTRPC();
  const input = isWanted ? { id } : { id, max_bytes: AT_ONCE_BYTES };
  const once = { staleTime: Number.POSITIVE_INFINITY, gcTime: 60_000 };
  return useQuery(
    kind === "requests" ? trpc.requests.body.queryOptions(input, once) : trpc.events.body.queryOptions(input, once),
  );
}

interface BodyViewProps {
  of: BodyOf;
  label: string;
  /** Beside the search, once the text is there. */
  actions?: (text: string) => ReactNode;
}

/** A payload to read, to search and to save. */
export function BodyView({ of, label, actions }: BodyViewProps) {
  const [isWanted, setWanted] = useState(false);
  const { data, error, refetch } = useBodyText(of, isWanted);
  if (error) {
    return (
      <div className="px-5 py-3 max-md:px-3.5">
        <ErrorState title="The body did not load" actions={<Button onClick={() => void refetch()}>Try again</Button>}>
          {error.message}
        </ErrorState>
      </div>
    );
  }
  if (!data) return <BodySkeleton />;
  const download = <DownloadButton href={`/${of.kind}/${of.id}/raw`}>Download</DownloadButton>;
  if (data.text === null) {
    return (
      <p className="flex flex-wrap items-center gap-2 px-5 py-3 text-muted max-md:px-3.5">
        <span className="mr-auto">{whyNoText(data)}</span>
        {data.kind === "too_large" ? (
          <Button size="sm" onClick={() => setWanted(true)}>
            Show {formatBytes(data.body_bytes)}
          </Button>
        ) : null}
        {NO_BYTES.has(data.kind) ? null : download}
      </p>
    );
  }
  return (
    <JsonView
      label={label}
      text={data.text}
      root="body"
      note={noteOf(data)}
      actions={
        <>
          {actions?.(data.text)}
          {download}
        </>
      }
    />
  );
}

const NO_BYTES: ReadonlySet<BodyText["kind"]> = new Set(["empty", "erased", "withheld"]);
const MAX_TYPE_CHARS = 60;

function noteOf({ content_type, body_bytes, kind }: BodyText): string {
  const type = visibleText((content_type ?? "no content type").slice(0, MAX_TYPE_CHARS));
  return `${type}${kind === "form" ? ", as its fields" : ""}, ${formatBytes(body_bytes)}`;
}

function whyNoText({ kind, content_type, body_bytes }: BodyText): string {
  if (kind === "empty") return "There is no body.";
  if (kind === "erased") return "The body was erased, with headers, path and query.";
  if (kind === "withheld")
    return "What a transform made of it is withheld until its masks are applied, some minutes after its last event has ended.";
  const what = `${visibleText((content_type ?? "no content type").slice(0, MAX_TYPE_CHARS))}, ${formatBytes(body_bytes)}`;
  return kind === "binary" ? `${what}: no text.` : `${what}.`;
}

/** The places of a payload. */
export const BodySkeleton = () => (
  <div className="space-y-2.5 px-5 py-3.5 max-md:px-3.5">
    <Skeleton className="h-7 w-44" />
    <Skeleton className="w-3/5" />
    <Skeleton className="w-2/5" />
    <Skeleton className="w-1/2" />
  </div>
);
