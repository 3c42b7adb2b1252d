"use client";

import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import Link from "next/link";
import { docsOf, errorWords } from "#components/frame/error-words.ts";
import { Button, LinkButton } from "#components/ui/button.tsx";
import { Notice, noticeLink } from "#components/ui/notice.tsx";

export default function ErrorPage({ error, reset }: { error: Error; reset: () => void }) {
  const { reset: forgetFailedQueries } = useQueryErrorResetBoundary();
  const tryAgain = () => {
    forgetFailedQueries();
    reset();
  };
  const { title, text, mayHelpAgain } = errorWords(error);
  const docs = docsOf(error);
  return (
    <Notice title={title}>
      <p>
        {text}{" "}
        {docs ? (
          <Link href={docs} prefetch={false} className={noticeLink}>
            Read more
          </Link>
        ) : null}
      </p>
      {mayHelpAgain ? <Button onClick={tryAgain}>Try again</Button> : <LinkButton href="/">To the overview</LinkButton>}
    </Notice>
  );
}
