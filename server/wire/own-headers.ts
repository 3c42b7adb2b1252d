// The headers by which a delivery is known. Only the sender of deliveries may write them.

/**
 * The form in which two header names are compared: without case, and with every sign as a dash, because CGI and its heirs
 * read `X_Switchyard_Verified` and `x-switchyard-verified` into one variable.
 */
export function headerKey(name: string): string {
  const lower = name.toLowerCase();
  return /[^a-z0-9-]/.test(lower) ? lower.replaceAll(/[^a-z0-9]/g, "-") : lower;
}

const SIGNED = new Set(["webhook-id", "webhook-timestamp", "webhook-signature"]);
const PREFIX = "x-switchyard-";

/** @param key of {@link headerKey} */
export const isOwnHeader = (key: string) => key.startsWith(PREFIX) || SIGNED.has(key);
