import { callAuth } from "./call-auth.ts";

/** What was typed and not saved is kept by the tab: it is of the person who has gone. */
export const forgetTyped = () => sessionStorage.clear();

const PERSON = "person";

/** Says whose page this tab shows now. What somebody else has typed in it is forgotten, by whichever door this person came in. */
export function claimTab(email: string): void {
  try {
    const before = sessionStorage.getItem(PERSON);
    if (before !== null && before !== email) forgetTyped();
    sessionStorage.setItem(PERSON, email);
  } catch {
    // The server, and a browser that stores nothing, keep nothing of anybody.
  }
}

/** Ends the session here, and with it what was typed in this tab; then goes on. */
export async function signOut(goOn = () => location.assign("/sign-in")): Promise<void> {
  await callAuth("/sign-out");
  forgetTyped();
  goOn();
}
