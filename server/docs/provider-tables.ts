// The table of the docs that follows from the list of providers, so that a new one is in the docs as well.
import type { GuideBlock, GuideInline } from "#server/contracts/guide.ts";
import { PROVIDER_TYPES, type ProviderType } from "#server/contracts/provider.ts";
import { sourceProviders } from "#server/providers/list.ts";
import { authFieldNames } from "./auth-field-names.ts";

const text = (words: string): GuideInline[] => [{ kind: "text", text: words }];
const code = (word: string): GuideInline => ({ kind: "code", text: word });

const codes = (words: readonly string[]): GuideInline[] =>
  words.flatMap((word, index) => (index === 0 ? [code(word)] : [...text(", "), code(word)]));

function rowOf(type: ProviderType): GuideInline[][] {
  const provider = sourceProviders[type];
  const { title, docs, headers, about, isConfirmed } = provider;
  return [
    [{ kind: "link", href: docs, parts: text(title) }],
    [code(type)],
    codes(headers),
    codes(authFieldNames(provider)),
    text(isConfirmed ? about : `${about} (unconfirmed)`),
  ];
}

export function providerTable(): GuideBlock {
  const byTitle = (a: ProviderType, b: ProviderType) =>
    sourceProviders[a].title.localeCompare(sourceProviders[b].title, "en");
  return {
    kind: "table",
    head: ["Provider", "type", "Header", "config.auth", "Proof"].map(text),
    rows: PROVIDER_TYPES.toSorted(byTitle).map(rowOf),
  };
}
