import { PageBar, PageBody } from "#components/frame/page-bar.tsx";
import { Buttons } from "./buttons.tsx";
import { ChipsAndTabs } from "./chips.tsx";
import { DataLists } from "./data-lists.tsx";
import { DataPanels } from "./data-panels.tsx";
import { Floats } from "./floats.tsx";
import { Inputs } from "./inputs.tsx";
import { PageStates, Skeletons, Surfaces } from "./page-states.tsx";
import { States } from "./states.tsx";

/** Every primitive in every state. `now` is the server's time, as an ISO string. */
export function Gallery({ now }: { now: string }) {
  return (
    <>
      <PageBar title="Components" end={<span className="text-muted text-xs">every primitive, every state</span>} />
      <PageBody>
        <div className="mx-auto grid max-w-[1240px] grid-cols-[minmax(0,1fr)] gap-8 wide:grid-cols-2">
          <Buttons />
          <States />
          <Inputs />
          <ChipsAndTabs now={now} />
          <Floats />
          <PageStates />
          <Skeletons />
          <Surfaces />
          <DataLists now={now} />
          <DataPanels now={now} />
        </div>
      </PageBody>
    </>
  );
}
