// The drawing beside the doors: what the product does, sources to the left, destinations to the right.
const ROWS = 12;
const rowY = (row: number) => 90 + row * 60;
const ENDS = [240, 420, 600] as const;
/** The row that is lit, and the end that its light comes from. */
const LIT = { row: 4, end: 1 };
const LABELS = [40, 57, 74, 51, 68, 45, 62, 79, 56, 73, 50, 67];

const endY = (end: number) => ENDS[end % ENDS.length] ?? 420;
const toRow = (end: number, row: number) => `M0 ${endY(end)}C150 ${endY(end)} 150 ${rowY(row)} 300 ${rowY(row)}`;
const fromRow = (row: number, end: number) => `M420 ${rowY(row)}C570 ${rowY(row)} 560 ${endY(end)} 720 ${endY(end)}`;

const rows = Array.from({ length: ROWS }, (_, row) => row);

export function DoorArt() {
  return (
    <svg
      viewBox="0 0 720 900"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
      className="absolute inset-0 size-full"
    >
      <g fill="none">
        {rows.flatMap((row) =>
          [row, row + 1].map((end) => (
            <path key={`${row} ${end}`} d={toRow(end, row)} className="stroke-edge-idle" strokeWidth={1.5} />
          )),
        )}
        {rows.map((row) =>
          row === LIT.row ? (
            <path
              key={row}
              d={fromRow(row, row)}
              className="stroke-edge-held"
              strokeWidth={1.2}
              strokeDasharray="5 4"
            />
          ) : (
            <path key={row} d={fromRow(row, row)} className="stroke-edge-flow" strokeWidth={1.2 + (row % 4) * 0.9} />
          ),
        )}
        <path d={toRow(LIT.end, LIT.row)} className="stroke-accent-solid" strokeWidth={2} />
      </g>
      {rows.map((row) => (
        <g key={row}>
          <rect
            x={300}
            y={rowY(row) - 14}
            width={120}
            height={28}
            rx={6}
            className={row === LIT.row ? "fill-surface stroke-accent-solid" : "fill-surface stroke-line"}
          />
          <rect x={312} y={rowY(row) - 3} width={LABELS[row]} height={6} rx={3} className="fill-press" />
        </g>
      ))}
      <circle cx={152} cy={374} r={5} className="fill-accent-solid stroke-canvas" strokeWidth={2} />
    </svg>
  );
}
