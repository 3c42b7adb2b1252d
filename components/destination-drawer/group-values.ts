// The groups of a destination as its form knows them: texts, and back to what the API takes. Pure.
import { numberText, sentNumber } from "#components/resource-form/numbers.ts";
import type { Values } from "#components/resource-form/values.ts";
import type { Groups } from "#server/contracts/groups.ts";

export const groupValues = (groups: Groups | null): Values => ({
  "config.groups.key": groups?.key ?? "",
  "config.groups.rate_limit": numberText(groups?.rate_limit ?? null),
  "config.groups.rate_limit_period": groups?.rate_limit_period ?? "minute",
  "config.groups.concurrency": numberText(groups?.concurrency ?? null),
});

/** Without a key there are no groups. What is set for single values stays as it is. */
export function sentGroups(all: Values): unknown {
  const at = (name: string) => all[`config.groups.${name}`];
  const key = String(at("key") ?? "").trim();
  if (key === "") return null;
  return {
    key,
    rate_limit: sentNumber(at("rate_limit")),
    rate_limit_period: at("rate_limit_period"),
    concurrency: sentNumber(at("concurrency")),
  };
}

export const GROUP_LABELS: Readonly<Record<string, string>> = {
  "config.groups.key": "Group key",
  "config.groups.rate_limit": "Rate limit of a group",
  "config.groups.rate_limit_period": "Period of a group's rate limit",
  "config.groups.concurrency": "At once of a group",
  "config.groups.overrides": "Limits of single groups",
};
