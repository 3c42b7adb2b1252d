// A page's Markdown as blocks. What the docs do not use is refused: a page with HTML or a picture is a mistake, and a test says so.
import { marked, type Token, type Tokens } from "marked";
import type { GuideBlock, GuideExample, GuideInline } from "#server/contracts/guide.ts";
import { providerTable } from "./provider-tables.ts";

/** The name of a heading in an address. */
const anchorOf = (text: string): string =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]+/g, "-")
    .replaceAll(/^-|-$/g, "");

/** Blocks that are made of the code itself. */
const GENERATED: Record<string, () => GuideBlock> = { providers: providerTable };

const unknown = (token: Token): never => {
  throw new Error(`The docs have no way to show ${token.type}: ${token.raw.slice(0, 80)}`);
};

function toInline(token: Token): GuideInline[] {
  switch (token.type) {
    case "text":
      return "tokens" in token && token.tokens ? token.tokens.flatMap(toInline) : [{ kind: "text", text: token.text }];
    case "escape":
      return [{ kind: "text", text: token.text }];
    case "codespan":
      return [{ kind: "code", text: token.text }];
    case "strong":
    case "em":
      return [{ kind: token.type, parts: inlinesOf(token as Tokens.Strong) }];
    case "link":
      return [{ kind: "link", href: (token as Tokens.Link).href, parts: inlinesOf(token as Tokens.Link) }];
    default:
      return unknown(token);
  }
}

const inlinesOf = ({ tokens = [] }: { tokens?: Token[] | undefined }): GuideInline[] => tokens.flatMap(toInline);

/** An item is one line of text: what is nested would be another list. */
const itemOf = (item: Tokens.ListItem): GuideInline[] => item.tokens.flatMap(toInline);

function exampleOf({ lang = "", text }: Tokens.Code): GuideBlock {
  const [language = "", role = null] = lang.split(" ");
  return GENERATED[language]?.() ?? { kind: "example", language, role, text };
}

function toBlock(token: Token): GuideBlock[] {
  switch (token.type) {
    case "space":
      return [];
    case "heading":
      return [{ kind: "heading", id: anchorOf(token.text), text: token.text }];
    case "paragraph":
      return [{ kind: "paragraph", parts: inlinesOf(token as Tokens.Paragraph) }];
    case "list":
      return [{ kind: "list", isOrdered: token.ordered, items: (token as Tokens.List).items.map(itemOf) }];
    case "table": {
      const { header, rows } = token as Tokens.Table;
      return [{ kind: "table", head: header.map(inlinesOf), rows: rows.map((row) => row.map(inlinesOf)) }];
    }
    case "code":
      return [exampleOf(token as Tokens.Code)];
    default:
      return unknown(token);
  }
}

const isSameIn = (one: GuideExample, another: GuideExample) =>
  one.role !== null && one.role === another.role && one.language !== another.language;

/** Examples that follow one another and differ in their language alone are one example in several. */
function inLanguages(blocks: GuideBlock[], block: GuideBlock): GuideBlock[] {
  const before = blocks.at(-1);
  if (block.kind !== "example") return [...blocks, block];
  if (before?.kind === "example" && isSameIn(before, block))
    return [...blocks.slice(0, -1), { kind: "languages", examples: [before, block] }];
  if (before?.kind === "languages" && before.examples.every((one) => isSameIn(one, block)))
    return [...blocks.slice(0, -1), { kind: "languages", examples: [...before.examples, block] }];
  return [...blocks, block];
}

/** @throws Error about the first thing that the docs have no way to show */
export const toBlocks = (markdown: string): GuideBlock[] =>
  marked.lexer(markdown).flatMap(toBlock).reduce(inLanguages, []);

/** The words of parts, without how they look. */
export const plainText = (parts: readonly GuideInline[]): string =>
  parts.map((part) => ("text" in part ? part.text : plainText(part.parts))).join("");
