import { useMemo } from "react";
import type { DryRun } from "#server/contracts/dry-run.ts";

type Kind = "pass" | "stay" | "out" | "in" | "fails";

const FILLS: Record<Kind, string> = {
  pass: "fill-delivered-soft",
  stay: "fill-line",
  out: "fill-ignored-solid",
  in: "fill-delivered-solid",
  fails: "fill-failed-solid",
};

/** What becomes of a request whose letters are these, before and after. */
export function cellKind(was: string, is: string): Kind {
  if (was === is || (was !== "d" && is !== "d" && is !== "e")) return is === "d" ? "pass" : "stay";
  if (is === "d") return "in";
  return is === "e" ? "fails" : "out";
}

const WIDTH = 350;

/** One cell per request, the oldest first. What changes is tall, so that it is seen without its colour. */
export function DryRunCells({ cells, label }: { cells: DryRun["cells"]; label: string }) {
  const { paths, height } = useMemo(() => drawCells(cells), [cells]);
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${height}`}
      width={WIDTH}
      height={height}
      role="img"
      aria-label={label}
      className="block h-auto max-w-full"
    >
      {(Object.keys(FILLS) as Kind[]).map((kind) => (
        <path key={kind} d={paths[kind]} className={FILLS[kind]} />
      ))}
    </svg>
  );
}

function drawCells({ present, draft }: DryRun["cells"]) {
  const count = draft.length;
  const rows = count <= 120 ? 2 : count <= 400 ? 3 : 4;
  const perRow = Math.max(Math.ceil(count / rows), 1);
  const step = Math.min(WIDTH / perRow, 8);
  const width = Math.max(step - (step > 4 ? 1.5 : 0.5), 0.6);
  const rowHeight = rows === 2 ? 19 : 12;
  const tall = rowHeight - 3;
  const paths: Record<Kind, string> = { pass: "", stay: "", out: "", in: "", fails: "" };
  for (let index = 0; index < count; index += 1) {
    const kind = cellKind(present[index] ?? "d", draft[index] ?? "d");
    const height = kind === "pass" || kind === "stay" ? Math.round(tall * 0.45) : tall;
    const x = (index % perRow) * step;
    const y = Math.floor(index / perRow) * rowHeight + (rowHeight - height) / 2;
    paths[kind] += `M${x.toFixed(2)} ${y}h${width.toFixed(2)}v${height}h-${width.toFixed(2)}z`;
  }
  return { paths, height: rows * rowHeight };
}
