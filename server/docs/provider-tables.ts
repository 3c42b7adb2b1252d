// The table of the docs that follows from the list of providers, so that a new one is in the docs as well.
import type { GuideBlock, GuideInline } from "#server/contracts/guide.ts";
import { PROVIDER_TYPES, type ProviderType } from "#server/contracts/provider.ts";
import { sourceProviders } from "#server/providers/list.ts";

const text = (words: string): GuideInline[] => [{ kind: "text", text: words }];
const code = (word: string): GuideInline => ({ kind: "code", text: word });

function rowOf(type: ProviderType): GuideInline[][] {
  const { title, docs, headers, about, isConfirmed } = sourceProviders[type];
  return [
    [{ kind: "link", href: docs, parts: text(title) }],
    [code(type)],
    headers.flatMap((header, index) => (index === 0 ? [code(header)] : [...text(", "), code(header)])),
    text(isConfirmed ? about : `${about} (unconfirmed)`),
  ];
}

export function providerTable(): GuideBlock {
  const byTitle = (a: ProviderType, b: ProviderType) =>
    sourceProviders[a].title.localeCompare(sourceProviders[b].title, "en");
  return {
    kind: "table",
    head: ["Provider", "type", "Header", "Proof"].map(text),
    rows: PROVIDER_TYPES.toSorted(byTitle).map(rowOf),
  };
}
