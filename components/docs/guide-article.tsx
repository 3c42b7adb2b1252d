import { Icon } from "#components/ui/icon.tsx";
import type { GuideBlock, GuidePage } from "#server/contracts/guide.ts";
import { Example } from "./example.tsx";
import { Inline } from "./inline.tsx";
import { Languages } from "./languages.tsx";
import { OnThisPage } from "./on-this-page.tsx";

interface Around {
  gatewayUrl: string;
  /** In which somebody reads examples. */
  language: string | undefined;
}

/** One page of the docs, drawn on the server. */
export function GuideArticle({ page, ...around }: Around & { page: GuidePage }) {
  const headings = page.blocks.flatMap((block) => (block.kind === "heading" ? [block] : []));
  return (
    <div className="grid grid-cols-[minmax(0,720px)_190px] justify-center gap-12 px-7 pt-[22px] pb-16 max-xl:grid-cols-[minmax(0,720px)] max-md:px-3.5 max-md:pt-4">
      <article className="min-w-0 text-[15px] text-ink-2 leading-6">
        <p className="flex items-center gap-1 text-muted text-xs">
          {page.group}
          <Icon name="right" size={12} />
          {page.title}
        </p>
        <h2 className="mt-1.5 mb-2 font-semibold text-[26px] text-ink leading-8 tracking-[-0.022em]">{page.title}</h2>
        <p className="text-muted">
          <Inline parts={page.lead} />
        </p>
        {page.blocks.map((block, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: blocks of a page that never changes
          <Block key={index} block={block} {...around} />
        ))}
      </article>
      <OnThisPage headings={headings} />
    </div>
  );
}

function Block({ block, gatewayUrl, language }: Around & { block: GuideBlock }) {
  switch (block.kind) {
    case "heading":
      return (
        <h3
          id={block.id}
          className="mt-[26px] mb-1 scroll-mt-4 font-semibold text-[18px] text-ink leading-6 tracking-[-0.015em]"
        >
          {block.text}
        </h3>
      );
    case "paragraph":
      return (
        <p className="mt-2">
          <Inline parts={block.parts} />
        </p>
      );
    case "list": {
      const List = block.isOrdered ? "ol" : "ul";
      return (
        <List className={`mt-2 grid gap-1.5 pl-5 ${block.isOrdered ? "list-decimal" : "list-disc"}`}>
          {block.items.map((item, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: items of a page that never changes
            <li key={index}>
              <Inline parts={item} />
            </li>
          ))}
        </List>
      );
    }
    case "table":
      return <GuideTable {...block} />;
    case "languages":
      return <Languages examples={block.examples} gatewayUrl={gatewayUrl} language={language} />;
    case "example":
      return <Example language={block.language} role={block.role} text={block.text} gatewayUrl={gatewayUrl} />;
  }
}

const cell = "border-line border-b py-1.5 pr-4 text-left align-top";

const GuideTable = ({ head, rows }: Extract<GuideBlock, { kind: "table" }>) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways needs focus to be scrolled by keys
  <div tabIndex={0} className="mt-2.5 overflow-x-auto">
    <table className="w-full text-sm leading-[18px]">
      <thead>
        <tr>
          {head.map((parts, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: columns of a page that never changes
            <th key={index} className={`${cell} font-medium text-muted`}>
              <Inline parts={parts} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a page that never changes
          <tr key={at}>
            {row.map((parts, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: cells of a page that never changes
              <td key={index} className={cell}>
                <Inline parts={parts} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);
