// The server's refusals of a form, each at the field that it names.
import { spanWords } from "./span-words.ts";

interface Refusal {
  message: string;
  data?:
    | { issues?: readonly { path: string; message: string }[] | undefined; docs?: string | undefined }
    | null
    | undefined;
}

const MIB = 1024 * 1024;
const UNIT_WORDS: Readonly<Record<string, (bound: string, number: number) => string>> = {
  ms: (bound, number) => `Use a time of ${bound} ${spanWords(number)}.`,
  bytes: (bound, number) => `Use a size of ${bound} ${number < MIB ? `${number} bytes` : `${number / MIB} MiB`}.`,
};

/** The API counts times in milliseconds and sizes in bytes; people type `1 h`. */
function inUnits(path: string, sentence: string): string {
  const words = UNIT_WORDS[path.split("_").at(-1) ?? ""];
  if (words === undefined) return sentence;
  return sentence.replace(/Use a number that is (at most|at least) (\d+)\./, (_, bound: string, number: string) =>
    words(bound, Number(number)),
  );
}

/** What a refusal says, its first field by the name that the form gives it in place of its path in the API. */
export function refusalWords({ message, data }: Refusal, labelOf: (field: string) => string): string {
  const path = data?.issues?.[0]?.path ?? "";
  return path !== "" && message.startsWith(`${path}: `)
    ? labelOf(path) + inUnits(path, message.slice(path.length))
    : message;
}

/** A form's errors: by field, and what belongs to no field that the form has. */
export interface FormErrors<Field extends string> {
  at: Partial<Record<Field, string>>;
  rest: string | undefined;
  /** Where the docs say more about it. */
  docs?: string | undefined;
}

/** Sorts a refusal to the fields of a form. The first sentence about a field stays. */
export function errorsAt<Field extends string>(refusal: Refusal | null, fields: readonly Field[]): FormErrors<Field> {
  const at: Partial<Record<Field, string>> = {};
  if (!refusal) return { at, rest: undefined };
  const issues = refusal.data?.issues ?? [];
  for (const { path, message } of issues) {
    const field = fields.find((name) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`));
    if (field) at[field] ??= inUnits(path, message);
  }
  if (Object.keys(at).length > 0) return { at, rest: undefined };
  return { at, rest: refusal.message, docs: refusal.data?.docs };
}
