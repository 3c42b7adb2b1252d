import type { Refused } from "#components/door/use-form.ts";

/** What became of a password that was asked for again. */
export const passwordSentence = ({ code, message }: Refused): string =>
  code === "INVALID_PASSWORD" ? "This is not your password." : message;
