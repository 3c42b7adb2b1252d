"use client";

import { useQuery } from "@tanstack/react-query";
import { useMay } from "#components/data/may.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { usePart } from "#components/detail-page/use-detail-url.ts";
import { DrawerOf, ResourceDrawer } from "#components/graph-drawer/resource-drawer.tsx";
import type { Destination } from "#server/contracts/destination.ts";
import { DestinationActivity } from "./destination-activity.tsx";
import { labelOf, textOf, valuesOf } from "./destination-fields.ts";
import { DestinationHead } from "./destination-head.tsx";
import { DestinationSettings } from "./destination-settings.tsx";
import { saveWords, TAB_LABELS, TABS, tabOf } from "./destination-words.ts";
import { PaceTab } from "./pace-tab.tsx";
import { TroubleTab } from "./trouble-tab.tsx";
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

function Loaded({ destination }: { destination: Destination }) {
  const { id } = destination;
  const [tab, setTab] = usePart("tab", TABS);
  const mayWrite = useMay("destination.write");
  const acts = useDestinationActs(destination);
  const branches = useBranches(id);
  const form = useDestinationForm(destination, acts.take);
  const errors = form.errors(Object.keys(valuesOf(destination)));
  const wrong = Object.keys(errors.at);
  const wrongElsewhere = wrong.length > 0 && !wrong.some((field) => tabOf(field) === tab);
  const { ordering, ordering_key } = destination.config;
  const order = form.values["config.ordering"];
  const isSorted =
    order !== ordering || (order === "by_key" && form.values["config.ordering_key"] !== (ordering_key ?? ""));
  const note = saveWords({ sharers: branches.branches.length, waiting: branches.waiting, isSorted });
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
            {wrong.map(labelOf).join(", ")} under {TAB_LABELS[tabOf(wrong[0] ?? "")]}{" "}
            {wrong.length === 1 ? "needs" : "need"} a correction.
          </p>
        ) : null
      }
      label="Parts of the destination"
      value={tab}
      onChange={setTab}
      tabs={[
        {
          value: "settings",
          label: TAB_LABELS.settings,
          content: <DestinationSettings destination={destination} acts={acts} branches={branches} />,
        },
        {
          value: "pace",
          label: TAB_LABELS.pace,
          content: <PaceTab destination={destination} acts={acts} branches={branches} />,
        },
        { value: "trouble", label: TAB_LABELS.trouble, content: <TroubleTab destination={destination} acts={acts} /> },
        { value: "activity", label: TAB_LABELS.activity, content: <DestinationActivity id={id} branches={branches} /> },
      ]}
    />
  );
}
