// The name of a browser, as a person would say it.
type Sign = readonly [word: string, sign: RegExp];

/** In this order: each later one is also named by those before it. */
const BROWSERS: readonly Sign[] = [
  ["Edge", /\bEdg(?:e|A|iOS)?\//],
  ["Opera", /\bOPR\//],
  ["Samsung Internet", /\bSamsungBrowser\//],
  ["Firefox", /\b(?:Firefox|FxiOS)\//],
  ["Chrome", /\b(?:Chrome|CriOS|Chromium)\//],
  ["Safari", /\bSafari\//],
  ["curl", /^curl\//],
];
const SYSTEMS: readonly Sign[] = [
  ["iPhone", /\biPhone\b/],
  ["iPad", /\biPad\b/],
  ["Android", /\bAndroid\b/],
  ["Windows", /\bWindows NT\b/],
  ["macOS", /\bMac OS X\b/],
  ["ChromeOS", /\bCrOS\b/],
  ["Linux", /\bLinux\b/],
];

const MAX_CHARS = 512;
const find = (signs: readonly Sign[], text: string) => signs.find(([, sign]) => sign.test(text))?.[0];

/** `Firefox on Linux`; `An unknown browser` where it says nothing that is known. */
export function deviceWords(userAgent: string | null): string {
  const text = userAgent?.slice(0, MAX_CHARS) ?? "";
  const [browser, system] = [find(BROWSERS, text), find(SYSTEMS, text)];
  if (browser === undefined && system === undefined) return "An unknown browser";
  return [browser ?? "A browser", system].filter((word) => word !== undefined).join(" on ");
}
