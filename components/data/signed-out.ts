// Whether a call of this page was refused because nobody is signed in (any more). The page stays; the log-in comes over it.
let isOut = false;
const listeners = new Set<() => void>();

function set(next: boolean): void {
  if (isOut === next) return;
  isOut = next;
  for (const listener of listeners) listener();
}

const codeOf = (error: unknown): unknown =>
  error instanceof Error && "data" in error ? (error.data as { code?: unknown } | null)?.code : undefined;

/** Told of every call that failed. */
export function noteFailure(error: unknown): void {
  if (codeOf(error) === "UNAUTHORIZED") set(true);
}

export const noteSignedIn = (): void => set(false);

export const isSignedOut = (): boolean => isOut;

export function onSignedOut(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
