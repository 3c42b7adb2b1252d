// The files that are written from the list of providers: the names and tiles that contracts and every page use, the forms that only the
// source's drawer loads, and the README's table.
import { providersByAuthType, sourceProviders } from "#server/providers/list.ts";
import type { FieldWords, SourceProvider } from "#server/providers/provider.ts";
import { authChoices, authFieldNames } from "./auth-field-names.ts";

const types = Object.keys(sourceProviders).sort() as (keyof typeof sourceProviders)[];
const byTitle = types.toSorted((a, b) => sourceProviders[a].title.localeCompare(sourceProviders[b].title, "en"));

const WRITTEN = "// Written by `npm run providers` from server/providers/list.ts.";

/** @returns the file by its path: the whole of it */
export function providerFiles(): Record<string, string> {
  return {
    "server/contracts/provider-rows.ts": rowsFile(),
    "components/source-drawer/provider-forms.ts": formsFile(),
  };
}

function rowsFile(): string {
  const rows = types.map((type) => {
    const { title, tile, isConfirmed } = sourceProviders[type];
    return `  ${type}: ${JSON.stringify([title, tile, ...(isConfirmed ? [] : ["unconfirmed"])])},`;
  });
  return [WRITTEN, "export const PROVIDER_ROWS = {", ...rows, "} as const;", ""].join("\n");
}

function formsFile(): string {
  const rows = [...types, "STANDARD_WEBHOOKS" as const].map((type) => `  ${type}: ${JSON.stringify(formOf(type))},`);
  const head = [
    WRITTEN,
    'import type { ProviderType } from "#server/contracts/provider.ts";',
    'import type { ProviderForm } from "./provider-form.ts";',
    "",
    'export const PROVIDER_FORMS: Record<ProviderType | "STANDARD_WEBHOOKS", ProviderForm> = {',
  ];
  return [...head, ...rows, "};", ""].join("\n");
}

function formOf(type: keyof typeof providersByAuthType) {
  const provider: SourceProvider = providersByAuthType[type];
  const { about, docs, rotation, fieldWords = {} } = provider;
  const fields = authFieldNames(provider).map((name): [string, ...string[]] => [name, ...wordsOf(fieldWords[name])]);
  const choices = authChoices(provider);
  const chosen = Object.keys(choices).length === 0 ? {} : { choices };
  return {
    about,
    docs,
    fields,
    ...chosen,
    secretBy: rotation === null ? null : rotation.made === null ? "sender" : "us",
  };
}

const wordsOf = (words: FieldWords | undefined): string[] =>
  words ? [words.label, ...(words.help ? [words.help] : [])] : [];

/** The table of the README, between its two marks. */
function readmeTable(): string {
  const rows = byTitle.map((type) => {
    const { title, about, docs, isConfirmed } = sourceProviders[type];
    return [`[${title}](${docs})`, `\`${type}\``, `${about}${isConfirmed ? "" : " (unconfirmed)"}`];
  });
  return aligned([["Provider", "type", "Proof"], ...rows]);
}

/** A table in columns of one width, as the formatter writes it. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const [head = [], ...body] = rows.map(line);
  return [head, `| ${widths.map((width) => "-".repeat(width)).join(" | ")} |`, ...body].join("\n");
}

const TABLE = /(<!-- providers -->\n\n)[\s\S]*?(\n\n<!-- \/providers -->)/;

export const withTable = (readme: string): string =>
  readme.replace(TABLE, (_all, before: string, after: string) => before + readmeTable() + after);
