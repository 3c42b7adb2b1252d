import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { EmptyState, ErrorState } from "#components/ui/empty-state.tsx";
import { Skeleton } from "#components/ui/skeleton.tsx";
import { Section } from "./section.tsx";

export const PageStates = () => (
  <Section title="Empty, error, stale">
    <div className="grid gap-2.5">
      <EmptyState
        title="No event matches"
        actions={
          <>
            <Button size="sm">Drop that filter</Button>
            <Button size="sm" kind="quiet">
              Last 24 h
            </Button>
          </>
        }
      >
        Nothing in 02:06 to 02:18 with these 3 filters. 41 match without “State is Failed”.
      </EmptyState>
      <ErrorState title="The list did not load" errorId="err_01kb7c" actions={<Button size="sm">Try again</Button>}>
        The database answered after 10 s with a time-out. Deliveries go on; only this list is affected.
      </ErrorState>
      <Banner
        kind="stale"
        action={
          <Button size="sm" kind="quiet" className="text-inherit">
            Reload
          </Button>
        }
      >
        No answer for 14 s. What you see is from 02:17:49.
      </Banner>
      <Banner kind="held">Held by the breaker of billing-ledger: 1,522 events.</Banner>
      <Banner kind="failed">The signing secret cannot be opened. Nothing is sent until it is set again.</Banner>
      <Banner kind="info">A new version is being rolled out; nothing is lost meanwhile.</Banner>
    </div>
  </Section>
);

export const Skeletons = () => (
  <Section title="Skeletons have the final layout">
    <div className="grid gap-2.5">
      <div className="flex w-[228px] gap-2.5 rounded-md border border-line bg-surface p-[9px]">
        <Skeleton className="size-[26px]" />
        <span className="grid flex-1 gap-[7px]">
          <Skeleton className="w-24" />
          <Skeleton className="w-[130px]" />
          <Skeleton className="w-[52px]" />
        </span>
      </div>
      <div className="grid grid-cols-3 divide-x divide-line rounded-lg border border-line bg-surface">
        {["accepted", "delivered", "rate"].map((one) => (
          <div key={one} className="grid gap-[9px] overflow-hidden px-4 py-3">
            <Skeleton className="w-16" />
            <Skeleton className="h-[22px] w-[110px] max-w-full" />
            <Skeleton className="w-[100px] max-w-full" />
          </div>
        ))}
      </div>
    </div>
  </Section>
);

const GROUPS = [
  ["bg-canvas", "bg-surface", "bg-inset", "bg-press", "bg-float", "bg-line", "bg-line-strong"],
  ["bg-ink", "bg-ink-2", "bg-muted", "bg-faint", "bg-primary", "bg-accent", "bg-accent-solid", "bg-accent-bg"],
];

export const Surfaces = () => (
  <Section title="Surfaces and text" isWide>
    <div className="grid grid-cols-[repeat(auto-fill,minmax(104px,1fr))] gap-3">
      {GROUPS.flat().map((one) => (
        <div key={one}>
          <span className={`block h-[34px] rounded-sm border border-line ${one}`} />
          <span className="font-mono text-2xs text-muted">{one.replace("bg-", "")}</span>
        </div>
      ))}
    </div>
  </Section>
);
