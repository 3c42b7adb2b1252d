// The examples of the docs, in the order in which a page has them.
import type { GuideExample } from "#server/contracts/guide.ts";
import { readGuide } from "#server/docs/read-guide.ts";

export interface Example extends GuideExample {
  slug: string;
}

export const examples: readonly Example[] = readGuide().flatMap(({ slug, blocks }) =>
  blocks.flatMap((block) => {
    if (block.kind === "languages") return block.examples.map((example) => ({ ...example, slug }));
    return block.kind === "example" ? [{ ...block, slug }] : [];
  }),
);

/** Each example of a role, with those of other roles that follow it up to the next of its own. */
export function followed(role: string): { example: Example; by: Example[] }[] {
  const found: { example: Example; by: Example[] }[] = [];
  for (const example of examples) {
    if (example.role === role) found.push({ example, by: [] });
    else if (found.at(-1)?.example.slug === example.slug) found.at(-1)?.by.push(example);
  }
  return found;
}
