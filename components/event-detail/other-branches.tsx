"use client";

import { useQuery } from "@tanstack/react-query";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { Section } from "#components/detail-page/section.tsx";
import { BranchRow } from "#components/request-detail/branch-row.tsx";
import type { EventDetail } from "#server/contracts/event.ts";

/** What the other connections made of the same request; nothing where there is no other. */
export function OtherBranches({ event }: { event: EventDetail }) {
  const trpc = useTRPC();
  const { data } = useQuery(trpc.requests.branches.queryOptions({ id: event.request_id }, { retry: false }));
  const others = data?.data.filter((branch) => branch.event?.id !== event.id) ?? [];
  if (others.length === 0) return null;
  return (
    <Section title={others.length === 1 ? "Other branch of this request" : "Other branches of this request"}>
      <ul className="divide-y divide-line">
        {others.map((branch) => (
          <BranchRow
            key={branch.event?.id ?? branch.connection_id}
            branch={branch}
            requestId={event.erased_at === null ? event.request_id : undefined}
          />
        ))}
      </ul>
    </Section>
  );
}
