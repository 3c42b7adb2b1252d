// The server's refusals of a form, each at the field that it names.
interface Refusal {
  message: string;
  data?:
    | { issues?: readonly { path: string; message: string }[] | undefined; docs?: string | undefined }
    | null
    | undefined;
}

/** What a refusal says, its first field by the name that the form gives it in place of its path in the API. */
export function refusalWords({ message, data }: Refusal, labelOf: (field: string) => string): string {
  const path = data?.issues?.[0]?.path ?? "";
  return path !== "" && message.startsWith(`${path}: `) ? labelOf(path) + message.slice(path.length) : message;
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
    if (field) at[field] ??= message;
  }
  if (Object.keys(at).length > 0) return { at, rest: undefined };
  return { at, rest: refusal.message, docs: refusal.data?.docs };
}
