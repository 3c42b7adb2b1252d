import { cn } from "#components/ui/class-names.ts";
import { EVENT_STATES } from "#components/ui/event-state.tsx";
import { Icon } from "#components/ui/icon.tsx";
import { visibleText } from "#server/contracts/visible-text.ts";
import type { FilterMismatch, Why } from "#server/contracts/why.ts";
import { clauseWords, whyLines } from "./why-lines.ts";

/** Why a request became what it did on a connection: one line per step. */
export const WhyList = ({ why }: { why: Why }) => (
  <ol>
    {whyLines(why).map((line, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a trace only grows at its end
      <li key={i}>
        <div className="grid min-h-6 grid-cols-[22px_92px_minmax(0,1fr)_auto] items-center max-md:py-1">
          <Icon name={EVENT_STATES[line.tone].icon} className={EVENT_STATES[line.tone].text} />
          <span className="font-medium">{line.rule}</span>
          <span className="truncate text-muted max-md:whitespace-normal" title={visibleText(line.outcome)}>
            {visibleText(line.outcome)}
          </span>
          <span className="pl-2 text-muted text-xs max-md:hidden">{line.time}</span>
        </div>
        {line.mismatch ? <ClauseTable clauses={[line.mismatch]} /> : null}
      </li>
    ))}
  </ol>
);

/** The clauses of a filter that failed. */
export function ClauseTable({ clauses }: { clauses: readonly FilterMismatch[] }) {
  return (
    <table className="my-1 w-full table-fixed font-mono text-2xs">
      <colgroup>
        <col width={24} />
        <col width={156} />
        <col />
        <col />
      </colgroup>
      <thead>
        <tr className="text-left text-faint [&_th]:px-1.5 [&_th]:pb-0.5 [&_th]:font-normal [&_th]:font-sans">
          <td />
          <th scope="col">Clause</th>
          <th scope="col">Expected</th>
          <th scope="col">Actual</th>
        </tr>
      </thead>
      <tbody>
        {clauses.map((clause) => {
          const words = clauseWords(clause);
          return (
            <tr key={clause.path} className="bg-failed-bg text-failed">
              <td className="px-1.5">
                <Icon name="close" size={12} />
                <span className="sr-only">fails</span>
              </td>
              {[clause.path, words.expected, words.actual].map((text, i) => (
                <td
                  key={["path", "expected", "actual"][i]}
                  title={visibleText(text)}
                  className={cn("truncate px-1.5 py-[3px]", i === 0 && "text-ink")}
                >
                  {visibleText(text)}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
