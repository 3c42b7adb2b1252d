"use client";

import Link from "next/link";
import { parseAsBoolean, parseAsString, useQueryStates } from "nuqs";
import { lazy, useEffect, useState } from "react";
import { useMay } from "#components/data/may.tsx";
import { ShowOlder } from "#components/data/show-older.tsx";
import { SplitPanel } from "#components/data/split-panel.tsx";
import { useOpenKeys } from "#components/data/use-open-keys.ts";
import { PageBar } from "#components/frame/page-bar.tsx";
import { Freshness } from "#components/live/freshness.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState, ErrorState } from "#components/ui/empty-state.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { Input } from "#components/ui/input.tsx";
import { Later } from "#components/ui/later.tsx";
import { EndpointPanel } from "./endpoint-panel.tsx";
import { EndpointsTable, SkeletonTable } from "./endpoints-table.tsx";
import { GoneTable } from "./gone-table.tsx";
import { useEndpoints } from "./use-endpoints.ts";

const loadRegister = () => import("./register-dialog.tsx");
const RegisterDialog = lazy(() => loadRegister().then(({ RegisterDialog: Dialog }) => ({ default: Dialog })));

const PARSERS = {
  find: parseAsString.withDefault(""),
  open: parseAsString,
  register: parseAsBoolean.withDefault(false),
};
/** So long after the last key a search is done. */
const TYPED_MS = 200;

function Search({ find, setFind }: { find: string; setFind: (find: string) => void }) {
  const [text, setText] = useState(find);
  useEffect(() => {
    if (text.trim() === find) return;
    const timer = setTimeout(() => setFind(text.trim()), TYPED_MS);
    return () => clearTimeout(timer);
  }, [text, find, setFind]);
  return (
    <span className="relative w-70 min-w-0 max-md:w-full">
      <Icon name="search" size={14} className="absolute top-1/2 left-2 -translate-y-1/2 text-faint" />
      <Input
        size="md"
        className="pl-7"
        type="search"
        aria-label="URL or event type"
        placeholder="URL or event type"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
    </span>
  );
}

/** Consumers that register themselves: each with its lease, and those that are gone. */
export function EndpointsPage() {
  const [{ find, open, register }, set] = useQueryStates(PARSERS, { history: "push" });
  const { list, gone } = useEndpoints(find);
  const mayRegister = useMay("connection.write");
  const endpoints = list.data?.pages.flatMap((page) => page.data) ?? [];
  const openOne = (id: string) => void set({ open: id });
  useOpenKeys(
    "endpoint",
    endpoints.map(({ id }) => id),
    open,
    openOne,
  );
  const close = () => void set({ open: null });
  const byHand = () => void set({ register: true });
  const wentToday = gone.data?.data ?? [];
  const rows = (
    <div className="min-h-0 flex-1 overflow-auto bg-surface pb-6">
      <p className="px-5 py-4 text-muted max-md:px-3.5">
        Consumers that register themselves: <code className="font-mono text-ink-2 text-xs">POST /v1/endpoints</code>{" "}
        makes a destination and its connections in one. With a lease it must renew, or it goes by itself.
      </p>
      {list.isLoading ? <SkeletonTable /> : null}
      {list.error && endpoints.length === 0 ? (
        <div className="p-4">
          <ErrorState
            title="The endpoints did not load"
            actions={<Button onClick={() => list.refetch()}>Try again</Button>}
          >
            {list.error.message} What is registered goes on; only this list is affected.
          </ErrorState>
        </div>
      ) : null}
      {endpoints.length > 0 ? (
        <EndpointsTable endpoints={endpoints} openId={open ?? undefined} onOpen={openOne} />
      ) : null}
      {list.data && endpoints.length === 0 ? (
        <div className="p-4">
          <Nothing find={find} all={() => void set({ find: null })} byHand={mayRegister ? byHand : undefined} />
        </div>
      ) : null}
      <ShowOlder query={list} />
      {wentToday.length > 0 ? <GoneTable gone={wentToday} /> : null}
    </div>
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <PageBar
        title="Endpoints"
        above={
          <Link href="/connections" className="rounded-xs text-muted hovered:text-ink">
            Connections
          </Link>
        }
        end={
          <>
            <span className="max-md:hidden">
              <Freshness hasClock={false} />
            </span>
            {mayRegister ? (
              <Button icon="plus" className="max-md:hidden" onClick={byHand}>
                Register by hand
              </Button>
            ) : null}
          </>
        }
      >
        <Search find={find} setFind={(next) => void set({ find: next === "" ? null : next }, { history: "replace" })} />
      </PageBar>
      <SplitPanel
        list={rows}
        panel={open ? <EndpointPanel key={open} id={open} close={close} /> : undefined}
        panelLabel="Endpoint"
        onClose={close}
      />
      <Later isOpen={register && mayRegister} load={loadRegister}>
        <RegisterDialog
          isOpen={register && mayRegister}
          close={() => void set({ register: null })}
          onMade={(id) => void set({ open: id })}
        />
      </Later>
    </div>
  );
}

interface NothingProps {
  find: string;
  all: () => void;
  byHand: (() => void) | undefined;
}

function Nothing({ find, all, byHand }: NothingProps) {
  if (find !== "") {
    return (
      <EmptyState
        title="No endpoint has this in its URL, its name or its event types"
        actions={<Button onClick={all}>Show all</Button>}
      >
        An event type is found as it was registered, with its star.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="Nothing has registered itself yet"
      actions={byHand ? <Button onClick={byHand}>Register by hand</Button> : undefined}
    >
      An agent sends its URL and its event types when it starts, and a heartbeat while it lives.
    </EmptyState>
  );
}
