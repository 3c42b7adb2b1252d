"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { useNames } from "#components/data/use-names.ts";
import { ChoiceField } from "#components/resource-form/fields.tsx";
import { LinkButton } from "#components/ui/button.tsx";
import { formatCount } from "#components/ui/format.ts";
import { RelativeTime } from "#components/ui/relative-time.tsx";
import { NO_LETTERS } from "./destination-fields.ts";
import { failedWords, lastOf } from "./failed-words.ts";

const REFRESH_MS = 10_000;

/** Where a copy of an event goes that has failed for good, and how many have. */
export function DeadLetters({ id }: { id: string }) {
  const { destinations } = useNames();
  const others = [...destinations].filter(([otherId]) => otherId !== id);
  const options = [
    { value: NO_LETTERS, label: "Nowhere else" },
    ...others.map(([value, { name }]) => ({ value, label: name })),
  ];
  return (
    <section aria-label="Dead letters" className="grid gap-2 border-line border-t pt-4">
      <h3 className="font-semibold text-xs">Dead letters</h3>
      <p className="text-ink-2">
        When retries are spent the event has failed and can be replayed. A copy can also go to another destination: it
        says why, and how often it was tried.
      </p>
      <ChoiceField field="config.dead_letter_destination_id" label="A copy also goes to" options={options} />
      <Failed id={id} />
    </section>
  );
}

function Failed({ id }: { id: string }) {
  const { metrics } = useTRPC();
  const { data } = useQuery(
    metrics.deadLetters.queryOptions({ destination_id: [id] }, { refetchInterval: REFRESH_MS }),
  );
  if (!data) return <div className="h-11 rounded-md border border-line bg-inset" />;
  const count = data.data.reduce((sum, row) => sum + row.count, 0);
  const last = lastOf(data);
  return (
    <div className="flex min-h-11 items-center gap-3 rounded-md border border-line bg-inset px-3 py-2 text-xs">
      <p className="min-w-0 flex-1 text-ink-2">
        {failedWords(data)}{" "}
        {last === null ? null : (
          <>
            The last <RelativeTime iso={last} />.
          </>
        )}
      </p>
      {count === 0 ? null : (
        <LinkButton href={`/events?status=FAILED&destination_id=${id}`} size="sm">
          See the {data.is_at_least ? "failed" : formatCount(count)}
        </LinkButton>
      )}
    </div>
  );
}
