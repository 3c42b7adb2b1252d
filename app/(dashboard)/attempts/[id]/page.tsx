import type { Metadata } from "next";
import { AttemptPage as Attempt } from "#components/attempt-detail/attempt-page.tsx";
import { fetchOrNotFound, Hydrate, requireVisit, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Attempt · Switchyard" };

export default async function AttemptPage({ params }: { params: Promise<{ id: string }> }) {
  await requireVisit();
  const { id } = await params;
  await fetchOrNotFound(trpc.attempts.get.queryOptions({ id }));
  return (
    <Hydrate>
      <Attempt id={id} />
    </Hydrate>
  );
}
