// A rule tried on the last week: its detector runs over what the rollups still know of that time.
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Ctx } from "#server/auth/ctx.ts";
import { IssueRules, wholeRules } from "#server/contracts/issue-rules.ts";
import type { RuleTrial, TriedKind, TryIssueRule } from "#server/contracts/rule-trial.ts";
import { parseInput } from "#server/errors/field-issues.ts";
import { judgeBacklog } from "#server/issues/backlog.ts";
import { judgeConnection } from "#server/issues/connection-failing.ts";
import { barsOf, DAY_MS, HOUR_MS } from "#server/issues/finding.ts";
import {
  MAX_PAST_MINUTES,
  MAX_PAST_SUBJECTS,
  type PastBranch,
  type PastDoor,
  type PastQuiet,
  type PastSample,
  pastBranches,
  pastDoors,
  pastQuiet,
  pastSamples,
  pastUses,
} from "#server/issues/past.sql.ts";
import { countBacklogs, countOpenings, countSilences } from "#server/issues/past.ts";
import { judgeSignatures } from "#server/issues/signature-failures.ts";
import { judgeTransformation } from "#server/issues/transform-errors.ts";

const SPAN_MS = 7 * DAY_MS;
/** A rhythm is learnt from the week before. */
const LEARNT_MS = 7 * DAY_MS;

interface Tried {
  /** Of each subject. */
  opened: number[];
  isAtLeast: boolean;
}
interface Trial<Kind extends TriedKind = TriedKind> {
  ctx: Ctx;
  rule: IssueRules[Kind];
  fromMs: number;
  toMs: number;
}

/** Runs a detector over one subject after another, and lets others have the thread in between. */
async function each<T>(
  subjects: Map<string, T[]>,
  mutedIds: readonly string[],
  count: (rows: T[], id: string) => number,
): Promise<number[]> {
  const opened: number[] = [];
  for (const [id, rows] of subjects) {
    if (mutedIds.includes(id)) continue;
    opened.push(count(rows, id));
    await nextTurn();
  }
  return opened;
}

const isAtLeast = (rows: readonly { subjects: number }[]) =>
  rows.length >= MAX_PAST_MINUTES || (rows[0]?.subjects ?? 0) > MAX_PAST_SUBJECTS;

const atMsOf = <T extends { bucket: Date }>(row: T) => ({ ...row, atMs: row.bucket.getTime() });

const branchesOf = ({ ctx, fromMs }: Trial) =>
  ctx.app.searches.run<PastBranch>(ctx, pastBranches(ctx.teamId, new Date(fromMs - HOUR_MS)));

async function tryConnections(trial: Trial<"connection_failing">): Promise<Tried> {
  const { rule, ...span } = trial;
  const rows = await branchesOf(trial);
  const byConnection = Map.groupBy(rows.map(atMsOf), ({ connection_id }) => connection_id);
  const opened = await each(byConnection, rule.muted_ids, (minutes) =>
    countOpenings(minutes, {
      span,
      isBad: ({ attempts, delivered, failed }) => attempts > delivered || failed > 0,
      judge: (window, live, nowMs) => judgeConnection(window, "", rule, live?.lastAtMs ?? null, nowMs),
    }),
  );
  return { opened, isAtLeast: isAtLeast(rows) };
}

/** As connections use transformations today. */
async function tryTransformations(trial: Trial<"transform_errors">): Promise<Tried> {
  const { ctx, rule, ...span } = trial;
  const uses = await ctx.app.searches.run<{ connection_id: string; transformation_id: string }>(
    ctx,
    pastUses(ctx.teamId),
  );
  const used = new Map(uses.map(({ connection_id, transformation_id }) => [connection_id, transformation_id]));
  const rows = await branchesOf(trial);
  const minutes = new Map<string, { atMs: number; id: string; errors: number; runs: number }>();
  for (const { connection_id, bucket, transform_errors, runs } of rows) {
    const id = used.get(connection_id);
    if (id === undefined) continue;
    const atMs = bucket.getTime();
    const before = minutes.get(`${id} ${atMs}`) ?? { errors: 0, runs: 0 };
    const sums = { errors: before.errors + transform_errors, runs: before.runs + runs };
    minutes.set(`${id} ${atMs}`, { atMs, id, ...sums });
  }
  const code = { version: 1, savedAtMs: 0, connectionIds: [] };
  const byTransformation = Map.groupBy(minutes.values(), ({ id }) => id);
  const opened = await each(byTransformation, rule.muted_ids, (all) =>
    countOpenings(all, {
      span,
      isBad: ({ errors }) => errors > 0,
      judge: (window, live, nowMs) => judgeTransformation(window, code, rule, live?.lastAtMs ?? null, nowMs),
    }),
  );
  return { opened, isAtLeast: isAtLeast(rows) };
}

