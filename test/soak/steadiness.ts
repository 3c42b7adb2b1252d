// Whether what was measured over and over during a long load stays as it is. Pure.

export interface Sample {
  /** From the beginning of the load. */
  atMs: number;
  /** Resident, by role. */
  memoryMiB: Record<string, number>;
  /** Of the deliveries since the sample before, from the sending of their request to their arrival; null when there was none. */
  latencyMs: { median: number; p99: number } | null;
  tables: TableSample[];
}

export interface TableSample {
  name: string;
  /** With its indexes. */
  bytes: number;
  liveRows: number;
  deadRows: number;
  /** Rows that stay until their retention is over: it grows with what was sent. */
  isHistory: boolean;
}

export interface Finding {
  name: string;
  isMet: boolean;
  sentence: string;
}

export interface Point {
  atMs: number;
  value: number;
}

export const MINUTE_MS = 60_000;
const MAX_MIB_PER_MINUTE = 1;
/** Of the median at the beginning of the line, over the whole time; and what timers and schedulers are off by anyway. */
const MAX_LATENCY_GROWTH = 0.2;
const LATENCY_NOISE_MS = 3;
/** Of the worst cases of a few seconds there are few, and they scatter: half as much again, or so much. */
const MAX_P99_GROWTH = 0.5;
const P99_NOISE_MS = 10;
/**
 * Autovacuum comes at a fifth of a table, and to a database once a minute. A table of work whose rows live for milliseconds
 * has then what died in a minute, which is as much in the second half as in the first.
 */
const MAX_DEAD_SHARE = 0.3;
const DEAD_ROOM = 20_000;
const MAX_DEAD_GROWTH = 0.5;
const MAX_DEAD = 100_000;
/** A row of history takes no more at the end than it did at the half. */
const MAX_BYTES_GROWTH = 0.2;

/** By least squares: how much is gained per minute, and where the line begins and ends. Undefined for fewer than two moments. */
export function fitLine(points: readonly Point[]): { perMinute: number; first: number; last: number } | undefined {
  const count = points.length;
  const meanAt = points.reduce((sum, { atMs }) => sum + atMs, 0) / count;
  const mean = points.reduce((sum, { value }) => sum + value, 0) / count;
  const spread = points.reduce((sum, { atMs }) => sum + (atMs - meanAt) ** 2, 0);
  if (count < 2 || spread === 0) return undefined;
  const perMs = points.reduce((sum, { atMs, value }) => sum + (atMs - meanAt) * (value - mean), 0) / spread;
  const valueAt = (atMs: number) => mean + perMs * (atMs - meanAt);
  const times = points.map(({ atMs }) => atMs);
  return { perMinute: perMs * MINUTE_MS, first: valueAt(Math.min(...times)), last: valueAt(Math.max(...times)) };
}

/** V8 doubles its young space up to a limit, the last time by tens of MiB, and whenever the load asks for it. */
const STEP_MIB = 16;
/** The last doubling of the largest young space there is: semi-spaces of 64 MiB in place of 32, of which V8 has three. */
const MAX_STEP_MIB = 96;
/** The memory on either side of a step is that of a minute. */
const STEP_SAMPLES = 12;

/**
 * The same points with the greatest step taken out of those behind it: one step bends the line through half an hour, and is no
 * slope. Memory that grows in steps again and again keeps the others, and whatever grows steadily has none. No young space takes
 * more than 96 MiB at once: such a step stays.
 */
function withoutOneStep(points: readonly Point[]): Point[] {
  const mean = (part: readonly Point[]) => part.reduce((sum, { value }) => sum + value, 0) / part.length;
  let [at, greatest] = [0, 0];
  for (let i = STEP_SAMPLES; i <= points.length - STEP_SAMPLES; i++) {
    const gained = mean(points.slice(i, i + STEP_SAMPLES)) - mean(points.slice(i - STEP_SAMPLES, i));
    if (gained > greatest) [at, greatest] = [i, gained];
  }
  if (greatest < STEP_MIB || greatest > MAX_STEP_MIB) return [...points];
  return points.map(({ atMs, value }, i) => ({ atMs, value: i < at ? value : value - greatest }));
}

