import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { GuidePage } from "#server/contracts/guide.ts";
import { GUIDE } from "#server/contracts/guide-pages.ts";
import { plainText, toBlocks } from "./to-blocks.ts";

const DIRECTORY = join(import.meta.dirname, "..", "..", "docs", "guide");

/** @param slug of a page that there is */
export const readMarkdown = (slug: string): string => readFileSync(join(DIRECTORY, `${slug}.md`), "utf8");

function readPage(slug: string, group: string): GuidePage {
  const [title, lead, ...blocks] = toBlocks(readMarkdown(slug));
  if (title?.kind !== "heading" || lead?.kind !== "paragraph")
    throw new Error(`docs/guide/${slug}.md has to begin with its title and a paragraph.`);
  return { slug, title: title.text, group, lead: lead.parts, blocks };
}

/** All pages, in the order of their list. */
export const readGuide = (): GuidePage[] =>
  GUIDE.flatMap(({ group, pages }) => pages.map(({ slug }) => readPage(slug, group)));

/** A page by sections: its lead, and what stands below each heading. */
export interface GuideSection {
  href: string;
  title: string;
  page: string;
  text: string;
}

function textOf(block: GuidePage["blocks"][number]): string {
  switch (block.kind) {
    case "heading":
    case "example":
      return block.text;
    case "languages":
      return block.examples.map(({ language, text }) => `${language} ${text}`).join(" ");
    case "paragraph":
      return plainText(block.parts);
    case "list":
      return block.items.map(plainText).join(" ");
    case "table":
      return [block.head, ...block.rows].flatMap((cells) => cells.map(plainText)).join(" ");
  }
}

export function sectionsOf({ slug, title, lead, blocks }: GuidePage): GuideSection[] {
  const top = { href: `/docs/${slug}`, title, page: title, text: plainText(lead) };
  const sections: GuideSection[] = [top];
  for (const block of blocks) {
    const last = sections.at(-1) ?? top;
    if (block.kind === "heading")
      sections.push({ href: `/docs/${slug}#${block.id}`, title: block.text, page: title, text: "" });
    else last.text = `${last.text} ${textOf(block)}`.trim();
  }
  return sections;
}
