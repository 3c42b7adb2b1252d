// The docs as the dashboard draws them: blocks and not HTML, so that nothing of a text can become a part of the page.
import { z } from "zod";

export type GuideInline =
  | { kind: "text" | "code"; text: string }
  | { kind: "strong" | "em"; parts: GuideInline[] }
  | { kind: "link"; href: string; parts: GuideInline[] };

/** What an example is for: a command to run, a rule, what it passes and fails, and so on. */
export interface GuideExample {
  kind: "example";
  language: string;
  role: string | null;
  text: string;
}

export type GuideBlock =
  | { kind: "heading"; id: string; text: string }
  | { kind: "paragraph"; parts: GuideInline[] }
  | { kind: "list"; isOrdered: boolean; items: GuideInline[][] }
  | { kind: "table"; head: GuideInline[][]; rows: GuideInline[][][] }
  | GuideExample
  /** The same in several languages, one of which is shown. */
  | { kind: "languages"; examples: GuideExample[] };

export interface GuidePage {
  slug: string;
  title: string;
  group: string;
  /** The first paragraph: what the page is about. */
  lead: GuideInline[];
  blocks: GuideBlock[];
}

export const SearchGuide = z.object({
  text: z.string().max(200).default("").meta({ description: "The words that are searched for." }),
});
export type SearchGuide = z.infer<typeof SearchGuide>;

export const GuideHit = z.object({
  href: z.string(),
  title: z.string().meta({ description: "The section; the page's own title where it is the top." }),
  page: z.string(),
  before: z.string().meta({ description: "The text around the first word that was found." }),
  found: z.string(),
  after: z.string(),
});
export type GuideHit = z.infer<typeof GuideHit>;
export const GuideHits = z.object({ data: z.array(GuideHit) });
export type GuideHits = z.infer<typeof GuideHits>;
