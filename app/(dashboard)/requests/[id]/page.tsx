import type { Metadata } from "next";
import { RequestPage as Request } from "#components/request-detail/request-page.tsx";
import { fetchOrNotFound, Hydrate, requireVisit, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Request · Switchyard" };

export default async function RequestPage({ params }: { params: Promise<{ id: string }> }) {
  await requireVisit();
  const { id } = await params;
  await fetchOrNotFound(trpc.requests.get.queryOptions({ id, with_body: false }));
  return (
    <Hydrate>
      <Request id={id} />
    </Hydrate>
  );
}
