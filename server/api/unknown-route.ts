// Hints for a caller of a path that does not exist: the nearest paths, or the methods of the path.
import type { Operation } from "./operation.ts";

const SUGGESTIONS = 3;

const segmentsOf = (path: string) => path.split("/").filter((segment) => segment !== "");

const matches = (pattern: string, path: string): boolean => {
  const wanted = segmentsOf(pattern);
  const given = segmentsOf(path);
  return wanted.length === given.length && wanted.every((part, at) => part.startsWith(":") || part === given[at]);
};

/** The methods of a path below /v1; empty when no operation has it. */
export const methodsOf = (table: readonly Operation[], path: string): string[] => [
  ...new Set(table.filter((operation) => matches(operation.path, path)).map((operation) => operation.method)),
];

/** Levenshtein's distance between two short texts. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The operations whose paths look most like this one, as `GET /v1/sources`. */
export function nearest(table: readonly Operation[], method: string, path: string): string[] {
  const asked = path.slice(0, 100);
  return table
    .map((operation) => ({
      text: `${operation.method} /v1${operation.path}`,
      far: distance(operation.path, asked) + (operation.method === method ? 0 : 0.5),
    }))
    .sort((a, b) => a.far - b.far)
    .slice(0, SUGGESTIONS)
    .map(({ text }) => text);
}
