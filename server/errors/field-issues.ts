// Zod's issues as sentences for the sender of the input: each names its field and the remedy.
import type { z } from "zod";
import { AppError, type FieldIssue, MAX_ISSUES } from "./app-error.ts";

type Issue = z.core.$ZodIssue;

/** `["rules", 0, "body"]` as `rules[0].body`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    return text === "" ? String(key) : `${text}.${String(key)}`;
  }, "");
}

const listed = (values: readonly unknown[]) => values.map((value) => String(value)).join(", ");
const article = (noun: string) => `${/^[aeio]/.test(noun) ? "an" : "a"} ${noun}`;

function sizeSentence(issue: Extract<Issue, { code: "too_big" | "too_small" }>): string {
  const isMaximum = issue.code === "too_big";
  const bound = `${isMaximum ? "at most" : "at least"} ${isMaximum ? issue.maximum : issue.minimum}`;
  if (issue.origin === "string") return `Use ${bound} characters.`;
  if (issue.origin === "array" || issue.origin === "set") return `Give ${bound} entries.`;
  if (issue.origin === "object" || issue.origin === "record" || issue.origin === "map") return `Give ${bound} keys.`;
  return `Use a number that is ${bound}.`;
}

/** The beginning of zod's own sentences, where a contract gives none. */
const ZODS_OWN = /^(?:Invalid |Too big|Too small)/;

function sentence(issue: Issue): string {
  if (!ZODS_OWN.test(issue.message)) return issue.message;
  switch (issue.code) {
    case "invalid_type":
      if (/received undefined$/.test(issue.message)) return `This field is required: give ${article(issue.expected)}.`;
      if (issue.expected === "int") return "Use a whole number.";
      return `Use ${article(issue.expected)}.`;
    case "invalid_value":
      return issue.values.length === 1 ? `Use ${listed(issue.values)}.` : `Use one of ${listed(issue.values)}.`;
    case "too_big":
    case "too_small":
      return sizeSentence(issue);
    case "invalid_format":
      if (issue.format === "datetime") return "Use an ISO 8601 time in UTC such as 2026-05-29T00:00:00Z.";
      return issue.message;
    case "invalid_union":
      if ("options" in issue && Array.isArray(issue.options))
        return `Use one of ${listed(issue.options.filter((option) => option !== undefined))}.`;
      return "Use one of the forms that the reference at /v1/docs shows.";
    default:
      return issue.message;
  }
}

/** Zod reports every branch of a union; the one that came furthest is the one the caller meant. */
function flatten(issue: Issue, prefix: readonly PropertyKey[]): FieldIssue[] {
  const path = [...prefix, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: pathText([...path, key]),
      message: `There is no field ${key} here: remove it or check its spelling.`,
    }));
  }
  if (issue.code === "invalid_key" || issue.code === "invalid_element") {
    return issue.issues.flatMap((inner) => flatten(inner, path));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const depth = (branch: Issue[]) => Math.max(...branch.map((inner) => inner.path.length));
    const meant = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
    return meant.flatMap((inner) => flatten(inner, path));
  }
  return [{ path: pathText(path), message: sentence(issue) }];
}

/** @param prefix the path above those of `error`, such as `["config", "auth"]`. */
export const fieldIssues = (error: z.core.$ZodError, prefix: readonly PropertyKey[] = []): FieldIssue[] =>
  error.issues.flatMap((issue) => flatten(issue, prefix));

/**
 * A 422 whose message is the first issue; the first 20 stand in `issues`.
 * @param total the number of issues, when not all were written out
 */
export function unprocessable(issues: FieldIssue[], total = issues.length): AppError {
  const [first] = issues;
  const message = first
    ? first.path === ""
      ? first.message
      : `${first.path}: ${first.message}`
    : "The input is not valid.";
  const more =
    total > MAX_ISSUES ? ` And ${total - MAX_ISSUES} more: correct the first ${MAX_ISSUES}, then send it again.` : "";
  return new AppError("UNPROCESSABLE", `${message.slice(0, 500)}${more}`, issues);
}

/** A 422 about one field. */
export const wrongField = (path: string, message: string): AppError => unprocessable([{ path, message }]);

/** Reads `value` by `schema`; a 422 with paths below `prefix` when it does not fit. */
export function parseInput<S extends z.ZodType>(
  schema: S,
  value: unknown,
  prefix: readonly PropertyKey[] = [],
): z.output<S> {
  const result = schema.safeParse(value);
  if (!result.success) throw unprocessable(fieldIssues(result.error, prefix));
  return result.data;
}

/** Runs `work` on the part of an input under `prefix`. Paths of its mistakes are then named from the whole input. */
export async function below<T>(prefix: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.issues === undefined) throw error;
    throw unprocessable(
      error.issues.map(({ path, message }) => ({ path: path === "" ? prefix : `${prefix}.${path}`, message })),
    );
  }
}
