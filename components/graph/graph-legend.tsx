import type { ReactNode } from "react";
import { Icon } from "#components/ui/icon.tsx";
import { Kbd } from "#components/ui/kbd.tsx";

const LINES: readonly [word: string, colour: string, isDashed: boolean][] = [
  ["delivering", "stroke-edge-flow", false],
  ["held", "stroke-edge-held", true],
  ["retrying", "stroke-edge-retrying", false],
  ["failing", "stroke-edge-failing", false],
  ["idle", "stroke-edge-idle", false],
];

const Sample = ({ colour, isDashed }: { colour: string; isDashed: boolean }) => (
  <svg viewBox="0 0 26 4" width={26} height={4} aria-hidden="true" className={colour}>
    <path d="M0 2h26" strokeWidth={2.5} strokeDasharray={isDashed ? "5 4" : undefined} />
  </svg>
);

const Entry = ({ children }: { children: ReactNode }) => <span className="flex items-center gap-1.5">{children}</span>;

const KEYS: readonly [keys: string[], word: string][] = [
  [["↑", "↓", "←", "→"], "move"],
  [["↵"], "open"],
  [["P"], "pause"],
  [["R"], "replay"],
];
const DENSE_KEYS: typeof KEYS = [
  [["F"], "fold healthy"],
  [["+", "−"], "zoom"],
  [["N"], "next problem"],
  [["↵"], "open"],
];

/** What the lines mean, and the keys that are used most. */
export function GraphLegend({ isDense }: { isDense: boolean }) {
  return (
    <footer className="flex h-7 shrink-0 items-center gap-[18px] overflow-hidden whitespace-nowrap border-line border-t bg-surface px-5 text-2xs text-muted">
      {isDense ? (
        <>
          <Entry>
            <Icon name="up-down" size={12} /> a folded card opens in place
          </Entry>
          <span className="max-wide:hidden">Below 60 % rows get lower; type and columns stay.</span>
        </>
      ) : (
        <>
          <Entry>
            <svg viewBox="0 0 28 6" width={28} height={6} aria-hidden="true" className="fill-edge-flow">
              <path d="M0 2.4 28 0v6L0 3.6z" />
            </svg>
            width is the rate
          </Entry>
          {LINES.map(([word, colour, isDashed]) => (
            <Entry key={word}>
              <Sample colour={colour} isDashed={isDashed} />
              {word}
            </Entry>
          ))}
        </>
      )}
      <span className="ml-auto flex items-center gap-[5px] max-wide:hidden">
        {(isDense ? DENSE_KEYS : KEYS).map(([keys, word]) => (
          <span key={word} className="flex items-center gap-[3px] pl-1.5">
            {keys.map((key) => (
              <Kbd key={key} className="h-4 min-w-4 text-[10.5px]">
                {key}
              </Kbd>
            ))}
            {word}
          </span>
        ))}
        <span className="flex items-center gap-[3px] pl-1.5">
          <Kbd className="h-4 min-w-4 text-[10.5px]">?</Kbd>
          all keys
        </span>
      </span>
    </footer>
  );
}
