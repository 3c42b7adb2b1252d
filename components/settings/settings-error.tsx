"use client";

import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { Button } from "#components/ui/button.tsx";
import { ErrorState } from "#components/ui/empty-state.tsx";

/** In place of a section that could not be read; the others are still there. */
export function SettingsError({ reset }: { reset: () => void }) {
  const { reset: forgetFailedQueries } = useQueryErrorResetBoundary();
  const tryAgain = () => {
    forgetFailedQueries();
    reset();
  };
  return (
    <ErrorState title="These settings could not be loaded" actions={<Button onClick={tryAgain}>Try again</Button>}>
      What is set still holds, and events go on. The server&apos;s log says what went wrong.
    </ErrorState>
  );
}
