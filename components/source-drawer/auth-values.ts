// The auth of a source as its form holds it: texts by field. Pure.
import type { SourceAuthType } from "#server/contracts/source.ts";
import { AUTH_FORMS } from "./auth-fields.ts";

/** What was typed, by the name of the field; undefined leaves it as it is saved. */
export type AuthValues = Readonly<Record<string, string | undefined>>;

/** What the API takes: an emptied field is cleared, digits are a number, and a secret that was not typed stays away. */
export function writeAuth(authType: SourceAuthType, values: AuthValues): Record<string, unknown> {
  const entries = AUTH_FORMS[authType].fields.flatMap(({ name, kind }): [string, unknown][] => {
    const value = values[name];
    if (value === undefined) return [];
    if (kind === "secret") return [[name, value]];
    if (value.trim() === "") return [[name, null]];
    // What is no number goes as it is, so that the server names the field.
    return [[name, kind === "seconds" && /^\d+$/.test(value.trim()) ? Number(value) : value.trim()]];
  });
  return Object.fromEntries(entries);
}
