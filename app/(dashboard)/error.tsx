"use client";

import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { errorWords } from "#components/frame/error-words.ts";
import { Button, LinkButton } from "#components/ui/button.tsx";
import { Notice } from "#components/ui/notice.tsx";

export default function ErrorPage({ error, reset }: { error: Error; reset: () => void }) {
  const { reset: forgetFailedQueries } = useQueryErrorResetBoundary();
  const tryAgain = () => {
    forgetFailedQueries();
    reset();
  };
  const { title, text, mayHelpAgain } = errorWords(error);
  return (
    <Notice title={title}>
      <p>{text}</p>
      {mayHelpAgain ? <Button onClick={tryAgain}>Try again</Button> : <LinkButton href="/">To the overview</LinkButton>}
    </Notice>
  );
}
