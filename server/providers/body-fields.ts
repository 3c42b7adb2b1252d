/** One own field of a parsed body; undefined for whatever is no object (parsed bodies are whatever a stranger sent). */
export function field(body: unknown, name: string): unknown {
  if (typeof body !== "object" || body === null || !Object.hasOwn(body, name)) return undefined;
  return (body as Record<string, unknown>)[name];
}

/** The first of the named fields that holds a non-empty string, or a number. */
export function firstField(body: unknown, names: readonly string[]): unknown {
  for (const name of names) {
    const value = field(body, name);
    if ((typeof value === "string" && value !== "") || typeof value === "number") return value;
  }
  return undefined;
}

/** A form's field as one non-empty string: the first where it was sent several times. */
export function formField(body: unknown, name: string): string | undefined {
  const value = field(body, name);
  const first: unknown = Array.isArray(value) ? value[0] : value;
  return typeof first === "string" && first !== "" ? first : undefined;
}