async function trySignatures({ ctx, rule, ...span }: Trial<"signature_failures">): Promise<Tried> {
  const from = new Date(span.fromMs - HOUR_MS);
  const rows = await ctx.app.searches.run<PastDoor>(ctx, pastDoors(ctx.teamId, from));
  const minutes = rows.map((row) => ({ ...atMsOf(row), signatureFailures: row.signature_failures }));
  const bySource = Map.groupBy(minutes, ({ source_id }) => source_id);
  const opened = await each(bySource, rule.muted_ids, (all) =>
    countOpenings(all, {
      span,
      isBad: ({ signatureFailures }) => signatureFailures > 0,
      judge: (window, live, nowMs) => judgeSignatures(window, rule, live?.lastAtMs ?? null, nowMs),
    }),
  );
  return { opened, isAtLeast: isAtLeast(rows) };
}

async function trySilences({ ctx, rule, fromMs, toMs }: Trial<"source_silent">): Promise<Tried> {
  const statement = pastQuiet(ctx.teamId, new Date(fromMs - LEARNT_MS), new Date(toMs));
  const rows = await ctx.app.searches.run<PastQuiet>(ctx, statement);
  const bySource = Map.groupBy(rows, ({ source_id }) => source_id);
  const opened = await each(bySource, rule.muted_ids, (hours) => {
    const gaps = hours.map(({ hour, ms, start, seen }) => ({
      hourMs: hour.getTime(),
      ms,
      startMs: start.getTime(),
      seen,
    }));
    return countSilences(gaps, rule.factor, fromMs);
  });
  return { opened, isAtLeast: (rows[0]?.sources ?? 0) > MAX_PAST_SUBJECTS };
}

const NO_BARS = barsOf([], 0, { good: () => 0, bad: () => 0 });

async function tryBacklogs({ ctx, rule, fromMs }: Trial<"backlog">): Promise<Tried> {
  // Below a third of the threshold an issue ends.
  const statement = pastSamples(ctx.teamId, new Date(fromMs), rule.late_ms / 3);
  const rows = await ctx.app.searches.run<PastSample>(ctx, statement);
  const byDestination = Map.groupBy(rows.map(atMsOf), ({ destination_id }) => destination_id);
  const opened = await each(byDestination, rule.muted_ids, (samples) =>
    countBacklogs(
      samples.map(({ atMs, late_ms }) => ({ atMs, lateMs: late_ms })),
      (lateMs, isOpen, nowMs) =>
        judgeBacklog({ firstDueAtMs: nowMs - lateMs, waiting: 0, bars: NO_BARS }, rule, isOpen, nowMs),
    ),
  );
  return { opened, isAtLeast: isAtLeast(rows) };
}

type Tries = { [Kind in TriedKind]: (trial: Trial<Kind>) => Promise<Tried> };
const TRIES: Tries = {
  connection_failing: tryConnections,
  transform_errors: tryTransformations,
  signature_failures: trySignatures,
  source_silent: trySilences,
  backlog: tryBacklogs,
};

async function run<Kind extends TriedKind>(kind: Kind, trial: Omit<Trial, "rule">, rules: IssueRules): Promise<Tried> {
  return TRIES[kind]({ ...trial, rule: rules[kind] });
}

/** Says how often a rule would have opened an issue in the last seven days, with numbers that need not be saved. */
export async function tryIssueRule(ctx: Ctx, { kind, ...draft }: TryIssueRule): Promise<RuleTrial> {
  const where = { team_id: ctx.teamId };
  const row = await ctx.app.db.issueRules.findFirst({ where, select: { rules: true } });
  const saved = wholeRules((row?.rules ?? {}) as object);
  const given = Object.entries(draft).filter(([, value]) => value !== undefined);
  // A number that the kind does not have is refused as a change would be.
  const rules = parseInput(IssueRules, { ...saved, [kind]: { ...saved[kind], ...Object.fromEntries(given) } });
  const toMs = ctx.app.now().getTime();
  const fromMs = toMs - SPAN_MS;
  const { opened, isAtLeast: is_at_least } = await run(kind, { ctx, fromMs, toMs }, rules);
  return {
    kind,
    opened: opened.reduce((sum, count) => sum + count, 0),
    is_at_least,
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
  };
}
