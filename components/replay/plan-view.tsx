import type { ReactNode } from "react";
import { Button } from "#components/ui/button.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Id } from "#components/ui/id.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import type { BulkPlan } from "#server/contracts/bulk.ts";
import { type CapState, RateCap } from "./rate-cap.tsx";
import { ReplayFrame } from "./replay-frame.tsx";
import { type ScopeNames, scopeChips, skipWords, unitOf } from "./words.ts";

const SHOWN_GOALS = 4;
const SHOWN_SAMPLE = 3;
const pad = "px-6 max-md:px-4";

interface PlanViewProps {
  plan: BulkPlan;
  names: ScopeNames;
  cap: CapState;
}

/** What would be done: how many, where to, what is left out, and how fast. */
export function PlanView({ plan, names, cap }: PlanViewProps) {
  const isCancel = plan.kind === "events_cancel";
  const unit = unitOf(plan);
  const rest = plan.destinations.length - SHOWN_GOALS;
  const left = skipWords(plan.skipped);
  const what = `${unit}${plan.count === 1 ? "" : "s"} will be ${isCancel ? "cancelled" : unit === "event" ? "sent again" : "routed again"}`;
  return (
    <>
      <div className={`${pad} pt-1 pb-4`}>
        <p className="flex items-baseline gap-2.5">
          <span className="font-semibold text-[34px] leading-[42px] tracking-[-0.03em]">{formatCount(plan.count)}</span>
          <span>{what}</span>
        </p>
        <p className="text-muted">
          Counted just now. {isCancel ? "What comes later is not touched." : "What comes or fails later is not added."}
        </p>
      </div>
      <dl className={`${pad} grid border-line border-y py-1.5`}>
        <Line name="Scope">
          <Chips plan={plan} names={names} />
        </Line>
        {plan.destinations.length > 0 ? (
          <Line name="Goes to">
            {plan.destinations.slice(0, SHOWN_GOALS).map(({ id, name, count }) => (
              <span key={id} className="pr-3">
                <b className="font-medium">{name}</b> {formatCount(count)}
              </span>
            ))}
            {rest > 0 ? <span className="text-muted">and {rest} more</span> : null}
          </Line>
        ) : null}
        <Line name="Such as">
          {plan.sample.slice(0, SHOWN_SAMPLE).map((id) => (
            <Id key={id} id={id} what={`${unit} id`} />
          ))}
        </Line>
        <Line name="Left out">
          <span className="text-muted">{left === "" ? "Nothing." : `${left}.`}</span>
        </Line>
      </dl>
      {isCancel ? null : (
        <>
          <RateCap plan={plan} cap={cap} />
          <Facts unit={unit} />
        </>
      )}
    </>
  );
}

const Line = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="grid grid-cols-[76px_minmax(0,1fr)] items-start py-1.5">
    <dt className="text-muted leading-6">{name}</dt>
    <dd className="flex flex-wrap items-center gap-1.5 leading-6">{children}</dd>
  </div>
);

const Chips = ({ plan, names }: Pick<PlanViewProps, "plan" | "names">) =>
  scopeChips(plan.filter, names).map(({ name, value }) => (
    <span
      key={name}
      className="inline-flex min-h-6 max-w-full items-center gap-[5px] rounded-sm border border-line-strong bg-surface px-2 text-xs"
    >
      <span className="whitespace-nowrap text-muted">{name}</span>
      <span className="font-medium [overflow-wrap:anywhere]">{value}</span>
    </span>
  ));

const FACTS = {
  event: [
    "Each event keeps its id, so receivers can tell a repeat.",
    "Deduplication is bypassed; transform and filter are as they were.",
    "Signed with today's secret, marked trigger BULK.",
  ],
  request: [
    "Each event keeps its id, so receivers can tell a repeat.",
    "Deduplication is bypassed; transform and filter run as they are today.",
    "Signed with today's secret, marked trigger BULK.",
  ],
};

const Facts = ({ unit }: { unit: "event" | "request" }) => (
  <ul className={`${pad} grid gap-1 pb-4 text-muted text-xs`}>
    {FACTS[unit].map((fact) => (
      <li key={fact} className="flex items-center gap-2">
        <Icon name="check" size={14} className="text-delivered" />
        {fact}
      </li>
    ))}
  </ul>
);

/** While it is counted: everything has its place already. */
export const PlanningView = ({ title }: { title: string }) => (
  <ReplayFrame
    title={title}
    note={<span role="status">Counting…</span>}
    footer={
      <Button size="lg" kind="primary" icon="replay" disabled>
        Replay
      </Button>
    }
  >
    <div className={`${pad} grid gap-2 pt-4 pb-5`}>
      <Skeleton className="h-7 w-40" />
      <Skeleton className="w-72 max-w-full" />
    </div>
    <div className={`${pad} grid gap-5 border-line border-y py-4`}>
      {["w-64", "w-44", "w-52", "w-56"].map((width) => (
        <Skeleton key={width} className={width} />
      ))}
    </div>
    <div className={`${pad} grid gap-3 pt-5 pb-24`}>
      <Skeleton className="w-24" />
      <Skeleton className="h-8 w-full" />
      <Skeleton className="h-5 w-full" />
    </div>
  </ReplayFrame>
);

interface NothingViewProps {
  title: string;
  plan: BulkPlan;
  back: () => void;
  close: () => void;
}

/** Where the plan found nothing to do. */
export function NothingView({ title, plan, back, close }: NothingViewProps) {
  const left = skipWords(plan.skipped);
  return (
    <ReplayFrame
      title={title}
      footer={
        <>
          <Button size="lg" onClick={close}>
            Close
          </Button>
          <Button size="lg" onClick={back}>
            Change the scope
          </Button>
        </>
      }
    >
      <div className={`${pad} pt-2 pb-5`}>
        <p className="font-medium">
          {left === ""
            ? "Nothing matches."
            : plan.kind === "events_cancel"
              ? "Nothing is left to cancel."
              : "Nothing is left to send."}
        </p>
        <p className="mt-1 text-muted">
          {left === "" ? "Widen the range of time, or name less." : `All that the scope names is left out: ${left}.`}
        </p>
      </div>
    </ReplayFrame>
  );
}
