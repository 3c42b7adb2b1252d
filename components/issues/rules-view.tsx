"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { refusalWords } from "#components/data/server-issues.ts";
import { useTRPC } from "#components/data/trpc-provider.tsx";
import { onWide, panel, td, th, tr } from "#components/settings/section.tsx";
import { Button, LinkButton } from "#components/ui/button.tsx";
import { ErrorState } from "#components/ui/empty-state.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Icon } from "#components/ui/icon.tsx";
import { Input } from "#components/ui/input.tsx";
import { Switch } from "#components/ui/switch.tsx";
import type { IssueKind } from "#server/contracts/issue.ts";
import type { TeamIssueRules, UpdateIssueRules } from "#server/contracts/issue-rules.ts";
import { lookOf } from "./issue-words.ts";
import { RuleTrialNote } from "./rule-trial-note.tsx";
import { isTried, RULE_SUBJECTS, RULES, type RuleNumber, readNumber, shownNumber } from "./rule-words.ts";

const KINDS = Object.keys(RULES) as IssueKind[];

function useRules() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const options = trpc.issues.rules.queryOptions({});
  const rules = useQuery(options);
  const update = useMutation(
    trpc.issues.updateRules.mutationOptions({
      onSuccess: (saved) => queries.setQueryData(options.queryKey, saved),
      onError: () => queries.invalidateQueries({ queryKey: options.queryKey }),
    }),
  );
  const change = (kind: IssueKind, fields: object) => {
    const if_updated_at = rules.data?.updated_at ?? undefined;
    update.mutate({ rules: { [kind]: fields } as UpdateIssueRules["rules"], ...(if_updated_at && { if_updated_at }) });
  };
  return { rules, update, change };
}

