import { Icon } from "#components/ui/icon.tsx";
import type { VerificationCheck } from "#server/contracts/request-verification.ts";
import { visibleText } from "#server/contracts/visible-text.ts";

const NAMES: Record<VerificationCheck["check"], string> = {
  header: "Header",
  time: "Time",
  length: "Form",
  value: "Value",
};
const MARKS = {
  passed: { icon: "delivered", look: "text-delivered", word: "passed" },
  failed: { icon: "failed", look: "text-failed", word: "failed" },
  not_reached: { icon: "ignored", look: "text-muted", word: "not reached" },
} as const;

/** What was checked of a sender, step by step. */
export const Checklist = ({ checks }: { checks: readonly VerificationCheck[] }) => (
  <ul aria-label="Checks of the sender">
    {checks.map(({ check, outcome, detail }) => {
      const { icon, look, word } = MARKS[outcome];
      return (
        <li key={check} className="grid min-h-6 grid-cols-[22px_70px_minmax(0,1fr)] items-start py-[3px]">
          <Icon name={icon} className={look} />
          <span className="font-medium">
            {NAMES[check]}
            <span className="sr-only"> {word}:</span>
          </span>
          <span className={`[overflow-wrap:anywhere] ${outcome === "failed" ? "text-failed" : "text-ink-2"}`}>
            {visibleText(detail)}
          </span>
        </li>
      );
    })}
  </ul>
);
