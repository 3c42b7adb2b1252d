import { z } from "zod";

/** A record whose entries are only looked at when there are at most `maxKeys`. */
export function smallRecord<K extends z.core.$ZodRecordKey, V extends z.core.SomeType>(
  key: K,
  value: V,
  maxKeys: number,
): z.ZodType<z.output<z.ZodRecord<K, V>>, z.input<z.ZodRecord<K, V>>> {
  const checked = z.preprocess(
    (input, ctx) => {
      const isLarge = typeof input === "object" && input !== null && Object.keys(input).length > maxKeys;
      if (!isLarge) return input;
      ctx.addIssue({ code: "custom", message: `Give at most ${maxKeys} keys.` });
      return z.NEVER;
    },
    z.record(key, value),
  );
  return checked as z.ZodType<z.output<z.ZodRecord<K, V>>, z.input<z.ZodRecord<K, V>>>;
}
