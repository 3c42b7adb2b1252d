import type { Metadata } from "next";
import { ReplaysPage as Replays } from "#components/replays/replays-page.tsx";
import { requireVisit } from "#server/api/rsc.tsx";

export const metadata: Metadata = { title: "Replays · Switchyard" };

export default async function ReplaysPage() {
  await requireVisit();
  return <Replays />;
}
