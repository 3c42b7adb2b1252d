import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PROVIDER_TYPES } from "#server/contracts/provider.ts";
import { providerFiles, withTable } from "#server/docs/provider-files.ts";
import { sourceProviders } from "#server/providers/list.ts";

test("what is written from the list of providers is as the list is: else run `npm run providers`", () => {
  for (const [path, text] of Object.entries(providerFiles())) expect(readFileSync(path, "utf8"), path).toBe(text);
  const readme = readFileSync("README.md", "utf8");
  expect(withTable(readme)).toBe(readme);
  for (const type of PROVIDER_TYPES) expect(readme).toContain(`| \`${type}\` `);
});

test("each says where it was looked up", () => {
  expect(Object.keys(sourceProviders)).toHaveLength(PROVIDER_TYPES.length);
  for (const [type, { docs, title, tile, about }] of Object.entries(sourceProviders)) {
    expect(docs, type).toMatch(/^https:\/\/[a-z0-9.-]+\.[a-z]+\//);
    expect(tile, type).toMatch(/^[A-Z0-9][A-Za-z0-9]$/);
    expect(title.length, type).toBeLessThanOrEqual(24);
    expect(about, type).not.toContain("undefined");
  }
});
