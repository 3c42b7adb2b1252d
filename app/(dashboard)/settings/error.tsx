"use client";

import { SettingsError } from "#components/settings/settings-error.tsx";

export default function SettingsErrorPage({ reset }: { error: Error; reset: () => void }) {
  return <SettingsError reset={reset} />;
}
