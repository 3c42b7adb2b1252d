import { z } from "zod";
import type { SourceProvider } from "#server/providers/provider.ts";

/** The fields of `config.auth` that an owner fills, without those that a rotation does. */
export function authFieldNames({ settings, rotation }: SourceProvider): string[] {
  const names = Object.keys((settings as unknown as z.ZodObject).shape);
  return names.filter((name) => name !== rotation?.previous && name !== "ended_secret");
}

/** The words that fields take which take a few only, by the field's name. */
export function authChoices({ settings }: SourceProvider): Record<string, readonly string[]> {
  const fields = Object.entries((settings as unknown as z.ZodObject).shape);
  return Object.fromEntries(
    fields.flatMap(([name, field]) => {
      const inner = field instanceof z.ZodOptional ? field.unwrap() : field;
      return inner instanceof z.ZodEnum ? [[name, inner.options.map(String)]] : [];
    }),
  );
}
