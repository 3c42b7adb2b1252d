import "./globals.css";
import { GeistMono } from "geist/font/mono";
import { GeistSans } from "geist/font/sans";
import type { Metadata, Viewport } from "next";
import type { ReactNode } from "react";
import { TrpcProvider } from "#components/data/trpc-provider.tsx";
import { Frame } from "#components/ui/frame.tsx";

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

export default function RootLayout({ children }: { children: ReactNode }) {
  return (
    <html lang="en" className={`${GeistSans.variable} ${GeistMono.variable}`}>
      <body className="min-h-dvh">
        <TrpcProvider>
          <Frame>{children}</Frame>
        </TrpcProvider>
      </body>
    </html>
  );
}
