import { cookies, headers } from "next/headers";
import type { ReactNode } from "react";
import { DoorFrame } from "#components/door/door-frame.tsx";
import { parseTheme, THEME_COOKIE } from "#components/ui/theme.ts";

/** The pages for those who are not in yet. They are for everybody, and show nothing of a team. */
export default async function DoorLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <DoorFrame theme={theme} host={(await headers()).get("host") ?? ""}>
      {children}
    </DoorFrame>
  );
}
