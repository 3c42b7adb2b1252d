import { visibleText } from "#server/contracts/visible-text.ts";

/** Drawn before the editor is there; it has no use for more. */
const MAX_LINES = 200;

/** The code as text, with the measures of the editor that takes its place: nothing moves when that comes. */
export function CodePlace({ code, label }: { code: string; label: string }) {
  return (
    <section
      aria-label={label}
      aria-busy="true"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region needs focus to be scrolled by keys
      tabIndex={0}
      className="h-full overflow-auto py-2 font-mono text-[12.5px] text-ink-2 leading-[21px] tracking-[-0.01em]"
    >
      {code
        .split("\n", MAX_LINES)
        .map((line, index) => `${index} ${line}`)
        .map((keyed, index) => (
          <div key={keyed} className="flex min-h-[21px] whitespace-pre pr-3">
            <span className="inline-block min-w-9 shrink-0 select-none pr-3 text-right text-faint">{index + 1}</span>
            {visibleText(keyed.slice(keyed.indexOf(" ") + 1))}
          </div>
        ))}
    </section>
  );
}
