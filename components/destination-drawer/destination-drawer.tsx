"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { usePart } from "#components/detail-page/use-detail-url.ts";
import { counted } from "#components/graph-drawer/affected.ts";
import { useMay } from "#components/graph-drawer/may.tsx";
import { DrawerOf, ResourceDrawer } from "#components/graph-drawer/resource-drawer.tsx";
import type { Destination } from "#server/contracts/destination.ts";
import { DestinationActivity } from "./destination-activity.tsx";
import { labelOf, textOf, valuesOf } from "./destination-fields.ts";
import { DestinationHead } from "./destination-head.tsx";
import { DestinationSettings } from "./destination-settings.tsx";
import { PaceTab } from "./pace-tab.tsx";
import { useBranches, useDestinationActs, useDestinationForm } from "./use-destination.ts";

/** One destination: its settings, its pace, and what happens at it. */
export function DestinationDrawer({ id }: { id: string }) {
  const query = useQuery(useTRPC().destinations.get.queryOptions({ id }));
  return (
    <DrawerOf what="destination" query={query}>
      {(destination) => <Loaded destination={destination} />}
    </DrawerOf>
  );
}

const isOfPace = (field: string) => /^config\.(?:rate_limit|concurrency|retry)/.test(field);

function Loaded({ destination }: { destination: Destination }) {
  const { id } = destination;
  const [tab, setTab] = usePart("tab", ["settings", "pace", "activity"]);
  const mayWrite = useMay("destination.write");
  const acts = useDestinationActs(destination);
  const branches = useBranches(id);
  const form = useDestinationForm(destination, acts.take);
  const errors = form.errors(Object.keys(valuesOf(destination)));
  const wrong = Object.keys(errors.at);
  const wrongElsewhere = wrong.length > 0 && !wrong.some((field) => isOfPace(field) === (tab === "pace"));
  const note = `${counted(branches.branches.length, "connection")} ${branches.branches.length === 1 ? "uses" : "use"} it. Holds from the next attempt on.`;
  return (
    <ResourceDrawer
      name={destination.name}
      rename={mayWrite ? acts.rename : undefined}
      head={<DestinationHead destination={destination} branches={branches} />}
      form={form}
      errors={errors}
      labelOf={labelOf}
      textOf={textOf}
      saveNote={tab !== "activity" && mayWrite ? note : undefined}
      note={
        wrongElsewhere ? (
          <p role="alert" className="mx-4 mt-3 text-failed text-xs">
            {wrong.map(labelOf).join(", ")} under {isOfPace(wrong[0] ?? "") ? "Pace" : "Settings"} needs a correction.
          </p>
        ) : null
      }
      label="Parts of the destination"
      value={tab}
      onChange={setTab}
      tabs={[
        {
          value: "settings",
          label: "Settings",
          content: <DestinationSettings destination={destination} acts={acts} branches={branches} />,
        },
        { value: "pace", label: "Pace and retries", content: <PaceTab id={id} branches={branches} /> },
        { value: "activity", label: "Activity", content: <DestinationActivity id={id} branches={branches} /> },
      ]}
    />
  );
}
