import type { Metadata } from "next";
import { ProviderReturn } from "#components/door/provider-return.tsx";

export const metadata: Metadata = { title: "Signing in · Switchyard" };

/** Where the company's own log-in sends people back to. */
export default function SignedInPage() {
  return <ProviderReturn />;
}
