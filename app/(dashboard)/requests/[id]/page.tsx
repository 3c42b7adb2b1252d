import type { Metadata } from "next";
import { RequestPage as Request } from "#components/request-detail/request-page.tsx";
import { fetchOrNotFound, Hydrate, prefetch, requireVisit, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Request · Switchyard" };

export default async function RequestPage({ params }: { params: Promise<{ id: string }> }) {
  await requireVisit();
  const { id } = await params;
  // With all of its story at once: what stands below it keeps its place.
  await Promise.all([
    fetchOrNotFound(trpc.requests.get.queryOptions({ id, with_body: false })),
    prefetch(trpc.requests.branches.queryOptions({ id })),
    prefetch(trpc.requests.verification.queryOptions({ id })),
  ]);
  return (
    <Hydrate>
      <Request id={id} />
    </Hydrate>
  );
}
