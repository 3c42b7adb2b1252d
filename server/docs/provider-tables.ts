// Tables of the docs that follow from the list of providers, so that a new one is in the docs as well.
import type { GuideBlock, GuideInline } from "#server/contracts/guide.ts";
import { PROVIDERS, type ProviderType } from "#server/contracts/provider.ts";
import { knownHeaders } from "#server/providers/known-headers.ts";
import { providersByAuthType } from "#server/providers/list.ts";
import type { Provider } from "#server/providers/provider.ts";

const text = (words: string): GuideInline[] => [{ kind: "text", text: words }];
const code = (word: string): GuideInline => ({ kind: "code", text: word });

const headersOf = ({ headers }: Provider): GuideInline[] =>
  headers.flatMap((header, index) => (index === 0 ? [code(header)] : [...text(", "), code(header)]));

/** How it proves itself, and how old its signed time may be. */
function proofOf({ hmac }: Provider): string {
  if (hmac === null) return "its own way, checked as it documents";
  const { algorithm, toleranceSeconds } = hmac;
  const age = toleranceSeconds === null ? "no time is signed" : `at most ${toleranceSeconds} s old`;
  return `HMAC-${algorithm.toUpperCase().replace("SHA", "SHA-")}, ${age}`;
}

export function providerTable(): GuideBlock {
  const types = Object.keys(PROVIDERS) as ProviderType[];
  return {
    kind: "table",
    head: ["Provider", "type", "Header", "Proof"].map(text),
    rows: types.map((type) => {
      const provider = providersByAuthType[type];
      return [text(PROVIDERS[type].title), [code(type)], headersOf(provider), text(proofOf(provider))];
    }),
  };
}

const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll("-", " ");

export function knownHeaderTable(): GuideBlock {
  const symmetric = knownHeaders.filter(({ hmac }) => hmac !== null).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return {
    kind: "table",
    head: ["Provider", "Header", "Proof"].map(text),
    rows: symmetric.map((provider) => [text(capital(provider.name)), headersOf(provider), text(proofOf(provider))]),
  };
}
