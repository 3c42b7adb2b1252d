// The theme that a browser was set to. A cookie keeps it, so that the server writes it into the first byte of the page.

export const THEME_COOKIE = "theme";

const FIXED_THEMES = ["light", "dark"] as const;
type FixedTheme = (typeof FIXED_THEMES)[number];

/** `system` follows the machine; it is what a browser without the cookie gets. */
export type Theme = FixedTheme | "system";

const A_YEAR_SECONDS = 31_536_000;

/** The value of the cookie, which anybody may have written. */
export const parseTheme = (text: string | undefined): Theme => FIXED_THEMES.find((theme) => theme === text) ?? "system";

/** The value of `data-theme` on the document (app/tokens.css); undefined leaves it to the machine. */
export const themeAttribute = (theme: Theme): FixedTheme | undefined => (theme === "system" ? undefined : theme);

let chosen: Theme | undefined;
const listeners = new Set<() => void>();

/** Switches this page at once, and the next ones by the cookie. */
export function chooseTheme(theme: Theme): void {
  const fixed = themeAttribute(theme);
  if (fixed) document.documentElement.dataset.theme = fixed;
  else delete document.documentElement.dataset.theme;
  const maxAge = fixed ? A_YEAR_SECONDS : 0;
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser that we serve
  document.cookie = `${THEME_COOKIE}=${theme}; Path=/; Max-Age=${maxAge}; SameSite=Lax`;
  chosen = theme;
  for (const listener of listeners) listener();
}

/** What was chosen on this page; undefined while it is as it came. */
export const chosenTheme = () => chosen;

export function onTheme(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
