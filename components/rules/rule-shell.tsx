"use client";

import type { KeyboardEvent, ReactNode } from "react";
import { useMay } from "#components/data/may.tsx";
import type { RuleType } from "#components/graph-drawer/drawer-place.ts";
import { Banner } from "#components/ui/banner.tsx";
import { Button } from "#components/ui/button.tsx";
import { useKeys } from "#components/ui/use-keys.ts";
import type { Connection, SavedConnection } from "#server/contracts/connection.ts";
import type { Rule } from "#server/contracts/rule.ts";
import { EditorFrame } from "./editor-frame.tsx";
import type { RuleDraft } from "./rule-draft.ts";
import { isSameRule } from "./rule-list.ts";
import { RULE_LOOKS } from "./rule-words.ts";
import { useSaveRule } from "./use-save-rule.ts";

/** The rule that a draft is, or why it is none yet. */
export type Drafted = { rule: Rule; problem: null } | { rule: null; problem: string };

interface RuleShellProps {
  connection: Connection;
  type: RuleType;
  drafted: Drafted;
  draft: Pick<RuleDraft<unknown>, "isBehind" | "discard" | "settle">;
  onClose: () => void;
  /** Why it cannot be saved now although the rule is whole: it has not been tried. Null: it can. */
  waitsFor?: string | null;
  /** ⌘Enter. */
  run?: () => void;
  /** `[` and `]`: the older and the newer request. */
  step?: (by: 1 | -1) => void;
  warnings?: SavedConnection["warnings"];
  children: ReactNode;
  /** What stands beside Save. */
  footer: (save: ReactNode) => ReactNode;
}

/** In place of what a role may not do. */
export const LOOK_ONLY = "Your role may look at rules, and not change them.";

const TYPING = "input, textarea, [contenteditable='true'], [role='textbox']";

/** What the editors of all rules have: the head, Save and Remove, what was kept, and what somebody else did meanwhile. */
export function RuleShell(props: RuleShellProps) {
  const { connection, type, drafted, draft, onClose, waitsFor = null, run, step, warnings = [] } = props;
  const mayChange = useMay("connection.write");
  const saved = connection.rules.find((rule) => rule.type === type);
  const { isBusy, conflict, error, save, forgetConflict } = useSaveRule(connection, type);
  const isChanged = drafted.rule === null || !isSameRule(drafted.rule, saved);
  const canSave = mayChange && isChanged && drafted.rule !== null && waitsFor === null;

  async function put(rule: Rule | undefined, isOverwriting = false) {
    const after = await save(rule, isOverwriting).catch(() => null);
    if (!after) return;
    draft.settle(after.rules.find((one) => one.type === type));
    if (!rule) onClose();
  }
  const saveNow = () => (canSave && !isBusy && drafted.rule ? void put(drafted.rule) : undefined);
  useKeys([
    ...(mayChange ? [{ keys: "⌘S", label: "Save the rule", run: saveNow }] : []),
    ...(run ? [{ keys: "⌘Enter", label: "Try the rule", run }] : []),
    ...(step
      ? [
          { keys: "[", label: "The older request", run: () => step(1) },
          { keys: "]", label: "The newer request", run: () => step(-1) },
        ]
      : []),
  ]);
  const onKeyDown = (event: KeyboardEvent) => {
    const hasCommand = event.metaKey || event.ctrlKey;
    if (hasCommand && event.key.toLowerCase() === "s") {
      event.preventDefault();
      saveNow();
    } else if (hasCommand && event.key === "Enter") {
      event.preventDefault();
      run?.();
    } else if ((event.key === "[" || event.key === "]") && !hasCommand && !(event.target as Element).closest(TYPING)) {
      // The list of keys has them as well, for when the focus is elsewhere on the page.
      event.preventDefault();
      step?.(event.key === "[" ? 1 : -1);
    }
  };
  const note = drafted.problem ?? waitsFor;
  const saveButton = mayChange ? (
    <Button kind="primary" size="lg" disabled={!canSave} isBusy={isBusy} onClick={saveNow} title={note ?? "Save (⌘S)"}>
      Save
    </Button>
  ) : null;

  return (
    <EditorFrame
      connectionName={connection.name}
      title={RULE_LOOKS[type].title}
      isUnsaved={isChanged && saved !== undefined}
      onClose={onClose}
      onKeyDown={onKeyDown}
      actions={
        <>
          {isChanged && saved ? (
            <Button kind="quiet" onClick={draft.discard}>
              Discard
            </Button>
          ) : null}
          {saved && mayChange ? (
            <Button kind="quiet" icon="trash" isBusy={isBusy} onClick={() => void put(undefined)}>
              Remove
            </Button>
          ) : null}
        </>
      }
      footer={props.footer(saveButton)}
    >
      <Banners
        conflict={conflict}
        error={error?.message ?? null}
        isBehind={draft.isBehind && conflict === null}
        warnings={warnings}
        onTakeTheirs={() => {
          forgetConflict();
          draft.discard();
        }}
        onKeepMine={() => drafted.rule && void put(drafted.rule, true)}
      />
      {props.children}
    </EditorFrame>
  );
}

interface BannersProps {
  conflict: string | null;
  error: string | null;
  isBehind: boolean;
  warnings: SavedConnection["warnings"];
  onTakeTheirs: () => void;
  onKeepMine: () => void;
}

function Banners({ conflict, error, isBehind, warnings, onTakeTheirs, onKeepMine }: BannersProps) {
  if (conflict === null && error === null && !isBehind && warnings.length === 0) return null;
  const theirs = (
    <Button size="sm" onClick={onTakeTheirs}>
      Take theirs
    </Button>
  );
  return (
    <div className="grid gap-1.5 px-5 pt-3 max-md:px-3.5">
      {conflict === null ? null : (
        <Banner
          kind="warning"
          action={
            <span className="flex gap-1.5">
              {theirs}
              <Button size="sm" onClick={onKeepMine}>
                Save mine instead
              </Button>
            </span>
          }
        >
          {conflict}
        </Banner>
      )}
      {isBehind ? (
        <Banner kind="warning" action={theirs}>
          The saved rule has changed since you began. Yours is kept here.
        </Banner>
      ) : null}
      {error === null ? null : <Banner kind="failed">{error}</Banner>}
      {warnings.map(({ path, message }) => (
        <Banner key={`${path} ${message}`} kind="warning">
          {message}
        </Banner>
      ))}
    </div>
  );
}
