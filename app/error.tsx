"use client";

import { Button } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";

export default function ErrorPage({ reset }: { error: Error; reset: () => void }) {
  return (
    <Notice title="This page could not be loaded">
      <p>The server did not answer as it should. What was accepted is safe; the server&apos;s log says more.</p>
      <Button onClick={reset}>Try again</Button>
    </Notice>
  );
}