/** What opens an issue, whom it tells, and how often it has opened. Every number is changed where it stands. */
export function RulesView({ mayManage, back }: { mayManage: boolean; back: () => void }) {
  const { rules, update, change } = useRules();
  const trpc = useTRPC();
  const told = useQuery(trpc.notifications.list.queryOptions({}));
  const tellers = (kind: IssueKind) =>
    (told.data?.data ?? [])
      .filter(({ kinds, disabled_at }) => disabled_at === null && (kinds === null || kinds.includes(kind)))
      .map(({ name }) => name);
  return (
    <div className="min-h-0 flex-1 overflow-auto">
      <div className="mx-auto grid max-w-[1100px] gap-3 px-6 pt-5 pb-10 max-md:px-3">
        <header className="flex flex-wrap items-start gap-3">
          <div className="min-w-0 flex-1 max-md:basis-full">
            <h2 className="font-semibold text-lg tracking-tight">Rules</h2>
            <p className="text-muted">
              When an issue opens, and whom it tells.{" "}
              {mayManage ? "Every number is changed where it stands." : "Changing it needs a member of the team."}
            </p>
          </div>
          <Button kind="quiet" onClick={back}>
            Back to issues
          </Button>
          <LinkButton icon="bell" href="/settings/notifications">
            Whom it tells
          </LinkButton>
        </header>
        {update.error ? (
          <p role="alert" className="text-failed">
            {refusalWords(update.error, (field) => labelOf(field))} Nothing was saved.
          </p>
        ) : null}
        {rules.error && !rules.data ? (
          <ErrorState
            title="The rules did not load"
            actions={<Button onClick={() => rules.refetch()}>Try again</Button>}
          >
            {rules.error.message} Issues open by them all the same.
          </ErrorState>
        ) : (
          <div className={panel}>
            <table className="w-full border-collapse">
              <thead>
                <tr>
                  <th className={th}>Opens when</th>
                  <th className={`${th} ${onWide} w-32`}>
                    <span className="sr-only">For each</span>
                  </th>
                  <th className={`${th} ${onWide} w-36`}>Tells</th>
                  <th className={`${th} ${onWide} w-28 text-right`}>Opened in 30 d</th>
                  <th className={`${th} w-14`}>
                    <span className="sr-only">Watched</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {KINDS.map((kind) => (
                  <RuleRow
                    key={kind}
                    kind={kind}
                    rules={rules.data}
                    tells={tellers(kind)}
                    mayManage={mayManage && !update.isPending}
                    change={(fields) => change(kind, fields)}
                  />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </div>
    </div>
  );
}

const numbersOf = (kind: IssueKind) => RULES[kind].filter((part) => typeof part !== "string");
const labelOf = (path: string) => {
  const [, kind = "", field] = path.split(".");
  const numbers = kind in RULES ? numbersOf(kind as IssueKind) : [];
  return numbers.find((number) => number.field === field)?.label ?? path;
};

const numbersIn = (kind: IssueKind, values: Record<string, unknown>) =>
  Object.fromEntries(numbersOf(kind).map(({ field }) => [field, values[field] as number]));

/** A number that cannot be read, or is saved, is no draft. */
function draftWith(before: Record<string, number>, field: string, value: number | undefined): Record<string, number> {
  const { [field]: _, ...rest } = before;
  return value === undefined ? rest : { ...rest, [field]: value };
}

/** As high before the rules are there as with the note, which takes two lines on a phone. */
const TRIAL_ROOM = "min-h-4 max-md:min-h-8";

interface RuleRowProps {
  kind: IssueKind;
  /** Undefined while they come. */
  rules: TeamIssueRules | undefined;
  tells: readonly string[];
  mayManage: boolean;
  change: (fields: object) => void;
}

function RuleRow({ kind, rules, tells, mayManage, change }: RuleRowProps) {
  const rule = rules?.rules[kind];
  const values = (rule ?? {}) as Record<string, unknown>;
  const [draft, setDraft] = useState<Record<string, number>>({});
  const name = RULES[kind].find((part) => typeof part === "string") ?? kind;
  const muted = rule?.muted_ids.length ?? 0;
  return (
    <tr className={tr}>
      <td className={`${td} py-1.5`}>
        <div className="flex items-start gap-3">
          <Icon name={lookOf({ kind }).icon} size={14} className="mt-1.5 text-muted" />
          <div className="min-w-0 flex-1">
            <div
              className={`flex min-h-7 flex-wrap items-center gap-1.5 ${rule?.is_watched === false ? "text-muted" : ""}`}
            >
              {RULES[kind].map((part) =>
                typeof part === "string" ? (
                  <span key={part}>{part}</span>
                ) : (
                  <NumberField
                    key={`${part.field} ${values[part.field]}`}
                    number={part}
                    value={values[part.field] as number | undefined}
                    isDisabled={!mayManage}
                    draft={(value) => setDraft((before) => draftWith(before, part.field, value))}
                    change={(value) => change({ [part.field]: value })}
                  />
                ),
              )}
              {muted > 0 ? (
                <span className="text-muted text-xs">
                  Muted for {formatCount(muted)}{" "}
                  <Button size="sm" kind="quiet" disabled={!mayManage} onClick={() => change({ muted_ids: [] })}>
                    Unmute
                  </Button>
                </span>
              ) : null}
            </div>
            {isTried(kind) ? (
              <div className={TRIAL_ROOM}>
                {rule ? <RuleTrialNote kind={kind} numbers={{ ...numbersIn(kind, values), ...draft }} /> : null}
              </div>
            ) : null}
          </div>
        </div>
      </td>
      <td className={`${td} ${onWide} whitespace-nowrap text-muted text-xs`}>{RULE_SUBJECTS[kind]}</td>
      <td className={`${td} ${onWide} max-w-36 truncate text-ink-2`} title={tells.join(", ")}>
        {tells.join(", ") || "–"}
      </td>
      <td className={`${td} ${onWide} text-right`}>{rules ? formatCount(rules.opened[kind]) : ""}</td>
      <td className={td}>
        <span className="flex justify-end">
          <Switch
            aria-label={`Watched: ${name}`}
            isOn={rule?.is_watched ?? true}
            isDisabled={!mayManage || !rule}
            onChange={(isOn) => change({ is_watched: isOn })}
          />
        </span>
      </td>
    </tr>
  );
}

interface NumberFieldProps {
  number: RuleNumber;
  value: number | undefined;
  isDisabled: boolean;
  /** Hears what is typed; undefined: as it is saved. */
  draft: (value: number | undefined) => void;
  change: (value: number) => void;
}

/** Saved by Enter, or when it is left. What is no number goes back to what is so. */
function NumberField({ number, value, isDisabled, draft, change }: NumberFieldProps) {
  const shown = value === undefined ? "" : shownNumber(number, value);
  const [text, setText] = useState(shown);
  const save = () => {
    const read = readNumber(number, text);
    draft(undefined);
    if (read === undefined || read === value) setText(shown);
    else change(read);
  };
  return (
    <span className="inline-block w-[74px]">
      <Input
        size="md"
        aria-label={number.label}
        value={text}
        disabled={isDisabled || value === undefined}
        onChange={(event) => {
          setText(event.target.value);
          draft(readNumber(number, event.target.value));
        }}
        onBlur={save}
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
      />
    </span>
  );
}
