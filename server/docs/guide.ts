// The docs of the product, read once per process from docs/guide. They need no network.
import MiniSearch from "minisearch";
import type { GuideHit, GuidePage } from "#server/contracts/guide.ts";
import { type GuideSection, readGuide, readMarkdown, sectionsOf } from "./read-guide.ts";

const MOST_HITS = 12;
const CHARS_AROUND = 60;

export interface Guide {
  pages(): readonly GuidePage[];
  /** A page as it is written. */
  markdown(slug: string): string;
  search(text: string): GuideHit[];
}

/** The first word that was found with the text around it. */
function excerpt(text: string, words: readonly string[]): Pick<GuideHit, "before" | "found" | "after"> {
  const lower = text.toLowerCase();
  const places = words.map((word) => ({ word, at: lower.indexOf(word) })).filter(({ at }) => at >= 0);
  const { word, at } = places.toSorted((a, b) => a.at - b.at)[0] ?? { word: "", at: 0 };
  const start = Math.max(0, at - CHARS_AROUND);
  return {
    before: `${start > 0 ? "…" : ""}${text.slice(start, at)}`,
    found: text.slice(at, at + word.length),
    after: `${text.slice(at + word.length, at + word.length + 2 * CHARS_AROUND)}…`,
  };
}

function makeIndex(sections: readonly GuideSection[]): MiniSearch<GuideSection> {
  const index = new MiniSearch<GuideSection>({
    idField: "href",
    fields: ["title", "page", "text"],
    storeFields: ["title", "page", "text"],
    searchOptions: { boost: { title: 3, page: 2 }, prefix: true, fuzzy: 0.15, combineWith: "AND" },
  });
  index.addAll(sections);
  return index;
}

/** Reads nothing until somebody asks. */
export function makeGuide(): Guide {
  let pages: readonly GuidePage[] | undefined;
  let index: MiniSearch<GuideSection> | undefined;
  const read = () => {
    pages ??= readGuide();
    return pages;
  };
  return {
    pages: read,
    markdown: readMarkdown,
    search(text) {
      index ??= makeIndex(read().flatMap(sectionsOf));
      return index
        .search(text)
        .slice(0, MOST_HITS)
        .map((hit) => ({
          href: String(hit.id),
          title: hit.title,
          page: hit.page,
          ...excerpt(hit.text, hit.terms.length > 0 ? hit.terms : hit.queryTerms),
        }));
    },
  };
}
