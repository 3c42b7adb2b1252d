"use client";

import { SentenceErrors, TextField, WordField } from "#components/resource-form/fields.tsx";
import { useFormField } from "#components/resource-form/form-context.ts";
import { RateWords } from "#components/resource-form/rate-words.tsx";
import { GroupOverrides } from "./group-overrides.tsx";
import { TopGroups } from "./top-groups.tsx";
import type { DestinationActs } from "./use-destination.ts";

/** What tells the events of a destination apart, the limits of each group, and what waits of them. */
export function GroupFields({ id, hasGroups, acts }: { id: string; hasGroups: boolean; acts: DestinationActs }) {
  const hasKey = String(useFormField("config.groups.key").value ?? "").trim() !== "";
  return (
    <section id="groups" aria-label="Groups" className="grid grid-cols-[minmax(0,1fr)] gap-4 border-line border-t pt-4">
      <TextField
        field="config.groups.key"
        label="Group key"
        isMono
        placeholder="body.customer_id"
        help="Its values take turns, so that one customer’s flood holds up no other’s. Empty: no groups. Requests without it are one group."
      />
      {hasKey ? (
        <div>
          <p className="text-base leading-9 pointer-coarse:leading-12">
            <RateWords of="config.groups" whose="the rate limit of a group" /> of each group, and never more than{" "}
            <WordField
              field="config.groups.concurrency"
              label="At once of a group"
              placeholder="any number"
              width={7}
            />{" "}
            at once.
          </p>
          <SentenceErrors fields={["config.groups.rate_limit", "config.groups.concurrency"]} />
        </div>
      ) : null}
      {hasKey ? <GroupOverrides /> : null}
      {hasGroups ? <TopGroups id={id} acts={acts} /> : null}
    </section>
  );
}
