import type { Tally } from "./reconcile.ts";

const WIDTH = 9;
const PLAIN_EVERY = 5;

const row = (label: string, cells: [name: string, value: number][]) =>
  `  ${label.padEnd(10)}${cells.map(([name, value]) => `${String(value).padStart(WIDTH)} ${name}`).join("")}`;

/** The tally as three lines: the producers' side, the branches, the deliveries. */
export const tallyLines = (t: Tally): string[] => [
  row("producers", [
    ["sent", t.sent],
    ["accepted", t.accepted],
    ["rejected", t.rejected],
    ["duplicates", t.duplicates],
  ]),
  row("routing", [
    ["events", t.events],
    ["ignored", t.ignored],
  ]),
  row("delivery", [
    ["delivered", t.delivered],
    ["retries", t.retries],
    ["waiting", t.waiting],
    ["failed", t.failed],
  ]),
];

export interface StatusBlock {
  show(title: string, tally: Tally): void;
}

/** Redraws one block in place on a terminal; elsewhere writes every fifth state as a line. */
export function makeStatusBlock(out: NodeJS.WriteStream): StatusBlock {
  let shownLines = 0;
  let shows = 0;
  return {
    show(title, tally) {
      shows += 1;
      const lines = [title, ...tallyLines(tally)];
      if (out.isTTY) {
        const back = shownLines > 0 ? `\u001b[${shownLines}A\u001b[0J` : "";
        out.write(`${back}${lines.join("\n")}\n`);
        shownLines = lines.length;
      } else if (shows % PLAIN_EVERY === 1) {
        out.write(`${title}: ${tallyLines(tally).join(";").replace(/ +/g, " ").trim()}\n`);
      }
    },
  };
}
