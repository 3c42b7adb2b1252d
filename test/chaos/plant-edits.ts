// Edits that make a bug of a source text: each replaces a piece that stands there exactly once.

export interface Edit {
  /** From the project's root. */
  file: string;
  find: string;
  replace: string;
}

/** @throws Error with a sentence where the piece does not stand in the text exactly once */
export function editText(text: string, { file, find, replace }: Edit): string {
  const [before, after, ...more] = text.split(find);
  if (before === undefined || after === undefined || more.length > 0)
    throw new Error(`A bug is to be planted in ${file} where it says once: ${find}`);
  return before + replace + after;
}
