import { Icon } from "#components/ui/icon.tsx";
import { slotsOf, slotWords } from "./card-words.ts";
import type { ConnectionCard } from "./graph-types.ts";

/** The five rules as icons; those that there are not are pale. */
export const RuleIcons = ({ card }: { card: ConnectionCard }) => (
  <span className="inline-flex gap-2.5 align-middle text-ink-2">
    {slotsOf(card.rules).map((slot) => (
      <span
        key={slot.kind}
        title={slotWords(slot, card.rules)}
        className={slot.value === null ? "text-line-strong" : ""}
      >
        <Icon name={slot.icon} size={14} />
        <span className="sr-only">{slotWords(slot, card.rules)}</span>
      </span>
    ))}
  </span>
);
