// Texts of strangers, receivers and transforms, made storable: Postgres holds neither U+0000 nor half of a surrogate pair,
// in text or in JSON, as value or as key. The statements that write such texts clean them here; bytes are never touched.

const REPLACEMENT = "\ufffd";

/** The reason why Postgres cannot hold a text, or null. */
function storageProblem(text: string): "nul" | "surrogate" | null {
  if (text.includes("\u0000")) return "nul";
  return text.isWellFormed() ? null : "surrogate";
}

const REMEDIES = {
  nul: "Leave out the character U+0000: the database cannot hold it.",
  surrogate: "Leave out the unpaired surrogate: it is not valid Unicode.",
};

/** What its writer has to do before Postgres can hold a text, or null. */
export function storageRemedy(text: string): string | null {
  const problem = storageProblem(text);
  return problem && REMEDIES[problem];
}

/** The text with U+FFFD in the place of what Postgres cannot hold. */
export function storableText(text: string): string {
  return storageProblem(text) === null ? text : text.toWellFormed().replaceAll("\u0000", REPLACEMENT);
}

/** An escape as `JSON.stringify` writes it; only the first group is not storable. An escaped backslash is passed over whole. */
const ESCAPE = /\\(?:(u0000|ud[89a-f][0-9a-f]{2})|.)/g;

/**
 * A text that `JSON.stringify` made, with U+FFFD in the place of what Postgres cannot hold. Cleaning the text reaches values
 * and keys alike, however deep. The escapes have to go even for a column of type json, which keeps them as they stand:
 * `json_to_recordset` decodes every string that it passes, nested ones too.
 */
export function storableJsonText(json: string): string {
  if (!json.includes("\\u0000") && !json.includes("\\ud")) return json;
  return json.replace(ESCAPE, (whole, refused?: string) => (refused === undefined ? whole : REPLACEMENT));
}

/** `JSON.stringify` for a parameter of a statement. */
export const storableJson = (value: unknown): string => storableJsonText(JSON.stringify(value));
