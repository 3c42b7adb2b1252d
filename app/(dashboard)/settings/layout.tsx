import type { ReactNode } from "react";
import { SettingsFrame } from "#components/settings/settings-frame.tsx";
import { requireVisit } from "#server/api/rsc.tsx";

export default async function SettingsLayout({ children }: { children: ReactNode }) {
  const { can, team } = await requireVisit();
  return (
    <SettingsFrame can={can} team={{ id: team.id, name: team.name }}>
      {children}
    </SettingsFrame>
  );
}
