"use client";

import { type ReactNode, useEffect, useRef, useState } from "react";
import { PageBar } from "#components/frame/page-bar.tsx";
import { useLiveLink, useLiveState } from "#components/live/use-live.ts";
import { Button, LinkButton } from "#components/ui/button.tsx";
import { cn } from "#components/ui/class-names.ts";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import type { IconName } from "#components/ui/icons.tsx";
import { Input } from "#components/ui/input.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { useKeys } from "#components/ui/use-keys.ts";
import { useGraph, useTotals } from "./graph-context.ts";
import type { GraphView } from "./graph-url.ts";

const VIEWS = [
  { value: "graph", label: "Graph", icon: "connections" },
  { value: "list", label: "List", icon: "events" },
] as const;

/** So long after the last key a search is done. */
const TYPED_MS = 120;

interface ConnectionsBarProps {
  view: GraphView;
  setView: (view: GraphView) => void;
  query: string;
  setQuery: (query: string) => void;
  /** The zoom, where there is something to zoom. */
  zoom: ReactNode;
}

/** The bar of the page: how it is shown, what is searched for, what is wrong in numbers, and the way to one more. */
export function ConnectionsBar({ view, setView, query, setQuery, zoom }: ConnectionsBarProps) {
  const { go, can } = useGraph();
  return (
    <PageBar
      title="Connections"
      end={
        <>
          <Live />
          {zoom}
          <LinkButton href="/connections/endpoints" kind="quiet" className="max-wide:hidden">
            Endpoints
          </LinkButton>
          <LinkButton href="/flows" kind="quiet" icon="drift" className="max-wide:hidden">
            Flows
          </LinkButton>
          {can.includes("connection.write") ? (
            <Button kind="primary" icon="plus" className="max-md:hidden" onClick={() => go.openNew("connection")}>
              New connection
            </Button>
          ) : null}
        </>
      }
    >
      <span className="max-md:hidden">
        <Segmented label="How connections are shown" options={VIEWS} value={view} onChange={setView} />
      </span>
      <Search query={query} setQuery={setQuery} />
      <Troubles />
    </PageBar>
  );
}

function Search({ query, setQuery }: Pick<ConnectionsBarProps, "query" | "setQuery">) {
  const box = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(query);
  useKeys([{ keys: "/", label: "Filter the graph", run: () => box.current?.focus() }]);
  useEffect(() => setText(query), [query]);
  useEffect(() => {
    if (text === query) return;
    const timer = setTimeout(() => setQuery(text), TYPED_MS);
    return () => clearTimeout(timer);
  }, [text, query, setQuery]);
  return (
    <span className="relative w-[190px] min-w-24 shrink wide:min-w-[150px] max-md:w-full">
      <Icon name="search" size={14} className="absolute top-1/2 left-2 -translate-y-1/2 text-faint" />
      <Input
        ref={box}
        size="md"
        type="search"
        aria-label="Filter the graph"
        placeholder="Filter the graph"
        className="pr-7 pl-7 [&::-webkit-search-cancel-button]:hidden"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          if (text === "") event.currentTarget.blur();
          setText("");
        }}
      />
      <Kbd className="absolute top-1/2 right-[5px] -translate-y-1/2 border-0 bg-transparent max-md:hidden">/</Kbd>
    </span>
  );
}

const TROUBLES: readonly {
  key: "failed" | "held" | "retrying" | "queued";
  status: string;
  icon: IconName;
  look: string;
}[] = [
  { key: "failed", status: "FAILED", icon: "failed", look: "text-failed" },
  { key: "held", status: "HOLD", icon: "held", look: "text-hold" },
  { key: "retrying", status: "RETRYING", icon: "retrying", look: "text-retrying" },
  { key: "queued", status: "QUEUED", icon: "queued", look: "text-queued" },
];

/** So many have room for their words beside the search. */
const MOST_WORDS = 3;

/** How many events are not well, each a way to the list of them, and what waits for a person. */
function Troubles() {
  const { totals } = useTotals();
  const issues = Object.values(useLiveState("issues") ?? {}).filter(({ state }) => state === "open").length;
  const chips = [
    {
      key: "issues",
      href: "/issues",
      icon: "issues" as const,
      look: "text-failed",
      count: issues,
      word: issues === 1 ? "issue" : "issues",
    },
    ...TROUBLES.map(({ key, status, icon, look }) => ({
      ...{ key, icon, look, word: key, count: totals[key] },
      href: `/events?status=${status}`,
    })),
  ].filter(({ count }) => count > 0);
  return (
    <span className="flex items-center gap-1.5 max-[1239px]:hidden">
      {chips.map(({ key, href, icon, look, count, word }, at) => (
        <LinkButton key={key} href={href} size="sm" title={word} className="gap-1 font-normal text-ink-2">
          <span className="inline-flex items-center gap-1">
            <Icon name={icon} size={14} className={look} />
            <b className="font-medium text-ink">{formatCount(count)}</b>{" "}
            <span className={cn(at >= MOST_WORDS ? "max-[1599px]:sr-only" : "max-[1365px]:sr-only")}>{word}</span>
          </span>
        </LinkButton>
      ))}
    </span>
  );
}

function Live() {
  const link = useLiveLink();
  const isLost = link === "lost" || link === "signed-out";
  return (
    <span className="inline-flex items-center gap-1.5 whitespace-nowrap text-muted text-xs max-md:hidden">
      <span className={`size-[7px] rounded-full ${isLost ? "bg-hold-solid" : "bg-delivered-solid"}`} />
      <span className="max-wide:sr-only">{isLost ? "Not live" : "Live"}</span>
    </span>
  );
}
