// The language in which somebody reads examples, kept in a cookie so that the server draws a page in it at once.

export const LANGUAGE_COOKIE = "docs-language";
const A_YEAR_SECONDS = 31_536_000;

/** By the word behind the fence of a block. */
export const LANGUAGES: Readonly<Record<string, string>> = {
  js: "Node",
  python: "Python",
  go: "Go",
  ruby: "Ruby",
  php: "PHP",
  sh: "Shell",
};

/** The value of the cookie, which anybody may have written. */
export const parseLanguage = (text: string | undefined): string | undefined =>
  text !== undefined && Object.hasOwn(LANGUAGES, text) ? text : undefined;

let chosen: string | undefined;
const listeners = new Set<() => void>();

/** Shows all examples of this page in a language at once, and those of the next pages by the cookie. */
export function chooseLanguage(language: string): void {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that we serve
  document.cookie = `${LANGUAGE_COOKIE}=${language}; Path=/; Max-Age=${A_YEAR_SECONDS}; SameSite=Lax`;
  chosen = language;
  for (const listener of listeners) listener();
}

/** What was chosen on this page; undefined while it is as it came. */
export const chosenLanguage = () => chosen;

export function onLanguage(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
