/** A number as a field of a form shows it. */
export const numberText = (value: number | null) => (value === null ? "" : String(value));

/** A number where it is one; anything else goes as it is, and the server says what is wrong with it. */
export const sentNumber = (text: unknown): unknown => {
  const trimmed = String(text).trim().replaceAll(",", "");
  if (trimmed === "") return null;
  return /^\d{1,15}$/.test(trimmed) ? Number(trimmed) : trimmed;
};
