import "./globals.css";
import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import { cookies } from "next/headers";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import type { ReactNode } from "react";
import { TrpcProvider } from "#components/data/trpc-provider.tsx";
import { PageProviders } from "#components/frame/page-providers.tsx";
import { parseTheme, THEME_COOKIE, themeAttribute } from "#components/ui/theme.ts";
import { currentPerson } from "#server/api/rsc.tsx";

export const metadata: Metadata = {
  title: "Switchyard",
  description: "A webhook event gateway: what came in, where it went, and why.",
  robots: { index: false, follow: false },
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#fafafa" },
    { media: "(prefers-color-scheme: dark)", color: "#09090b" },
  ],
};

// A page made at build time has no nonce, and the content security policy would refuse its scripts.
export const dynamic = "force-dynamic";

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = parseTheme((await cookies()).get(THEME_COOKIE)?.value);
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`} data-theme={themeAttribute(theme)}>
      <body>
        <TrpcProvider teamId={(await currentPerson())?.teamId ?? null}>
          <NuqsAdapter>
            <PageProviders serverNow={Date.now()}>{children}</PageProviders>
          </NuqsAdapter>
        </TrpcProvider>
      </body>
    </html>
  );
}
