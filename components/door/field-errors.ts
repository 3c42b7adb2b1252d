import type { Refused } from "./use-form.ts";

/** The library names a field as `[body.email]`; the sentence is ours. */
const NAMED = /\[body\.(\w+)\] ([^[]+)/g;

/** The refusal at its fields; what names none stands at the last. */
export function fieldErrors<F extends string>(
  refused: Refused | undefined,
  fields: readonly F[],
): Partial<Record<F, string>> {
  if (!refused) return {};
  const named = [...refused.message.matchAll(NAMED)].flatMap(([, field, sentence]) => {
    const known = fields.find((each) => each === field);
    return known && sentence ? [[known, sentence.trim().replace(/;$/, "")] as const] : [];
  });
  const last = fields.at(-1);
  if (named.length === 0 && last !== undefined) return { [last]: refused.message } as Partial<Record<F, string>>;
  return Object.fromEntries(named) as Partial<Record<F, string>>;
}
