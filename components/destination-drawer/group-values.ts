// The groups of a destination as its form knows them: texts, and back to what the API takes. Pure.
import { numberText, sentNumber } from "#components/resource-form/numbers.ts";
import type { Values } from "#components/resource-form/values.ts";
import type { Groups } from "#server/contracts/groups.ts";

/** What is set for the group with one value. An empty text stands for what all groups have. */
export interface GroupRow {
  value: string;
  rate_limit: string;
  rate_limit_period: string;
  concurrency: string;
  paused: boolean;
}

/** As a limit it says that there is none. */
const NO_LIMIT = "any";
/** The period of all groups. */
export const SAME_PERIOD = "same";

export const newGroupRow: GroupRow = {
  value: "",
  rate_limit: "",
  rate_limit_period: SAME_PERIOD,
  concurrency: "",
  paused: false,
};

type Override = Groups["overrides"][string];

const limitText = (limit: number | null | undefined) =>
  limit === undefined ? "" : limit === null ? NO_LIMIT : String(limit);

const toRow = ([value, own]: [string, Override]): GroupRow => ({
  value,
  rate_limit: limitText(own.rate_limit),
  rate_limit_period: own.rate_limit_period ?? SAME_PERIOD,
  concurrency: limitText(own.concurrency),
  paused: own.paused === true,
});

const sentLimit = (text: string) => (text.trim().toLowerCase() === NO_LIMIT ? null : sentNumber(text));

const toOverride = (row: GroupRow) => ({
  ...(row.rate_limit.trim() !== "" && { rate_limit: sentLimit(row.rate_limit) }),
  ...(row.rate_limit_period !== SAME_PERIOD && { rate_limit_period: row.rate_limit_period }),
  ...(row.concurrency.trim() !== "" && { concurrency: sentLimit(row.concurrency) }),
  ...(row.paused && { paused: true }),
});

/** The rows without one of them. A group that is paused stays so, without limits of its own. */
export const withoutRow = (rows: readonly GroupRow[], at: number): GroupRow[] =>
  rows.flatMap((row, index) => {
    if (index !== at) return [row];
    return row.paused ? [{ ...newGroupRow, value: row.value, paused: true }] : [];
  });

/** A value that several rows have: of those the last would count. */
export const doubledValue = (rows: readonly GroupRow[]): string | undefined =>
  rows.find(({ value }, at) => rows.findIndex((row) => row.value === value) !== at)?.value;

/** `acme: 5 a minute, 2 at once; free: any rate` */
export function overrideWords(rows: readonly GroupRow[]): string {
  const words = rows.map((row) => {
    const period =
      row.rate_limit_period === SAME_PERIOD
        ? ""
        : ` ${row.rate_limit_period === "hour" ? "an" : "a"} ${row.rate_limit_period}`;
    const parts = [
      ...(row.rate_limit === "" && period === "" ? [] : [`${row.rate_limit || "as many"}${period}`]),
      ...(row.concurrency === "" ? [] : [`${row.concurrency} at once`]),
      ...(row.paused ? ["paused"] : []),
    ];
    return `${row.value || "without the value"}: ${parts.join(", ") || "as all groups"}`;
  });
  return words.join("; ") || "none";
}

export const groupValues = (groups: Groups | null): Values => ({
  "config.groups.key": groups?.key ?? "",
  "config.groups.rate_limit": numberText(groups?.rate_limit ?? null),
  "config.groups.rate_limit_period": groups?.rate_limit_period ?? "minute",
  "config.groups.concurrency": numberText(groups?.concurrency ?? null),
  "config.groups.overrides": Object.entries(groups?.overrides ?? {}).map(toRow),
});

/** Without a key there are no groups. */
export function sentGroups(all: Values): unknown {
  const at = (name: string) => all[`config.groups.${name}`];
  const key = String(at("key") ?? "").trim();
  if (key === "") return null;
  return {
    key,
    rate_limit: sentNumber(at("rate_limit")),
    rate_limit_period: at("rate_limit_period"),
    concurrency: sentNumber(at("concurrency")),
    overrides: Object.fromEntries(((at("overrides") ?? []) as GroupRow[]).map((row) => [row.value, toOverride(row)])),
  };
}

export const GROUP_LABELS: Readonly<Record<string, string>> = {
  "config.groups.key": "Group key",
  "config.groups.rate_limit": "Rate limit of a group",
  "config.groups.rate_limit_period": "Period of a group's rate limit",
  "config.groups.concurrency": "At once of a group",
  "config.groups.overrides": "Limits of single groups",
};
