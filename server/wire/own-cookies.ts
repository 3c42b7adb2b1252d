// The dashboard's own cookies. Browsers send them with everything on this host, also to a source whose URL a person opened: they
// go no further than the dashboard.

/** The start of the name of each. */
export const OWN_COOKIES = "switchyard.";

/** The value of a `cookie` header without our own; undefined when nothing is left of it. */
export function withoutOwnCookies(value: string): string | undefined {
  if (!value.includes(OWN_COOKIES)) return value;
  const others = value.split(";").filter((pair) => !pair.trim().startsWith(OWN_COOKIES));
  return others.length > 0 ? others.join(";").trim() : undefined;
}

/** Whether a header may hold one; `name` in any case. */
export const isCookieHeader = (name: string): boolean => name.length === 6 && name.toLowerCase() === "cookie";
