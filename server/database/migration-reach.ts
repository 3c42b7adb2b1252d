// The tables of which a migration goes through every row, by its text: for a sentence before it, so that rough is enough.

const NAME = '(?:"?\\w+"?\\.)?"?(\\w+)"?';
const COMMENT = /--[^\n]*/g;
const TEXT = /'(?:[^']|'')*'/g;
/** The body of a function runs later; that of a `do` runs now, as one statement. */
const BODY = /(?<do>\bdo\s+(?:language\s+\w+\s+)?)?(?<quote>\$\w*\$)[\s\S]*?\k<quote>/gi;
const CREATED = new RegExp(`^create\\s+(?:unlogged\\s+)?table\\s+(?:if\\s+not\\s+exists\\s+)?${NAME}`, "i");
const INDEXED = new RegExp(`^create\\s+(?:unique\\s+)?index\\b[^(]*?\\bon\\s+(?:only\\s+)?${NAME}`, "i");
const ALTERED = new RegExp(`^alter\\s+table\\s+(?:if\\s+exists\\s+)?(?:only\\s+)?${NAME}`, "i");
/** Up to the comma before the next part of an `alter table`. */
const PART = "(?:\\((?:[^()]|\\([^()]*\\))*\\)|[^,(])*?";
/** Parts for which Postgres reads no row. */
const UNREAD = new RegExp(`\\badd\\s+constraint\\b${PART}\\b(?:not\\s+valid|using\\s+index)\\b`, "gi");
/** Parts for which it reads or writes every row. */
const ADDED = new RegExp(
  `\\badd\\b${PART}\\b(?:check|foreign\\s+key|primary\\s+key|unique|exclude|(?:small|big)?serial)\\b`,
  "i",
);
const READ =
  /\bset\s+not\s+null\b|\bvalidate\s+constraint\b|\balter\s+(?:column\s+)?\S+\s+(?:set\s+data\s+)?type\b|\bstored\b|\bdefault\s+(?:gen_random_uuid|clock_timestamp|random|nextval)\b/i;
const WORKED_ON = /^(?:update|delete|insert|with|select|do)\b/i;
const SOURCE = new RegExp(`\\b(?:from|join|update|using)\\s+(?:only\\s+)?${NAME}`, "gi");

const first = (pattern: RegExp, statement: string): string[] => {
  const found = pattern.exec(statement)?.[1];
  return found === undefined ? [] : [found];
};

function tablesOf(statement: string): string[] {
  if (WORKED_ON.test(statement)) return [...statement.matchAll(SOURCE)].flatMap(([, name]) => name ?? []);
  const parts = statement.replace(UNREAD, "");
  const altered = READ.test(parts) || ADDED.test(parts) ? first(ALTERED, statement) : [];
  return [...first(INDEXED, statement), ...altered];
}

/**
 * Names of the tables of which `sql` reads or writes every row, sorted, without those that it creates. Some may be no
 * tables: whoever asks knows which there are. What its functions read is not seen. Pure.
 */
export function tablesReadBy(sql: string): string[] {
  const statements = sql
    .replace(COMMENT, "")
    .replace(BODY, (body, isDone?: string) => (isDone === undefined ? "" : body.replaceAll(";", " ")))
    .replace(TEXT, "''")
    .split(";")
    .map((statement) => statement.trim());
  const created = new Set(statements.flatMap((statement) => first(CREATED, statement)));
  return [...new Set(statements.flatMap(tablesOf))].filter((name) => !created.has(name)).sort();
}
