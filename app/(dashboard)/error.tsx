"use client";

import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  const { reset: forgetFailedQueries } = useQueryErrorResetBoundary();
  const tryAgain = () => {
    forgetFailedQueries();
    reset();
  };
  return (
    <Notice title="This page could not be loaded">
      <p>The server did not answer as it should. What was accepted is safe; the server&apos;s log says more.</p>
      <Button onClick={tryAgain}>Try again</Button>
    </Notice>
  );
}
