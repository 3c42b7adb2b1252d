// Warnings about a connection that is valid but will not do what its owner means: a rule can match nothing, or reads a
// place that no request has.
import type { Ctx } from "#server/auth/ctx.ts";
import type { SavedConnection } from "#server/contracts/connection.ts";
import type { DeduplicateRule, FilterRule, Rule, TransformRule } from "#server/contracts/rule.ts";
import type { SourceConfig, SourceType } from "#server/contracts/source.ts";
import type { TransformRequest } from "#server/contracts/transformation.ts";
import { AppError } from "#server/errors/app-error.ts";
import { maskedHeaders } from "#server/providers/sent-secrets.ts";
import { closestPath, fieldPathsMissing, filterPathsMissing } from "#server/rules/missing-path.ts";
import { filterDoubts } from "#server/rules/unmatchable.ts";
import { findRecentRuleRequests } from "./stored-request.ts";
import { findRunnable } from "./transformations.ts";

type Warnings = SavedConnection["warnings"];
type Placed<R extends Rule> = { rule: R; place: string };

/**
 * Judges the rules on the newest accepted requests of the source. Without any, only rules that can match nothing are told.
 */
export async function connectionWarnings(
  ctx: Ctx,
  { source_id, rules }: { source_id: string; rules: readonly Rule[] },
): Promise<Warnings> {
  const deduplicate = find(rules, "deduplicate");
  const transform = find(rules, "transform");
  const filter = find(rules, "filter");
  if (!deduplicate && !filter) return [];
  const [requests, masked] = await Promise.all([findRecentRuleRequests(ctx, source_id), maskedOf(ctx, source_id)]);
  const doubts = filter ? filterDoubts(filter.rule).map((doubt) => at(filter.place, doubt.path, doubt.message)) : [];
  return [
    ...ofMasked(masked, deduplicate, filter),
    ...(deduplicate ? ofDeduplicate(deduplicate, requests) : []),
    ...doubts,
    ...(filter ? await ofFilter(ctx, filter, transform, requests, new Set(doubts.map(({ path }) => path))) : []),
  ];
}

function find<T extends Rule["type"]>(rules: readonly Rule[], type: T) {
  const index = rules.findIndex((rule) => rule.type === type);
  const rule = rules[index] as Extract<Rule, { type: T }> | undefined;
  return rule && { rule, place: `rules[${index}]` };
}

const at = (place: string, path: string, message: string) => ({ path: `${place}.${path}`, message });

function hintOf(path: string, requests: TransformRequest[]): string {
  const closest = requests.map((request) => closestPath(path, request)).find((found) => found !== null);
  return closest ? ` Did you mean ${closest}?` : " Check its spelling.";
}

async function maskedOf(ctx: Ctx, sourceId: string): Promise<Set<string>> {
  const row = await ctx.app.db.source.findFirst({
    where: { team_id: ctx.teamId, id: sourceId },
    select: { type: true, config: true },
  });
  const { auth_type, auth } = (row?.config ?? { auth_type: "NONE", auth: {} }) as SourceConfig;
  return maskedHeaders(auth_type, auth, row?.type as SourceType | undefined);
}

/** Rules see what is stored. */
function ofMasked(
  masked: ReadonlySet<string>,
  deduplicate: Placed<DeduplicateRule> | undefined,
  filter: Placed<FilterRule> | undefined,
): Warnings {
  const isMasked = (name: string) => masked.has(name.toLowerCase());
  const tell = (place: string, path: string, name: string) =>
    at(
      place,
      path,
      `The value of ${name} is masked before a request is stored, so rules see *** in all of them: use another field.`,
    );
  const fields = deduplicate?.rule.include_fields ?? [];
  const headers = filter?.rule.headers;
  const names = headers && typeof headers === "object" && !Array.isArray(headers) ? Object.keys(headers) : [];
  return [
    ...fields.flatMap((path, index) =>
      deduplicate && path.startsWith("headers.") && isMasked(path.slice(8))
        ? [tell(deduplicate.place, `include_fields[${index}]`, path.slice(8))]
        : [],
    ),
    ...names.flatMap((name) => (filter && isMasked(name) ? [tell(filter.place, `headers.${name}`, name)] : [])),
  ];
}

function ofDeduplicate({ rule, place }: Placed<DeduplicateRule>, requests: TransformRequest[]): Warnings {
  const field = rule.include_fields ? "include_fields" : "exclude_fields";
  const paths = rule[field] ?? [];
  return fieldPathsMissing(paths, requests).map((path) => {
    const effect = rule.include_fields
      ? "a request without any of its fields is never a duplicate"
      : "leaving it out changes nothing";
    const message = `None of the source's ${requests.length} newest requests has ${path}: ${effect}.${hintOf(path, requests)}`;
    return at(place, `${field}[${paths.indexOf(path)}]`, message);
  });
}

async function ofFilter(
  ctx: Ctx,
  { rule, place }: Placed<FilterRule>,
  transform: Placed<TransformRule> | undefined,
  requests: TransformRequest[],
  told: ReadonlySet<string>,
): Promise<Warnings> {
  const [newest] = requests;
  if (!newest) return [];
  if (transform) return ofTransformed(ctx, { rule, place }, transform, newest);
  const missing = requests.map((request) => filterPathsMissing(rule, request));
  const always = missing[0]?.filter((path) => missing.every((paths) => paths.includes(path))) ?? [];
  return always
    .filter((path) => !told.has(`${place}.${path}`))
    .map((path) => {
      const message = `The filter reads ${path}, which none of the source's ${requests.length} newest requests has: it would ignore them all.${hintOf(path, requests)}`;
      return at(place, path, message);
    });
}

async function ofTransformed(
  ctx: Ctx,
  { rule, place }: Placed<FilterRule>,
  transform: Placed<TransformRule>,
  request: TransformRequest,
): Promise<Warnings> {
  const unusable = (message: string) => [at(transform.place, "transformation_id", message)];
  // The rules are saved already: code that cannot run is a warning.
  const runnable = await findRunnable(ctx, transform.rule.transformation_id).catch((error: unknown) => {
    if (error instanceof AppError) return error.message;
    throw error;
  });
  if (typeof runnable === "string") return unusable(runnable);
  const result = await ctx.app.sandbox.run({ teamId: ctx.teamId, ...runnable, request, signal: ctx.signal });
  if (result.kind === "failed") {
    const message = `The transformation fails on the source's newest request, which would be ignored: ${result.error.message}`;
    return unusable(message);
  }
  return filterPathsMissing(rule, result.request).map((path) =>
    at(
      place,
      path,
      `The filter reads ${path}, which the transform's output for the source's newest request lacks: the filter sees the request after the transform and would ignore it. Filter on a field that the transform keeps, or keep ${path} in the transform.`,
    ),
  );
}
