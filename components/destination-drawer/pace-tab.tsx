"use client";

import { useQuery } from "@tanstack/react-query";
import { useMay } from "#components/data/may.tsx";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { counted } from "#components/graph-drawer/affected.ts";
import { SentenceErrors, WordField } from "#components/resource-form/fields.tsx";
import { useFormField } from "#components/resource-form/form-context.ts";
import { RateWords } from "#components/resource-form/rate-words.tsx";
import { formatCount } from "#components/ui/format.ts";
import type { Destination } from "#server/contracts/destination.ts";
import { GroupFields } from "./group-fields.tsx";
import { bindingWords, limitWords, sharesOf } from "./limit-words.ts";
import { MaintenanceFields } from "./maintenance-fields.tsx";
import { OrderFields } from "./order-fields.tsx";
import { RetryFields } from "./retry-fields.tsx";
import type { Branches, DestinationActs } from "./use-destination.ts";

const numberIn = (text: unknown): number | null => (/^\d+$/.test(String(text).trim()) ? Number(text) : null);

interface PaceTabProps {
  destination: Destination;
  acts: DestinationActs;
  branches: Branches;
}

/** How fast it is sent to, as a sentence whose words can be edited, and when it is tried again. */
export function PaceTab({ destination, acts, branches }: PaceTabProps) {
  const { id } = destination;
  const mayWrite = useMay("destination.write");
  const rateLimit = numberIn(useFormField("config.rate_limit").value);
  const period = String(useFormField("config.rate_limit_period").value);
  const concurrency = numberIn(useFormField("config.concurrency").value);
  const { metrics } = useTRPC();
  const { data } = useQuery(
    metrics.attempts.queryOptions({
      destination_id: [id],
      granularity: "total",
      date_range: { start: "now-1h", end: "now" },
    }),
  );
  const latencyMs = data?.data[0]?.metrics.latency_p95 ?? null;
  const sharers = branches.branches.length;
  const pace = { rateLimit, period, concurrency: concurrency ?? 0, sharers };
  const binding = concurrency === null ? undefined : bindingWords(pace, latencyMs);
  return (
    <fieldset disabled={!mayWrite} className="grid min-w-0 grid-cols-[minmax(0,1fr)] gap-5 p-4">
      <legend className="sr-only">Pace and order</legend>
      <section aria-label="Limits">
        <p className="text-base leading-9 pointer-coarse:leading-12">
          <RateWords />, {sharers > 1 ? `shared by ${counted(sharers, "connection")}, ` : ""}and never more than{" "}
          <WordField field="config.concurrency" label="At once" width={3} /> at once.
        </p>
        <SentenceErrors fields={["config.rate_limit", "config.concurrency"]} />
        {rateLimit === null ? null : <ShareBar limit={rateLimit} period={pace.period} branches={branches} />}
        <p className="mt-1.5 text-muted text-xs">{binding}</p>
        <p role="status" className="sr-only">
          {concurrency === null ? "" : limitWords(pace)}
        </p>
      </section>
      <OrderFields id={id} branches={branches} />
      {destination.type === "HTTP" ? (
        <GroupFields id={id} hasGroups={destination.config.groups !== null} acts={acts} />
      ) : null}
      <RetryFields />
      <MaintenanceFields />
    </fieldset>
  );
}

const TONES = ["fill-ink-2", "fill-muted", "fill-faint"];

/** What each connection takes of the limit now, and what is free. */
function ShareBar({ limit, period, branches }: { limit: number; period: string; branches: Branches }) {
  const { shares, used, free } = sharesOf(limit, period, branches.branches);
  const whole = Math.max(limit, used);
  const words = [
    ...shares.map(({ name, perPeriod }) => `${name} ${formatCount(perPeriod)}`),
    `${formatCount(free)} free`,
  ];
  return (
    <figure className="mt-2" aria-label={`Of the limit: ${words.join(", ")}`}>
      <svg
        className="block h-[22px] w-full rounded-sm bg-press"
        aria-hidden="true"
        preserveAspectRatio="none"
        viewBox={`0 0 ${whole} 1`}
      >
        {shares.map(({ name, perPeriod }, at) => (
          <rect
            key={name}
            x={shares.slice(0, at).reduce((sum, share) => sum + share.perPeriod, 0)}
            width={perPeriod}
            height={1}
            className={TONES[at % TONES.length]}
          />
        ))}
      </svg>
      <figcaption className="mt-1 text-muted text-xs">
        Of {formatCount(limit)} a {period} now: {words.join(" · ")}
      </figcaption>
    </figure>
  );
}
