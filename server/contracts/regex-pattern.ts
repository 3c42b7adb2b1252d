// Patterns for `$regex`. They run on re2js, whose time is linear in the text, but the factor is the size of the
// compiled program: `(a{1000}){1000}` is fifteen characters and a million instructions. So the size is bounded too.
import { RE2JS } from "re2js";

const MAX_PATTERN_LENGTH = 1024;

/** Instructions; a hostile text then costs re2js at most about 50 µs a character. */
export const MAX_PROGRAM_SIZE = 1000;

/** The problem of a pattern, as a sentence with the remedy; null when it can be used. */
export function patternProblem(pattern: string): string | null {
  if (pattern.length > MAX_PATTERN_LENGTH) {
    return `$regex is longer than ${MAX_PATTERN_LENGTH} characters; shorten it or split it with $or.`;
  }
  // Before compiling: refusing `(a{1000}){1000}` must cost nothing.
  if (programSize(pattern) > MAX_PROGRAM_SIZE) {
    return `$regex repeats too much: written out it has more than ${MAX_PROGRAM_SIZE} parts; lower its {n} counts.`;
  }
  try {
    RE2JS.compile(pattern);
    return null;
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^error parsing regexp: /, "") : "it cannot be read";
    return `$regex does not compile (${reason}); it takes RE2 syntax, without look-around and back-references.`;
  }
}

/** An upper bound of the instructions that a pattern compiles to, found without compiling it. */
export function programSize(pattern: string): number {
  const enclosing: number[] = [];
  let total = 0;
  let lastPart = 0;
  for (let index = 0; index < pattern.length; ) {
    const repeat = repeatAt(pattern, index);
    if (repeat) {
      total += repeat.size(lastPart) - lastPart;
      lastPart = repeat.size(lastPart);
      index += repeat.length;
    } else if (pattern[index] === "(") {
      enclosing.push(total);
      // Two marks of a group, and one part even if it is empty.
      total = 3;
      index += 1;
    } else if (pattern[index] === ")") {
      lastPart = total;
      total += enclosing.pop() ?? 0;
      index += 1;
    } else {
      const end = partEnd(pattern, index);
      lastPart = 1;
      // Literal text between \Q and \E is one instruction a character.
      // A star over what may be empty compiles to two.
      total += pattern.startsWith("\\Q", index) ? end - index : pattern[index] === "*" ? 2 : 1;
      index = end;
    }
  }
  return enclosing.reduce((sum, size) => sum + size, total);
}

const REPEAT = /\{(\d{1,9})(?:,(\d{0,9}))?\}/y;

function repeatAt(pattern: string, index: number): { size(part: number): number; length: number } | null {
  REPEAT.lastIndex = index;
  const found = REPEAT.exec(pattern);
  if (!found) return null;
  const [text, min, max] = found;
  const copies = Math.max(1, Number(min), Number(max ?? 0));
  // A copy that may be left out, as in {2,5}, {0} or {3,}, needs a branch of its own.
  return { size: (part) => (max === undefined ? copies * part : (copies + 1) * (part + 1)), length: text.length };
}

/** The end of the part that starts at `index`: an escape, a character class, or one character. */
function partEnd(pattern: string, index: number): number {
  const after = (needle: string, from: number) => {
    const found = pattern.indexOf(needle, from);
    return found === -1 ? pattern.length : found + needle.length;
  };
  if (pattern.startsWith("\\Q", index)) return after("\\E", index + 2);
  if (/^\\[pPx]\{/.test(pattern.slice(index, index + 3))) return after("}", index);
  if (pattern[index] === "\\") return index + 2;
  return pattern[index] === "[" ? classEnd(pattern, index + 1) : index + 1;
}

function classEnd(pattern: string, start: number): number {
  let index = pattern[start] === "^" ? start + 1 : start;
  if (pattern[index] === "]") index += 1;
  while (index < pattern.length && pattern[index] !== "]") {
    const named = pattern.startsWith("[:", index) ? pattern.indexOf(":]", index) : -1;
    if (named !== -1) index = named + 2;
    else index += pattern[index] === "\\" ? 2 : 1;
  }
  return index + 1;
}
