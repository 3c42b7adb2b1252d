import type { z } from "zod";
import type { SourceProvider } from "#server/providers/provider.ts";

/** The fields of `config.auth` that an owner fills, without those that a rotation does. */
export function authFieldNames({ settings, rotation }: SourceProvider): string[] {
  const names = Object.keys((settings as unknown as z.ZodObject).shape);
  return names.filter((name) => name !== rotation?.previous && name !== "ended_secret");
}
