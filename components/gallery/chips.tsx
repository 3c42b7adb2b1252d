"use client";

import { useState } from "react";
import { FilterChip, GhostChip, ToggleChip } from "#components/ui/chip.tsx";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { Id } from "#components/ui/id.tsx";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { Tabs } from "#components/ui/tabs.tsx";
import { showToast } from "#components/ui/toasts.ts";
import { Section, Specimen } from "./section.tsx";

const FILTERS = [
  { name: "Source is", value: "stripe-live" },
  { name: "State is any of", value: "Failed, Retrying" },
  { name: "Answer", value: "500 to 599" },
  { name: "Payload has", value: 'customer = "cus_Q4hT0vXw1m"' },
];

function Chips() {
  const [filters, setFilters] = useState(FILTERS);
  const [view, setView] = useState("needs");
  return (
    <>
      <div className="flex flex-wrap gap-2">
        {filters.map((filter) => (
          <FilterChip
            key={filter.name}
            {...filter}
            onClick={() => showToast({ text: "A chip opens its filter." })}
            onRemove={() => setFilters(filters.filter((one) => one !== filter))}
          />
        ))}
        <GhostChip onClick={() => setFilters(FILTERS)}>Filter</GhostChip>
      </div>
      <div className="mt-2.5 flex flex-wrap gap-2">
        <ToggleChip isOn={view === "needs"} count="3" onClick={() => setView("needs")}>
          Needs you
        </ToggleChip>
        <ToggleChip isOn={view === "all"} count="11" onClick={() => setView("all")}>
          All
        </ToggleChip>
      </div>
    </>
  );
}

const ID = "evt_01KB7CX4MR9PHD2V6W8Q3T5Z0A";
const before = (iso: string, ms: number) => new Date(Date.parse(iso) - ms).toISOString();

export function ChipsAndTabs({ now }: { now: string }) {
  const [tab, setTab] = useState<"request" | "attempts" | "response">("request");
  return (
    <Section title="Chips, ids, times, tabs">
      <Chips />
      <div className="mt-4 flex flex-wrap items-start gap-x-[22px] gap-y-3.5">
        <Specimen name="id">
          <Id id={ID} what="event id" />
        </Specimen>
        <Specimen name="whole id">
          <Id id={ID} what="whole event id" isWhole />
        </Specimen>
        <Specimen name="copy">
          <CopyButton text="https://example.com/hooks" what="address" />
        </Specimen>
        <Specimen name="times">
          <RelativeTime iso={before(now, 4_000)} />
          <RelativeTime iso={before(now, 2_340_000)} />
          <RelativeTime iso={before(now, 200_000_000)} />
        </Specimen>
      </div>
      <div className="mt-4 rounded-lg border border-line bg-surface">
        <Tabs
          label="Parts of the event"
          value={tab}
          onChange={setTab}
          tabs={[
            { value: "request", label: "Request", content: <p className="p-4">The bytes as they came.</p> },
            { value: "attempts", label: "Attempts", count: "2", content: <p className="p-4">Two attempts.</p> },
            { value: "response", label: "Response", content: <p className="p-4">503 Service Unavailable</p> },
          ]}
        />
      </div>
    </Section>
  );
}
