/** The text in place of a secret wherever a whole secret would be stored or shown. A header of this value is not sent on. */
export const MASK = "***";

/** A shorter text may stand anywhere by chance. */
export const MIN_SECRET_CHARS = 8;

/** `text` without these secrets; of two the longer has to come first, since the other may stand within it. */
export const maskText = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((masked, secret) => masked.replaceAll(secret, MASK), text);

/** A copy of a trace in which no text holds one of these secrets. It is made of plain JSON, and not deep. */
export function maskTexts<T>(value: T, secrets: readonly string[]): T {
  if (secrets.length === 0) return value;
  if (typeof value === "string") return maskText(value, secrets) as T;
  if (Array.isArray(value)) return value.map((element) => maskTexts(element, secrets)) as T;
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, maskTexts(inner, secrets)])) as T;
}
