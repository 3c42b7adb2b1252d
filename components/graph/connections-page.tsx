"use client";

import { useSuspenseQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useNarrow } from "#components/data/use-narrow.ts";
import { DriftProvider } from "#components/flows/drift-mark.tsx";
import { PageBody } from "#components/frame/page-bar.tsx";
import { useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { afterPage, useAfterPage } from "#components/ui/after-page.ts";
import { Button } from "#components/ui/button.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { Later } from "#components/ui/later.tsx";
import type { Capability } from "#server/contracts/capability.ts";
import type { Topology } from "#server/contracts/topology.ts";
import { makeCanvasLink } from "./canvas-link.ts";
import { ConnectionsBar } from "./connections-bar.tsx";
import { DenseBar } from "./dense-bar.tsx";
import { GraphContext, type GraphShared } from "./graph-context.ts";
import { GraphSkeleton } from "./graph-skeleton.tsx";
import { GraphStage } from "./graph-stage.tsx";
import type { Card, ConnectionCard } from "./graph-types.ts";
import { useGraphUrl } from "./graph-url.ts";
import type { ListRow } from "./list-rows.ts";
import { useFirstNumbers } from "./use-first-numbers.ts";
import { useGraphShared } from "./use-graph-shared.ts";
import { ZoomControls } from "./zoom-controls.tsx";

const loadDrawer = async () => ({ default: (await import("./graph-drawer.tsx")).GraphDrawer });
const loadDelete = async () => ({ default: (await import("./delete-dialog.tsx")).DeleteDialog });
const loadPause = async () => ({
  default: (await import("#components/connection-drawer/pause-dialog.tsx")).PauseDialog,
});
const firstMinutes = afterPage(() => import("#components/start/first-minutes.tsx"));
const demoBar = afterPage(() => import("#components/start/demo-bar.tsx"));
const connectionList = afterPage(() => import("./connection-list.tsx"));
const lanes = afterPage(() => import("./lanes.tsx"));
const GraphDrawer = lazy(loadDrawer);
const DeleteDialog = lazy(loadDelete);
const PauseDialog = lazy(loadPause);

/** The whole wiring of a team: as a graph, as a list, on a phone as lanes. */
export function ConnectionsPage({ can }: { can: readonly Capability[] }) {
  const trpc = useTRPC();
  const { data: topology } = useSuspenseQuery(trpc.topology.get.queryOptions({}));
  const url = useGraphUrl();
  const { place, open, openRule, openNew, close } = useDrawerPlace();
  const [asked, setAsked] = useState<Card>();
  const [pausing, setPausing] = useState<ConnectionCard>();
  const [link] = useState(makeCanvasLink);
  // It is one press away from the graph, so it is there before the press.
  useEffect(connectionList.ask, []);
  const isNarrow = useNarrow();
  const [isStarting, setStarting] = useState(false);
  const options = useMemo(
    () => ({ sort: url.sort, isUnfolded: url.isUnfolded, query: url.query }),
    [url.sort, url.isUnfolded, url.query],
  );
  const { shared, scene } = useGraphShared(
    topology,
    can,
    {
      open,
      openRule,
      openNew,
      askDelete: setAsked,
      askPause: setPausing,
    },
    options,
  );
  const view = useSyncExternalStore(scene.onView, scene.view, scene.view);
  const rows = useMemo(() => rowsOf(view.rowIds, topology), [view.rowIds, topology]);
  const openId = place.kind === "resource" ? place.id : place.kind === "rule" ? place.connectionId : undefined;
  const isList = url.view === "list";
  const none = (
    <EmptyState
      title={url.query === "" ? "No connection yet" : "Nothing matches"}
      actions={
        url.query === "" ? null : (
          <Button size="sm" onClick={() => url.setQuery("")}>
            Show all
          </Button>
        )
      }
    >
      {url.query === ""
        ? "A connection carries what a source receives to a destination."
        : `No name contains “${url.query}”.`}
    </EmptyState>
  );
  return (
    <GraphContext value={shared}>
      <DriftProvider>
        <ConnectionsBar
          view={url.view}
          setView={url.setView}
          query={url.query}
          setQuery={url.setQuery}
          zoom={isList ? null : <ZoomControls link={link} />}
        />
        <div className="empty:hidden">
          <DemoNote />
        </div>
        {isStarting || isBare(topology) ? (
          <PageBody>
            <FirstSteps onConnecting={() => setStarting(true)} onDone={() => setStarting(false)} />
          </PageBody>
        ) : isNarrow ? (
          <LanesView rows={rows} instead={none} isArranged={view.isArranged} />
        ) : isList ? (
          <ListView rows={rows} instead={none} isArranged={view.isArranged} />
        ) : (
          <>
            {view.isDense ? (
              <DenseBar
                view={view}
                sort={url.sort}
                setSort={url.setSort}
                query={url.query}
                isUnfolded={url.isUnfolded}
                setUnfolded={url.setUnfolded}
              />
            ) : null}
            <GraphStage
              scene={scene}
              view={view}
              link={link}
              openId={openId}
              fold={() => url.setUnfolded(!url.isUnfolded)}
              instead={none}
            />
          </>
        )}
        <Later isOpen={place.kind !== "nothing"} load={loadDrawer}>
          <GraphDrawer />
        </Later>
        <Later isOpen={asked !== undefined} load={loadDelete}>
          {asked ? (
            <DeleteDialog
              asked={asked}
              isOpen
              onOpenChange={(isOpen) => isOpen || setAsked(undefined)}
              onDeleted={(id) => id === openId && close()}
            />
          ) : null}
        </Later>
        <Later isOpen={pausing !== undefined} load={loadPause}>
          {pausing ? (
            <PauseDialog
              name={pausing.name}
              isOpen
              onOpenChange={(isOpen) => isOpen || setPausing(undefined)}
              onPause={(until) => void shared.actions.pauseUntil(cardNow(shared, pausing), until)}
            />
          ) : null}
        </Later>
      </DriftProvider>
    </GraphContext>
  );
}

/** Undo puts back how it was at the press, which may be another than when the dialog opened. */
function cardNow({ cards }: GraphShared, asked: ConnectionCard): ConnectionCard {
  const card = cards.get(asked.id);
  return card?.kind === "connection" ? card : asked;
}

function DemoNote() {
  const loaded = useAfterPage(demoBar);
  return loaded ? <loaded.DemoBar /> : null;
}

function FirstSteps({ onConnecting, onDone }: { onConnecting: () => void; onDone: () => void }) {
  const loaded = useAfterPage(firstMinutes);
  if (!loaded) return null;
  return <loaded.FirstMinutes onConnecting={onConnecting} onDone={{ label: "Show the graph", run: onDone }} />;
}

/** So long lanes and rows wait for the first numbers: both are put in order by them, and a phone has slow networks. */
const FIRST_NUMBERS_MS = 3_000;

interface ViewProps {
  rows: readonly ListRow[];
  instead: ReactNode;
  isArranged: boolean;
}

function ListView({ isArranged, ...props }: ViewProps) {
  const loaded = useAfterPage(connectionList);
  const isReady = useFirstNumbers(isArranged, FIRST_NUMBERS_MS);
  return loaded && isReady ? <loaded.ConnectionList {...props} /> : <GraphSkeleton />;
}

function LanesView({ isArranged, ...props }: ViewProps) {
  const loaded = useAfterPage(lanes);
  const isReady = useFirstNumbers(isArranged, FIRST_NUMBERS_MS);
  return loaded && isReady ? <loaded.Lanes {...props} /> : <GraphSkeleton />;
}

/** Nothing is wired, and there are no two ends between which a line could be drawn. */
const isBare = ({ sources, connections, destinations }: Topology) =>
  connections.length === 0 && (sources.length === 0 || destinations.length === 0);

function rowsOf(ids: readonly string[], { sources, connections, destinations }: Topology): ListRow[] {
  const sourceNames = new Map(sources.map(({ id, name }) => [id, name]));
  const destinationsById = new Map(destinations.map((destination) => [destination.id, destination]));
  const byId = new Map(connections.map((one) => [one.id, one]));
  return ids.flatMap((id) => {
    const one = byId.get(id);
    if (!one) return [];
    const { name, source_id, destination_id } = one;
    const to = destinationsById.get(destination_id);
    return {
      id,
      name,
      sourceName: sourceNames.get(source_id) ?? "",
      destinationName: to?.name ?? "",
      ordering: to?.ordering ?? "none",
      hasGroups: to?.has_groups ?? false,
    };
  });
}
