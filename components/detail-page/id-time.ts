const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_CHARS = 10;

/** When an id was made, as ISO 8601: its first ten characters are the milliseconds in Crockford's base 32. */
export function idTime(id: string): string {
  const start = id.indexOf("_") + 1;
  const ms = [...id.slice(start, start + TIME_CHARS)].reduce((sum, char) => sum * 32 + ALPHABET.indexOf(char), 0);
  return new Date(ms).toISOString();
}
