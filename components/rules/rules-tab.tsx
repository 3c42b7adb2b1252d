"use client";

import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useMay } from "#components/data/may.tsx";
import { spanWords } from "#components/data/span-words.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { RULES, type RuleType, useDrawerPlace } from "#components/graph-drawer/drawer-place.ts";
import { cn } from "#components/ui/class-names.ts";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import type { Connection } from "#server/contracts/connection.ts";
import type { Rule } from "#server/contracts/rule.ts";
import { RetryLine } from "./retry-line.tsx";
import { waitsOf } from "./retry-times.ts";
import { type RuleDay, useRuleDay } from "./rule-day.ts";
import { RuleFlow } from "./rule-flow.tsx";
import { filterWords, RULE_LOOKS, retriedWords, retryWords, sameWords } from "./rule-words.ts";

/** The five rules of a connection in sentences, in the order in which they run, with what they did in a day. */
export function RulesTab({ connection }: { connection: Connection }) {
  const day = useRuleDay(connection.id);
  return (
    <div>
      <RuleFlow day={day} />
      <ul>
        {RULES.map((type) => (
          <RuleItem key={type} type={type} connection={connection} day={day} />
        ))}
      </ul>
    </div>
  );
}

/** What the rule did in 24 h; empty where it did nothing that is counted. */
function didWords(type: RuleType, day: RuleDay | undefined): string {
  if (!day) return "";
  if (type === "deduplicate") return `${formatCount(day.duplicates)} dropped`;
  if (type === "transform") return `${formatCount(day.failed)} failed`;
  if (type === "filter") return `${formatCount(day.filtered)} ignored`;
  return type === "retry" ? `${formatCount(day.spent)} spent` : "";
}

function RuleItem({ type, connection, day }: { type: RuleType; connection: Connection; day: RuleDay | undefined }) {
  const { openRule } = useDrawerPlace();
  const mayChange = useMay("connection.write");
  const rule = connection.rules.find((one) => one.type === type);
  const { title, icon, none } = RULE_LOOKS[type];
  const open = () => openRule(connection.id, type);
  const heading = (
    <span className="flex min-w-0 items-center gap-2">
      <span
        className={cn(
          "grid size-6 shrink-0 place-items-center rounded-xs",
          rule ? "bg-inset text-ink-2" : "border border-line-strong border-dashed text-faint",
        )}
      >
        <Icon name={icon} size={14} />
      </span>
      <span className={cn(rule ? "font-medium" : "text-muted")}>{title}</span>
    </span>
  );
  const canOpen = rule !== undefined || mayChange;
  return (
    <li className="border-line border-b">
      {canOpen ? (
        <button
          type="button"
          onClick={open}
          className="flex w-full items-center justify-between gap-2 px-4 pt-2.5 pb-1 text-left hovered:bg-float-hover pointer-coarse:min-h-10"
        >
          {heading}
          {rule ? (
            <span className="flex shrink-0 items-center gap-2 text-muted text-xs">
              {didWords(type, day)}
              <Icon name="right" size={14} />
            </span>
          ) : (
            <span className="flex shrink-0 items-center gap-1.5 font-medium text-ink text-xs">
              <Icon name="plus" size={14} />
              Add
              <span className="sr-only"> a {title.toLowerCase()} rule</span>
            </span>
          )}
        </button>
      ) : (
        <div className="px-4 pt-2.5 pb-1">{heading}</div>
      )}
      <div className="pr-4 pb-3 pl-12 text-muted text-sm">{rule ? <RuleSentence rule={rule} /> : none}</div>
    </li>
  );
}

const Strong = ({ children }: { children: ReactNode }) => <b className="font-semibold text-ink">{children}</b>;
const Mono = ({ children }: { children: ReactNode }) => (
  <code className="font-mono text-ink text-xs [overflow-wrap:anywhere]">{children}</code>
);

function RuleSentence({ rule }: { rule: Rule }) {
  if (rule.type === "transform") return <TransformSentence id={rule.transformation_id} />;
  if (rule.type === "filter") {
    const { sentence, clauses } = filterWords(rule);
    return (
      <>
        {sentence}
        <ul className="mt-1 grid gap-0.5">
          {clauses.map((clause) => (
            <li key={clause} className="truncate rounded-xs bg-inset px-2 py-0.5" title={clause}>
              <Mono>{clause}</Mono>
            </li>
          ))}
        </ul>
      </>
    );
  }
  if (rule.type === "delay") {
    return (
      <>
        Each event waits <Strong>{spanWords(rule.delay)}</Strong> before its first try.
      </>
    );
  }
  if (rule.type === "retry") {
    return (
      <>
        {retryWords(rule)} {retriedWords(rule)}
        <div className="mt-1.5">
          <RetryLine waits={waitsOf(rule)} isSmall />
        </div>
      </>
    );
  }
  const { before, fields } = sameWords(rule);
  return (
    <>
      {before}{" "}
      {fields.map((field, index) => (
        <span key={field}>
          {index === 0 ? "" : index === fields.length - 1 ? " and " : ", "}
          <Mono>{field}</Mono>
        </span>
      ))}{" "}
      within <Strong>{spanWords(rule.window)}</Strong> is dropped.
    </>
  );
}

function TransformSentence({ id }: { id: string }) {
  const { data } = useQuery(useTRPC().transformations.get.queryOptions({ id }));
  if (!data) return <Mono>{id}</Mono>;
  return (
    <>
      <Strong>{data.name}</Strong> v{data.version}
      {data.unusable_because ? <span className="text-failed">: {data.unusable_because}</span> : "."}
    </>
  );
}