/** @param warmUpMs what was measured before is left out */
export function judgeSteadiness(samples: readonly Sample[], warmUpMs: number): Finding[] {
  const warm = samples.filter(({ atMs }) => atMs >= warmUpMs);
  return [...judgeMemory(warm), ...judgeLatency(warm), ...judgeTables(warm)];
}

const TOO_FEW = "too few samples after the warm-up";
const lacking = (name: string): Finding => ({ name, isMet: false, sentence: TOO_FEW });

/** Each role by itself, and all of them together. */
function judgeMemory(samples: readonly Sample[]): Finding[] {
  const roles = [...new Set(samples.flatMap(({ memoryMiB }) => Object.keys(memoryMiB)))].toSorted();
  const pointsOf = (role: string) =>
    samples.map(({ atMs, memoryMiB }) => ({ atMs, value: memoryMiB[role] ?? Number.NaN }));
  const judged = roles.map((role) => withoutOneStep(pointsOf(role)));
  const sum = (of: readonly Point[][]) =>
    samples.map(({ atMs }, i) => ({
      atMs,
      value: of.reduce((all, points) => all + (points[i]?.value ?? Number.NaN), 0),
    }));
  return [
    ...roles.map((role, i) => judgeGrowth(`memory of ${role}`, pointsOf(role), judged[i] ?? [])),
    judgeGrowth("memory of all roles", sum(roles.map(pointsOf)), sum(judged)),
  ];
}

/** @param judged the points without steps that are no slope */
function judgeGrowth(name: string, points: readonly Point[], judged: readonly Point[]): Finding {
  const line = fitLine(judged);
  const [first, last] = [points[0], points.at(-1)];
  if (!line || !first || !last) return lacking(name);
  return {
    name,
    isMet: line.perMinute < MAX_MIB_PER_MINUTE,
    sentence: `${signed(line.perMinute)} MiB a minute beside one step of ${STEP_MIB} to ${MAX_STEP_MIB} MiB, from ${first.value.toFixed(0)} to ${last.value.toFixed(0)} MiB; less than ${MAX_MIB_PER_MINUTE} is asked for`,
  };
}

function judgeLatency(samples: readonly Sample[]): Finding[] {
  const pointsOf = (which: "median" | "p99") =>
    samples.flatMap(({ atMs, latencyMs }) => (latencyMs ? [{ atMs, value: latencyMs[which] }] : []));
  return [judgeMedian(pointsOf("median")), judgeP99(pointsOf("p99"))];
}

function judgeMedian(points: readonly Point[]): Finding {
  const line = fitLine(points);
  if (!line) return lacking("median latency");
  const room = Math.max(LATENCY_NOISE_MS, MAX_LATENCY_GROWTH * line.first);
  return {
    name: "median latency",
    isMet: line.last - line.first < room,
    sentence: `from ${line.first.toFixed(1)} to ${line.last.toFixed(1)} ms by the line through it; less than ${room.toFixed(1)} ms more is asked for`,
  };
}

/** A stall of the machine bends the line through so few worst cases. The median of a third of them it leaves as it is. */
function judgeP99(points: readonly Point[]): Finding {
  const third = Math.floor(points.length / 3);
  if (third === 0) return lacking("p99 latency");
  const [first, last] = [medianOf(points.slice(0, third)), medianOf(points.slice(-third))];
  const room = Math.max(P99_NOISE_MS, MAX_P99_GROWTH * first);
  return {
    name: "p99 latency",
    isMet: last - first < room,
    sentence: `median of the samples ${first.toFixed(1)} ms in the first third, ${last.toFixed(1)} in the last; less than ${room.toFixed(1)} ms more is asked for`,
  };
}

