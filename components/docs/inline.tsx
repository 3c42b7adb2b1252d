import Link from "next/link";
import { Fragment } from "react";
import type { GuideInline } from "#server/contracts/guide.ts";

const link = "text-ink underline decoration-line-strong underline-offset-2 hovered:decoration-current";

function Part({ part }: { part: GuideInline }) {
  switch (part.kind) {
    case "text":
      return part.text;
    case "code":
      return (
        <code className="rounded-[4px] bg-inset px-[5px] py-px font-mono text-[0.87em] text-ink">{part.text}</code>
      );
    case "strong":
      return (
        <strong className="font-semibold text-ink">
          <Inline parts={part.parts} />
        </strong>
      );
    case "em":
      return (
        <em>
          <Inline parts={part.parts} />
        </em>
      );
    case "link":
      return part.href.startsWith("/docs/") ? (
        <Link href={part.href} prefetch={false} className={link}>
          <Inline parts={part.parts} />
        </Link>
      ) : (
        <a href={part.href} className={link} rel="noreferrer">
          <Inline parts={part.parts} />
        </a>
      );
  }
}

/** Words of the docs with how they look. */
export const Inline = ({ parts }: { parts: readonly GuideInline[] }) =>
  parts.map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a text have no other name
    <Fragment key={index}>
      <Part part={part} />
    </Fragment>
  ));
