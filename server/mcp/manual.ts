// The manual as resources: an agent reads the page that it needs.
import { type ReadResourceResult, type Resource, ResourceNotFoundError } from "@modelcontextprotocol/server";
import type { Guide } from "#server/docs/guide.ts";

const uriOf = (slug: string) => `switchyard://docs/${slug}`;

export const listManual = (guide: Guide): Resource[] =>
  guide.pages().map(({ slug, title }) => ({ uri: uriOf(slug), name: slug, title, mimeType: "text/markdown" }));

/** @throws ResourceNotFoundError where there is no such page */
export function readManual(guide: Guide, uri: string): ReadResourceResult {
  const page = guide.pages().find(({ slug }) => uriOf(slug) === uri);
  if (!page) throw new ResourceNotFoundError(uri.slice(0, 200));
  return { contents: [{ uri, mimeType: "text/markdown", text: guide.markdown(page.slug) }] };
}
