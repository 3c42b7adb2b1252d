"use client";

import { type ReactNode, useRef } from "react";
import { ConnectionDrawer } from "#components/connection-drawer/connection-drawer.tsx";
import { NewConnection } from "#components/connection-drawer/new-connection.tsx";
import { DestinationDrawer } from "#components/destination-drawer/destination-drawer.tsx";
import { NewDestination } from "#components/destination-drawer/new-destination.tsx";
import { type DrawerPlace, useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { RuleEditor } from "#components/rules/rule-editor.tsx";
import { NewSource } from "#components/source-drawer/new-source.tsx";
import { SourceDrawer } from "#components/source-drawer/source-drawer.tsx";
import { DrawerContent, DrawerFrame } from "#components/ui/drawer.tsx";
import { EmptyState } from "#components/ui/empty-state.tsx";

/** The drawer of whatever the address names: `?panel=web_…&tab=rules`, `?new=connection&source=src_…`. */
export function GraphDrawer() {
  const { place, close } = useDrawerPlace();
  const isOpen = place.kind !== "nothing";
  // What was open is drawn until the drawer has slid away.
  const shown = useRef<DrawerPlace>(place);
  if (isOpen) shown.current = place;
  if (place.kind === "rule") {
    return (
      <RuleEditor key={`${place.connectionId} ${place.rule}`} connectionId={place.connectionId} rule={place.rule} />
    );
  }
  return (
    <DrawerFrame isOpen={isOpen} onOpenChange={(toOpen) => toOpen || close()}>
      {contentOf(shown.current)}
    </DrawerFrame>
  );
}

const DRAWERS: Record<string, (props: { id: string }) => ReactNode> = {
  src: SourceDrawer,
  web: ConnectionDrawer,
  des: DestinationDrawer,
};

function contentOf(place: DrawerPlace): ReactNode {
  if (place.kind === "new") {
    if (place.what === "source") return <NewSource />;
    if (place.what === "destination") return <NewDestination sourceId={place.sourceId} />;
    return <NewConnection sourceId={place.sourceId} destinationId={place.destinationId} />;
  }
  if (place.kind !== "resource") return null;
  const Content = DRAWERS[place.id.split("_", 1)[0] ?? ""];
  return Content ? <Content key={place.id} id={place.id} /> : <NoSuch id={place.id} />;
}

const NoSuch = ({ id }: { id: string }) => (
  <DrawerContent title="Nothing to show">
    <div className="p-4">
      <EmptyState title="No source, connection or destination has this id">
        <span className="[overflow-wrap:anywhere]">{id}</span> is mistyped, or belongs to something else.
      </EmptyState>
    </div>
  </DrawerContent>
);
