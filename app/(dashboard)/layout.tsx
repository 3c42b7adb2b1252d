import { cookies } from "next/headers";
import type { ReactNode } from "react";
import { Frame } from "#components/frame/frame.tsx";
import { parseTheme, THEME_COOKIE } from "#components/frame/theme.ts";
import { NoLoginNotice } from "#components/overview/no-login-notice.tsx";
import { isViewer } from "#server/api/rsc.tsx";

// A layout guards nothing, as a page can be asked for without it: each page asks isViewer() too.
export default async function DashboardLayout({ children }: { children: ReactNode }) {
  if (!(await isViewer())) return <NoLoginNotice />;

  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <Frame theme={theme} user="localhost">
      {children}
    </Frame>
  );
}
