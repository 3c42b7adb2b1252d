// The lines that went and those that came between two texts.

export interface DiffRow {
  kind: "same" | "del" | "add";
  text: string;
  /** The line's number in each text, from 1; undefined where it is not in it. */
  before: number | undefined;
  after: number | undefined;
}

/** More pairs of lines than this are not compared one by one: the middle is shown as replaced. About 30 ms of work. */
const MAX_PAIRS = 2_000_000;

/** The rows of a unified diff. What is the same at both ends is found first, so that one edit in a long text is cheap. */
export function diffLines(before: readonly string[], after: readonly string[]): DiffRow[] {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;

  const gone = before.slice(head, before.length - tail);
  const come = after.slice(head, after.length - tail);
  const rows: DiffRow[] = [];
  const counts = { before: 0, after: 0 };
  const push = (kind: DiffRow["kind"], text: string) => {
    if (kind !== "add") counts.before += 1;
    if (kind !== "del") counts.after += 1;
    rows.push({
      kind,
      text,
      before: kind === "add" ? undefined : counts.before,
      after: kind === "del" ? undefined : counts.after,
    });
  };
  for (const text of before.slice(0, head)) push("same", text);
  for (const { kind, text } of diffMiddle(gone, come)) push(kind, text);
  for (const text of before.slice(before.length - tail)) push("same", text);
  return rows;
}

type Step = Pick<DiffRow, "kind" | "text">;

/** The longest common subsequence by the table of its lengths; a table that would be too large is not made. */
function diffMiddle(gone: readonly string[], come: readonly string[]): Step[] {
  const width = come.length + 1;
  const dels = gone.map((text): Step => ({ kind: "del", text }));
  const adds = come.map((text): Step => ({ kind: "add", text }));
  if (gone.length === 0 || come.length === 0 || gone.length * come.length > MAX_PAIRS) return [...dels, ...adds];
  const common = new Uint32Array((gone.length + 1) * width);
  const at = (i: number, j: number) => common[i * width + j] ?? 0;
  for (let i = gone.length - 1; i >= 0; i -= 1) {
    for (let j = come.length - 1; j >= 0; j -= 1) {
      common[i * width + j] = gone[i] === come[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const steps: Step[] = [];
  let [i, j] = [0, 0];
  while (i < gone.length && j < come.length) {
    const [text = "", added = ""] = [gone[i], come[j]];
    if (text === added) {
      steps.push({ kind: "same", text });
      i += 1;
      j += 1;
    } else if (at(i + 1, j) >= at(i, j + 1)) {
      steps.push({ kind: "del", text });
      i += 1;
    } else {
      steps.push({ kind: "add", text: added });
      j += 1;
    }
  }
  return [...steps, ...dels.slice(i), ...adds.slice(j)];
}

export interface DiffPair {
  left: DiffRow | undefined;
  right: DiffRow | undefined;
}

/** The rows of a unified diff side by side: what went stands beside what came in its place. */
export function pairRows(rows: readonly DiffRow[]): DiffPair[] {
  const pairs: DiffPair[] = [];
  let [dels, adds]: [DiffRow[], DiffRow[]] = [[], []];
  const flush = () => {
    for (let i = 0; i < Math.max(dels.length, adds.length); i += 1) pairs.push({ left: dels[i], right: adds[i] });
    [dels, adds] = [[], []];
  };
  for (const row of rows) {
    if (row.kind === "del") dels.push(row);
    else if (row.kind === "add") adds.push(row);
    else {
      flush();
      pairs.push({ left: row, right: row });
    }
  }
  flush();
  return pairs;
}
