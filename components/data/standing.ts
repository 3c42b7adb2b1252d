// Calls that are refused because of who asks: nobody is signed in any more, or the person is not in the page's team. The page
// stays as it is, and says so.
import { NOT_A_MEMBER } from "#server/contracts/page-team.ts";

export type Standing = "in" | "signed-out" | "removed";

let standing: Standing = "in";
/** How often somebody signed in on this page, and during which of these a call was begun that failed. */
let logIns = 0;
const begunDuring = new WeakMap<Error, number>();
const listeners = new Set<() => void>();

function set(next: Standing): void {
  if (standing === next) return;
  standing = next;
  for (const listener of listeners) listener();
}

const codeOf = (error: Error): unknown =>
  "data" in error ? (error.data as { code?: unknown } | null)?.code : undefined;

/** To be asked as a call begins. */
export const currentLogIn = (): number => logIns;

/** Keeps with a failure when its call began. */
export const noteBegun = (failure: Error, logIn: number): void => void begunDuring.set(failure, logIn);

/** Told of every call that failed. What answers a call of before the last log-in says nothing of now. */
export function noteFailure(error: unknown): void {
  if (!(error instanceof Error) || (begunDuring.get(error) ?? logIns) < logIns) return;
  const code = codeOf(error);
  if (code === "UNAUTHORIZED") set("signed-out");
  if (code === "FORBIDDEN" && error.message === NOT_A_MEMBER) set("removed");
}

export function noteSignedIn(): void {
  logIns += 1;
  set("in");
}

export const readStanding = (): Standing => standing;

export function onStanding(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
