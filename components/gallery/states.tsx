import { AlertCount, Count } from "#components/ui/count.tsx";
import {
  EdgeBadge,
  EVENT_STATES,
  type EventState,
  StateBadge,
  StateLabel,
  StateSolid,
} from "#components/ui/event-state.tsx";
import { Kbd } from "#components/ui/kbd.tsx";
import { ProgressBar } from "#components/ui/progress-bar.tsx";
import { Tag } from "#components/ui/tag.tsx";
import { Tile } from "#components/ui/tile.tsx";
import { Scroller, Section, Specimen } from "./section.tsx";

const STATES = Object.keys(EVENT_STATES) as EventState[];
const COUNTS = ["212", "37", "268", "312", "6", "14", "3", "118"];
const cell = "py-[5px] pr-[22px] text-left font-normal text-xs";

export function States() {
  return (
    <Section title="States: one colour, one icon, one word" isWide>
      <Scroller label="All states">
        <table className="border-collapse">
          <thead>
            <tr>
              <td />
              {STATES.map((state) => (
                <th key={state} className={`${cell} font-mono text-[10.5px] text-muted`}>
                  {state}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="[&_th]:pr-[22px] [&_th]:text-muted">
            <tr>
              <th className={cell}>in a row</th>
              {STATES.map((state) => (
                <td key={state} className={`${cell} text-sm`}>
                  <StateLabel state={state} />
                </td>
              ))}
            </tr>
            <tr>
              <th className={cell}>badge</th>
              {STATES.map((state) => (
                <td key={state} className={cell}>
                  <StateBadge state={state} />
                </td>
              ))}
            </tr>
            <tr>
              <th className={cell}>panel head</th>
              {STATES.map((state) => (
                <td key={state} className={cell}>
                  <StateBadge state={state} size="lg" />
                </td>
              ))}
            </tr>
            <tr>
              <th className={cell}>on an edge</th>
              {STATES.map((state, i) => (
                <td key={state} className={cell}>
                  <EdgeBadge state={state} count={COUNTS[i] ?? "0"} />
                </td>
              ))}
            </tr>
            <tr>
              <th className={cell}>solid</th>
              {STATES.map((state) => (
                <td key={state} className={cell}>
                  <StateSolid state={state} />
                </td>
              ))}
            </tr>
          </tbody>
        </table>
      </Scroller>
      <div className="mt-4 flex flex-wrap items-start gap-x-[22px] gap-y-3.5">
        <Specimen name="count, alert">
          <span className="font-medium">
            Needs you <Count count="3" />
          </span>
          <AlertCount count="14" what="failed" />
        </Specimen>
        <Specimen name="tag">
          <Tag>POST</Tag>
          <Tag>FIFO</Tag>
        </Specimen>
        <Specimen name="key">
          <Kbd>⌘</Kbd>
          <Kbd>K</Kbd>
        </Specimen>
        <Specimen name="provider">
          {["STRIPE", "SHOPIFY", "GITHUB", "TWILIO", "SLACK", "WEBHOOK", "LINEAR", "SENDGRID"].map((type) => (
            <Tile key={type} type={type} />
          ))}
          <Tile type="STRIPE" size="sm" />
        </Specimen>
        <Specimen name="progress">
          <ProgressBar
            className="w-56"
            label="Replay of 2,318 events"
            total={2318}
            segments={[
              { state: "DELIVERED", count: 1204 },
              { state: "RETRYING", count: 90 },
              { state: "FAILED", count: 41 },
            ]}
          />
        </Specimen>
      </div>
    </Section>
  );
}
