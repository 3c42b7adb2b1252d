"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { usePart } from "#components/detail-page/use-detail-url.ts";
import { counted } from "#components/graph-drawer/affected.ts";
import { DrawerFailed, DrawerLoading } from "#components/graph-drawer/drawer-states.tsx";
import { DrawerTitle } from "#components/graph-drawer/drawer-title.tsx";
import { useMay } from "#components/graph-drawer/may.tsx";
import { ConflictPanel } from "#components/resource-form/conflict-panel.tsx";
import { FormContext } from "#components/resource-form/form-context.ts";
import { SaveBar } from "#components/resource-form/save-bar.tsx";
import { onSaveKey } from "#components/resource-form/save-keys.ts";
import { DrawerContent } from "#components/ui/drawer.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import type { Destination } from "#server/contracts/destination.ts";
import { DestinationActivity } from "./destination-activity.tsx";
import { labelOf, textOf, valuesOf } from "./destination-fields.ts";
import { DestinationHead } from "./destination-head.tsx";
import { DestinationSettings } from "./destination-settings.tsx";
import { PaceTab } from "./pace-tab.tsx";
import { useBranches, useDestinationActs, useDestinationForm } from "./use-destination.ts";

/** One destination: its settings, its pace, and what happens at it. */
export function DestinationDrawer({ id }: { id: string }) {
  const { data: destination, error, refetch } = useQuery(useTRPC().destinations.get.queryOptions({ id }));
  if (destination) return <Loaded destination={destination} />;
  if (error) return <DrawerFailed what="destination" error={error} retry={refetch} />;
  return <DrawerLoading what="destination" />;
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
  const save = () => void form.save();
  const note = `${counted(branches.branches.length, "connection")} ${branches.branches.length === 1 ? "uses" : "use"} it. Holds from the next attempt on.`;
  return (
    <DrawerContent
      title={<DrawerTitle name={destination.name} rename={mayWrite ? acts.rename : undefined} />}
      head={<DestinationHead destination={destination} branches={branches} />}
      footer={tab !== "activity" && mayWrite ? <SaveBar form={form} onSave={save} note={note} /> : undefined}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it hears the key of the form's own button */}
      <div onKeyDown={onSaveKey(save)}>
        {form.conflict ? (
          <ConflictPanel
            since={form.conflict.since}
            meanwhile={form.meanwhile}
            labelOf={labelOf}
            textOf={textOf}
            isBusy={form.isBusy}
            onSettle={(dropped) => void form.settle(dropped)}
          />
        ) : null}
        {wrongElsewhere ? (
          <p role="alert" className="mx-4 mt-3 text-failed text-xs">
            {wrong.map(labelOf).join(", ")} under {isOfPace(wrong[0] ?? "") ? "Pace" : "Settings"} needs a correction.
          </p>
        ) : null}
        <FormContext value={{ values: form.values, set: form.set, errors }}>
          <Tabs
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
        </FormContext>
      </div>
    </DrawerContent>
  );
}
