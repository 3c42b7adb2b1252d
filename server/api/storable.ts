import { MAX_JSON_DEPTH } from "#server/contracts/json-limits.ts";
import { pathText, wrongField } from "#server/errors/field-issues.ts";
import { storageRemedy } from "#server/json/storable.ts";

/**
 * Refuses what JSON can say and Postgres cannot keep, and nesting that no resource has.
 * @throws AppError UNPROCESSABLE naming the place
 */
export function requireStorable(input: unknown): void {
  const open: { value: unknown; path: PropertyKey[] }[] = [{ value: input, path: [] }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { value, path } = next;
    if (typeof value === "string") {
      const problem = storageRemedy(value);
      if (problem) throw wrongField(pathText(path), problem);
    }
    if (typeof value !== "object" || value === null) continue;
    if (path.length >= MAX_JSON_DEPTH)
      throw wrongField(pathText(path.slice(0, 3)), `Nest at most ${MAX_JSON_DEPTH} levels deep.`);
    for (const [key, inner] of Object.entries(value)) {
      const problem = storageRemedy(key);
      if (problem) throw wrongField(pathText(path), problem);
      open.push({ value: inner, path: [...path, Array.isArray(value) ? Number(key) : key] });
    }
  }
}
