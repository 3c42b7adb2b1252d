"use client";

import { useState } from "react";
import { Button, type ButtonProps, IconButton, LinkButton } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { Segmented } from "#components/ui/segmented.tsx";
import { Switch } from "#components/ui/switch.tsx";
import { Tooltip } from "#components/ui/tooltip.tsx";
import { Scroller, Section, Specimen } from "./section.tsx";

const KINDS: { kind: NonNullable<ButtonProps["kind"]>; word: string }[] = [
  { kind: "primary", word: "Replay 14 failed" },
  { kind: "plain", word: "Pause" },
  { kind: "quiet", word: "Cancel" },
  { kind: "danger", word: "Delete…" },
];
const LOOKS: { name: string; props: Partial<ButtonProps> & { "data-show"?: string } }[] = [
  { name: "rest", props: {} },
  { name: "hover", props: { "data-show": "hover" } },
  { name: "pressed", props: { "data-show": "hover press" } },
  { name: "focus", props: { "data-show": "focus" } },
  { name: "disabled", props: { disabled: true } },
  { name: "busy", props: { isBusy: true } },
];
const cell = "py-[5px] pr-[22px] text-left font-normal text-muted text-xs";

function ButtonTable() {
  return (
    <Scroller label="Buttons in all states">
      <table className="border-collapse">
        <thead>
          <tr>
            <td />
            {LOOKS.map(({ name }) => (
              <th key={name} className={cell}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {KINDS.map(({ kind, word }) => (
            <tr key={kind}>
              <th className={cell}>{kind}</th>
              {LOOKS.map(({ name, props }) => (
                <td key={name} className={cell}>
                  <Button kind={kind} {...props}>
                    {word}
                  </Button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}

export function Buttons() {
  const [view, setView] = useState<"rows" | "both" | "json">("rows");
  const [isOn, setOn] = useState(true);
  const [isChosen, setChosen] = useState(true);
  return (
    <Section title="Buttons" isWide>
      <ButtonTable />
      <div className="mt-4 flex flex-wrap items-start gap-x-[22px] gap-y-3.5">
        <Specimen name="24 in rows">
          <Button kind="primary" size="sm" icon="play">
            Resume
          </Button>
        </Specimen>
        <Specimen name="28 in bars">
          <Button>Save view</Button>
        </Specimen>
        <Specimen name="32 in dialogs">
          <Button kind="primary" size="lg">
            Replay 2,318 events
          </Button>
        </Specimen>
        <Specimen name="icon">
          <Tooltip text="Pause" keyHint="P">
            <IconButton icon="pause" label="Pause" />
          </Tooltip>
          <IconButton icon="more" label="More" />
        </Specimen>
        <Specimen name="link">
          <LinkButton href="/" icon="overview">
            Overview
          </LinkButton>
        </Specimen>
        <Specimen name="confirm delete">
          <Button kind="danger-solid">Delete, stop 212/min</Button>
          <Button kind="danger-solid" disabled>
            Delete
          </Button>
        </Specimen>
        <Specimen name="segmented">
          <Segmented
            label="View of the filter"
            value={view}
            onChange={setView}
            options={[
              { value: "rows", label: "Rows" },
              { value: "both", label: "Both" },
              { value: "json", label: "JSON" },
            ]}
          />
        </Specimen>
        <Specimen name="switch">
          <Switch isOn={isOn} onChange={setOn} aria-label="Sign deliveries" />
          <Switch isOn={!isOn} onChange={(next) => setOn(!next)} aria-label="Keep the path" />
          <Switch isOn={false} onChange={setOn} isDisabled aria-label="Set by the preset" />
        </Specimen>
        <Specimen name="check">
          <Checkbox state={isChosen} onChange={setChosen} aria-label="Choose this one" />
          <Checkbox state={!isChosen} onChange={(next) => setChosen(!next)} aria-label="Choose that one" />
          <Checkbox state="mixed" onChange={setChosen} aria-label="Choose all" />
          <Checkbox state={isChosen} onChange={setChosen}>
            With its label
          </Checkbox>
        </Specimen>
      </div>
    </Section>
  );
}