const medianOf = (points: readonly Point[]): number =>
  points.map(({ value }) => value).toSorted((a, b) => a - b)[Math.floor(points.length / 2)] ?? Number.NaN;

function judgeTables(samples: readonly Sample[]): Finding[] {
  const dead = worstDead(samples);
  if (!dead) return [lacking("dead rows"), lacking("tables of work"), lacking("history")];
  const work = fitLine(samples.map(({ atMs, tables }) => ({ atMs, value: mib(tables, (one) => !one.isHistory) })));
  const history = perRow(samples);
  return [
    {
      name: "dead rows",
      isMet: dead.later <= dead.room,
      sentence: `most in ${dead.name}, beyond ${MAX_DEAD_SHARE} of the live ones: ${whole(dead.earlier)} in the first half, ${whole(dead.later)} in the second; ${whole(dead.room)} are let pass`,
    },
    work
      ? {
          name: "tables of work",
          isMet: work.perMinute < MAX_MIB_PER_MINUTE,
          sentence: `${signed(work.perMinute)} MiB a minute, from ${work.first.toFixed(1)} to ${work.last.toFixed(1)} MiB; less than ${MAX_MIB_PER_MINUTE} is asked for`,
        }
      : lacking("tables of work"),
    history
      ? {
          name: "history",
          isMet: history.later <= history.earlier * (1 + MAX_BYTES_GROWTH),
          sentence: `${whole(history.earlier)} bytes a row in the first half, ${whole(history.later)} in the second; ${100 * MAX_BYTES_GROWTH} % more is let pass`,
        }
      : lacking("history"),
  ];
}

/** The table with the most dead rows for the room that it has. Undefined without two halves. */
function worstDead(samples: readonly Sample[]) {
  const half = Math.floor(samples.length / 2);
  if (half === 0) return undefined;
  const [earlier, later] = [mostDead(samples.slice(0, half)), mostDead(samples.slice(half))];
  return [...later]
    .map(([name, most]) => {
      const before = earlier.get(name) ?? 0;
      const room = Math.min(MAX_DEAD, Math.max(DEAD_ROOM, (1 + MAX_DEAD_GROWTH) * before));
      return { name, earlier: before, later: most, room };
    })
    .toSorted((a, b) => b.later / b.room - a.later / a.room)[0];
}

function mostDead(samples: readonly Sample[]): Map<string, number> {
  const most = new Map<string, number>();
  for (const { name, deadRows, liveRows } of samples.flatMap(({ tables }) => tables)) {
    most.set(name, Math.max(most.get(name) ?? 0, deadRows - MAX_DEAD_SHARE * liveRows));
  }
  return most;
}

const mib = (tables: readonly TableSample[], isIt: (table: TableSample) => boolean) =>
  tables.filter(isIt).reduce((sum, { bytes }) => sum + bytes, 0) / 2 ** 20;

/** What each new row of history took, in the first half of the time and in the second. */
function perRow(samples: readonly Sample[]): { earlier: number; later: number } | undefined {
  const of = (sample: Sample | undefined) => {
    const history = sample?.tables.filter(({ isHistory }) => isHistory) ?? [];
    return {
      bytes: history.reduce((sum, { bytes }) => sum + bytes, 0),
      rows: history.reduce((sum, { liveRows }) => sum + liveRows, 0),
    };
  };
  const [first, half, last] = [of(samples[0]), of(samples[Math.floor(samples.length / 2)]), of(samples.at(-1))];
  if (half.rows <= first.rows || last.rows <= half.rows) return undefined;
  const each = (a: typeof first, b: typeof first) => (b.bytes - a.bytes) / (b.rows - a.rows);
  return { earlier: each(first, half), later: each(half, last) };
}

const signed = (value: number) => `${value < 0 ? "" : "+"}${value.toFixed(2)}`;
const whole = (value: number) => Math.round(value).toLocaleString("en-US");
