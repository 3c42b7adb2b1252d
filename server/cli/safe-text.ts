// Texts of strangers on a terminal. A header or a body may hold escape sequences, which would move the cursor, set the title
// or the clipboard, and signs that turn the order of letters round.

/** Control characters of both sets without the line feed and the tab, and what orders text both ways. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it is about
const UNSAFE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** The text as it can be printed: what a terminal would obey is spelt out. */
export const safeText = (text: string): string => text.replace(UNSAFE, escaped);

/** On one line. */
export const safeLine = (text: string): string => safeText(text).replaceAll("\n", "\\n").replaceAll("\t", " ");

/** JSON that says the same, and that a terminal does not obey. */
export const safeJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(UNSAFE, escaped);
