// The place where a text stops being JSON, and what stands there. V8 tells it for some mistakes only.

export interface JsonMistake {
  /** Both count from 1. */
  line: number;
  column: number;
  /** The mistake there, as the end of a sentence. */
  problem: string;
}

const SPACE = /[ \t\n\r]*/y;
const SCALAR =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in a text
  /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/** The first mistake in a text, or null when it is JSON. Linear, without recursion. */
export function jsonMistake(text: string): JsonMistake | null {
  const open: ("{" | "[")[] = [];
  let at = 0;
  /** The tokens that may come next: a value, a key, those after a value; the same with the end of an empty list or object. */
  let wanted: "value" | "value or end" | "key" | "key or end" | "after" = "value";
  const skip = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? "";
    at += found.length;
    return found;
  };
  const mistake = (problem: string) => placeOf(text, at, problem);

  for (;;) {
    skip(SPACE);
    const sign = text[at];
    const inner = open.at(-1);
    if (sign === undefined) return inner || wanted !== "after" ? mistake("it ends before it is whole") : null;
    if (wanted === "after") {
      if (!inner) return mistake("a second document begins");
      const end = inner === "{" ? "}" : "]";
      if (sign === ",") wanted = inner === "{" ? "key" : "value";
      else if (sign === end) open.pop();
      else return mistake(`a comma or ${end} should stand`);
      at += 1;
    } else if ((wanted === "key or end" && sign === "}") || (wanted === "value or end" && sign === "]")) {
      open.pop();
      at += 1;
      wanted = "after";
    } else if (wanted === "key" || wanted === "key or end") {
      if (sign !== '"' || skip(SCALAR) === "") return mistake("a name in double quotes should stand");
      skip(SPACE);
      if (text[at] !== ":") return mistake("a colon should stand");
      at += 1;
      wanted = "value";
    } else if (sign === "{" || sign === "[") {
      open.push(sign);
      at += 1;
      wanted = sign === "{" ? "key or end" : "value or end";
    } else {
      if (skip(SCALAR) === "")
        return mistake(sign === '"' ? "a text does not end or holds what it may not" : "a value should stand");
      wanted = "after";
    }
  }
}

function placeOf(text: string, at: number, problem: string): JsonMistake {
  const before = text.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, problem };
}
