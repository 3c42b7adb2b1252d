import type { ReactNode } from "react";
import type { RuleType } from "#components/graph-drawer/drawer-place.ts";
import { Icon } from "#components/ui/icon.tsx";
import { RULE_LOOKS } from "./rule-words.ts";

interface RuleCardProps {
  type: RuleType;
  /** At the right of its head: a note, or a choice. */
  note?: ReactNode;
  children: ReactNode;
}

/** The editor of a rule that is a sentence with words to change. */
export const RuleCard = ({ type, note, children }: RuleCardProps) => (
  <div className="flex-1 bg-canvas px-5 py-5 max-md:px-0 max-md:py-0">
    <section className="mx-auto max-w-[1040px] rounded-lg border border-line bg-surface px-5 py-4 max-md:rounded-none max-md:border-x-0 max-md:px-3.5">
      <header className="flex min-h-8 flex-wrap items-center gap-2.5">
        <span className="grid size-6 place-items-center rounded-xs bg-inset text-ink-2">
          <Icon name={RULE_LOOKS[type].icon} size={14} />
        </span>
        <h2 className="font-semibold">{RULE_LOOKS[type].title}</h2>
        <span className="ml-auto text-muted text-xs">{note}</span>
      </header>
      {children}
    </section>
  </div>
);

/** The sentence of a rule. */
export const RuleSentence = ({ children }: { children: ReactNode }) => (
  <p className="my-3 text-base leading-[30px]">{children}</p>
);

/** Save at the right, and what there is to say of it. */
export const SaveBar = ({ note, children }: { note: ReactNode; children: ReactNode }) => (
  <div className="flex items-center justify-between gap-3 max-md:flex-col max-md:items-stretch">
    <p className="text-muted text-xs">{note}</p>
    {children}
  </div>
);
