import type { Metadata } from "next";
import { TransformationPage as Transformation } from "#components/transformations/transformation-page.tsx";
import { fetchOrNotFound, Hydrate, requireVisit, trpc } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Transformation · Switchyard" };

export default async function TransformationPage({ params }: { params: Promise<{ id: string }> }) {
  const { can } = await requireVisit();
  const { id } = await params;
  await fetchOrNotFound(trpc.transformations.get.queryOptions({ id }));
  return (
    <Hydrate>
      <Transformation key={id} id={id} can={can} />
    </Hydrate>
  );
}
