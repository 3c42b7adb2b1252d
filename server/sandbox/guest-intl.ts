import type { Border } from "./guest-border.ts";

export function installIntl({ ask, define }: Border) {
  const time = (value: unknown) => Number(value === undefined ? Date.now() : value);
  const same = (value: unknown) => value;

  function formatter(kind: string, methods: string[], bound: string | null, convert: (value: unknown) => unknown) {
    return class {
      constructor(locales: unknown, options: unknown) {
        const known = [locales ?? null, options ?? null];
        ask(
          "intl",
          kind,
          ...known,
          methods[0],
          kind === "ListFormat" ? [[]] : kind === "RelativeTimeFormat" ? [0, "day"] : [0, 0],
        );
        for (const method of methods) {
          const call = (...args: unknown[]) => {
            const given = bound === "format" && kind === "DateTimeFormat" && args.length === 0 ? [undefined] : args;
            return ask("intl", kind, ...known, method, given.map(convert));
          };
          define(this, method, call);
        }
      }
    };
  }
  const formatters = {
    DateTimeFormat: formatter(
      "DateTimeFormat",
      ["format", "formatToParts", "formatRange", "resolvedOptions"],
      "format",
      time,
    ),
    NumberFormat: formatter("NumberFormat", ["format", "formatToParts", "resolvedOptions"], null, (value) =>
      Number(value),
    ),
    PluralRules: formatter("PluralRules", ["select", "resolvedOptions"], null, same),
    RelativeTimeFormat: formatter("RelativeTimeFormat", ["format", "resolvedOptions"], null, same),
    ListFormat: formatter("ListFormat", ["format"], null, same),
    Collator: formatter("Collator", ["compare", "resolvedOptions"], null, same),
  };
  define(globalThis, "Intl", formatters);
  for (const name of ["toLocaleString", "toLocaleDateString", "toLocaleTimeString"]) {
    define(Date.prototype, name, function (this: Date, locales?: unknown, options?: unknown) {
      return ask("intl", "Date", locales ?? null, options ?? null, name, [this.getTime()]);
    });
  }
  define(Number.prototype, "toLocaleString", function (this: number, locales?: unknown, options?: unknown) {
    return ask("intl", "NumberFormat", locales ?? null, options ?? null, "format", [Number(this)]);
  });
}
