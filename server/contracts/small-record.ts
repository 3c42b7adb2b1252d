import { z } from "zod";

function problemOf(keys: string[], maxKeys: number): string | null {
  if (keys.length > maxKeys) return `Give at most ${maxKeys} keys.`;
  // The record would leave it out without a word.
  return keys.includes("__proto__") ? "Leave out the key __proto__: it cannot be stored." : null;
}

/** A record whose entries are only looked at when there are at most `maxKeys`. */
export function smallRecord<K extends z.core.$ZodRecordKey, V extends z.core.SomeType>(
  key: K,
  value: V,
  maxKeys: number,
): z.ZodType<z.output<z.ZodRecord<K, V>>, z.input<z.ZodRecord<K, V>>> {
  const checked = z.preprocess(
    (input, ctx) => {
      const problem = typeof input === "object" && input !== null ? problemOf(Object.keys(input), maxKeys) : null;
      if (problem === null) return input;
      ctx.addIssue({ code: "custom", message: problem });
      return z.NEVER;
    },
    z.record(key, value),
  );
  return checked as z.ZodType<z.output<z.ZodRecord<K, V>>, z.input<z.ZodRecord<K, V>>>;
}
