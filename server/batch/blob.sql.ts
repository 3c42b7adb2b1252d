// A blob: many values in one binary parameter, whose places the records of the statement name. Postgres reads a JSON
// parameter three times over, and an array of bytea travels as hexadecimal text. Bytes in one piece are only copied.

export interface Blob {
  /** Appends a value, a string as UTF-8. Returns its place. */
  add(value: Buffer | string): { at: number; bytes: number };
  toBuffer(): Buffer;
}

export function makeBlob(): Blob {
  const parts: Buffer[] = [];
  let at = 0;
  return {
    add(value) {
      const part = typeof value === "string" ? Buffer.from(value, "utf8") : value;
      parts.push(part);
      at += part.length;
      return { at: at - part.length, bytes: part.length };
    },
    toBuffer: () => Buffer.concat(parts, at),
  };
}

/** The two columns of a record that name the place of `field`, with their types; null where it has none. */
export const placeColumns = <Field extends string>(field: Field) =>
  ({ [`${field}_at`]: "integer", [`${field}_bytes`]: "integer" }) as Record<`${Field}_${"at" | "bytes"}`, string>;
/** The bytes of `field`, or null; `parameter` is the blob's, such as `$2`. */
export const bytesAt = (parameter: string, field: string) =>
  `substring(${parameter}::bytea from ${field}_at + 1 for ${field}_bytes)`;
/** The JSON text of `field` as json, or null. */
export const jsonAt = (parameter: string, field: string) => `convert_from(${bytesAt(parameter, field)}, 'UTF8')::json`;
