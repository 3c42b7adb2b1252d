import type { Refused } from "./use-form.ts";

const SAID_AS_IT_IS = ["TOO_MANY_TRIES", "SERVICE_UNAVAILABLE", "AWAY"];

/** Nothing here says whether an address is known. */
export const signInSentence = ({ code, message }: Refused): string =>
  SAID_AS_IT_IS.includes(code) ? message : "E-mail and password do not go together: correct one of them.";

/** What became of a code. */
export function codeSentence({ code, message }: Refused): string {
  if (SAID_AS_IT_IS.includes(code)) return message;
  if (code === "INVALID_TWO_FACTOR_COOKIE") return "This log-in took too long: go back and begin again.";
  if (code === "ACCOUNT_TEMPORARILY_LOCKED" || code === "TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE")
    return "Too many wrong codes: go back, and try again in 15 minutes.";
  return "This code is not right, or was used already: type the one that is shown now.";
}
