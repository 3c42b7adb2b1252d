import { callAuth } from "./call-auth.ts";

/** What was typed and not saved is kept by the tab: it is of the person who has gone. */
export const forgetTyped = () => sessionStorage.clear();

/** Ends the session here, and with it what was typed in this tab; then goes on. */
export async function signOut(goOn = () => location.assign("/sign-in")): Promise<void> {
  await callAuth("/sign-out");
  forgetTyped();
  goOn();
}
