import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { MayProvider } from "#components/data/may.tsx";
import { Frame } from "#components/frame/frame.tsx";
import { LiveProvider } from "#components/live/live-provider.tsx";
import { parseTheme, THEME_COOKIE } from "#components/ui/theme.ts";
import { requireVisit, signInWays } from "#server/api/rsc.tsx";

// A layout guards nothing, as a page can be asked for without it: each page asks requireVisit() too.
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  const { person, team, teams, can } = await requireVisit();
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <LiveProvider>
      <MayProvider can={can}>
        <Frame theme={theme} user={person.email} ways={await signInWays()} team={team} teams={teams}>
          {children}
        </Frame>
      </MayProvider>
    </LiveProvider>
  );
}
