// Sources that were made on this page a moment ago, and the secrets that were made for them. A secret is shown once: it lives
// in the page alone, until it is left or the person has it.
const secrets = new Map<string, string>();
const fresh = new Set<string>();

export function noteMade(sourceId: string, secret: string | null): void {
  fresh.add(sourceId);
  if (secret !== null) secrets.set(sourceId, secret);
}
export const shownSecret = (sourceId: string): string | undefined => secrets.get(sourceId);
export const forgetShown = (sourceId: string): void => void secrets.delete(sourceId);

/** Whether it was just made, the first time that somebody asks: what comes next may then take the focus. */
export const takeFresh = (sourceId: string): boolean => fresh.delete(sourceId);
