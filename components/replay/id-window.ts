// Ids say when they were made: an operation on chosen rows goes through that time alone.

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const TIME_CHARS = 10;

function timeOf(id: string): number {
  const start = id.indexOf("_") + 1;
  return [...id.slice(start, start + TIME_CHARS)].reduce((ms, char) => ms * 32 + ALPHABET.indexOf(char), 0);
}

/** The times of the first and the last of these ids, both of them in it. */
export function windowOfIds(ids: readonly string[]): { from: string; to: string } {
  const times = ids.map(timeOf);
  const at = (ms: number) => new Date(ms).toISOString();
  return { from: at(Math.min(...times)), to: at(Math.max(...times)) };
}
