// A stranger's text as a reader may trust it: what would turn, hide or join letters is written out.

/** Marks and overrides of direction, what has no width, line and paragraph separators, and control characters but tab and line feed. */
const UNSEEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that it is about
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

const writtenOut = (character: string) =>
  `⟨U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`;

/** The text with each of those as `⟨U+202E⟩`. For the eye alone: what is copied, compared or sent is the text itself. */
export const visibleText = (text: string): string => text.replace(UNSEEN, writtenOut);
