import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Gallery } from "#components/gallery/gallery.tsx";
import { requireVisit, showsGallery } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Components · Switchyard" };

/** Every primitive in every state, for those who build the dashboard. README: SWITCHYARD_GALLERY. */
export default async function GalleryPage() {
  if (!showsGallery()) notFound();
  await requireVisit();
  return <Gallery now={new Date().toISOString()} />;
}
