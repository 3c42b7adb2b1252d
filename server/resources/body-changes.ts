// The changes that proxies and frameworks make to a body between its signature and its receiver, each with its way back. Pure.

interface BodyChange {
  /** What was done, as the end of a sentence. */
  says: string;
  /** The body as it may have been before; the same body where this cannot have been done to it. */
  undo: (body: string) => string;
}

const REWRITTEN = "it was parsed and written again: sign the bytes as they came";

/** A body of JSON, written by another library than the one that sent it. */
const rewritten = (write: (value: unknown) => string): BodyChange => ({
  says: REWRITTEN,
  undo: (body) => {
    try {
      return write(JSON.parse(body));
    } catch {
      return body;
    }
  },
});

const asciiOnly = (text: string) =>
  text.replaceAll(/[\u0080-\uffff]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** The blanks that Python puts behind commas and colons, where these are none of a string's own. */
const spaced = (text: string) =>
  text.replaceAll(/"(?:[^"\\]|\\.)*"|[,:]/g, (piece) => (piece === "," || piece === ":" ? `${piece} ` : piece));

const slashesEscaped = (text: string) => text.replaceAll("/", "\\/");

/** In the order in which they are tried. */
export const BODY_CHANGES: readonly BodyChange[] = [
  { says: "its last line break was added on the way", undo: (body) => body.replace(/\r?\n$/, "") },
  { says: "a last line break was lost on the way", undo: (body) => `${body}\n` },
  { says: "its line breaks were changed on the way", undo: (body) => body.replaceAll("\r\n", "\n") },
  { says: "its line breaks are \\r\\n in what was signed", undo: (body) => body.replaceAll(/\r?\n/g, "\r\n") },
  { says: "blanks at its ends were added on the way", undo: (body) => body.trim() },
  { says: "a byte order mark was lost on the way", undo: (body) => `\ufeff${body}` },
  rewritten((value) => JSON.stringify(value)),
  rewritten((value) => JSON.stringify(value, null, 2)),
  rewritten((value) => asciiOnly(JSON.stringify(value))),
  rewritten((value) => spaced(JSON.stringify(value))),
  rewritten((value) => spaced(asciiOnly(JSON.stringify(value)))),
  rewritten((value) => slashesEscaped(asciiOnly(JSON.stringify(value)))),
];
