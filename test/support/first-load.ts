// What a browser has to fetch of script before it can use a page.
import { glob } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { PROJECT_ROOT } from "#server/start/build.ts";

/** The paths of all pages that need no id: `app/(dashboard)/events/page.tsx` is `/events`. */
export async function staticPages(): Promise<string[]> {
  const paths: string[] = [];
  for await (const file of glob("**/page.tsx", { cwd: join(PROJECT_ROOT, "app") })) paths.push(pathOf(file));
  return paths.filter((path) => !path.includes("[")).sort();
}

const pathOf = (file: string) => `/${file}`.replace(/\/\([^)]+\)/g, "").replace(/\/page\.tsx$/, "") || "/";

/** Gzipped bytes of the scripts that the page's document names; those for browsers without modules are never fetched. */
export async function firstLoadBytes(url: string, path: string, headers: Record<string, string>): Promise<number> {
  const answer = await fetch(url + path, { headers });
  if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`);
  const tags = (await answer.text()).match(/<script[^>]*src="[^"]+"[^>]*>/g) ?? [];
  const sources = tags
    .filter((tag) => !/\bnomodule\b/i.test(tag))
    .map((tag) => /src="([^"]+)"/.exec(tag)?.[1])
    .filter((source) => source !== undefined);
  const sizes = [...new Set(sources)].map(
    async (source) => gzipSync(Buffer.from(await (await fetch(new URL(source, url))).arrayBuffer())).length,
  );
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}
