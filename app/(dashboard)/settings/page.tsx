import { redirect } from "next/navigation";
import { FIRST_SECTION } from "#components/settings/sections.ts";
import { requireVisit } from "#server/api/rsc.tsx";

export default async function SettingsPage() {
  await requireVisit();
  redirect(FIRST_SECTION);
}
