"use client";

import { useEffect, useMemo, useRef, useState } from "react";
import { useNames } from "#components/data/use-names.ts";
import { showToast } from "#components/ui/toasts.ts";
import { useKeys } from "#components/ui/use-keys.ts";
import type { Capability } from "#server/contracts/capability.ts";
import type { JsonObject } from "#server/json/value.ts";
import { BehindBanner } from "./behind-banner.tsx";
import type { CodeHandle, Problem } from "./code-mirror.tsx";
import { CodePane } from "./code-pane.tsx";
import { ConsolePane } from "./console-pane.tsx";
import { Dialogs } from "./dialogs.tsx";
import { EditorBar } from "./editor-bar.tsx";
import { useEditorUrl } from "./editor-url.ts";
import { LastRequests } from "./last-requests.tsx";
import { SideColumn } from "./side-column.tsx";
import { useInputs, useUses } from "./use-inputs.ts";
import { useRun } from "./use-run.ts";
import { useDraft, useTransformation } from "./use-transformation.ts";
import { useVersions } from "./use-versions.ts";
import { VersionView } from "./version-view.tsx";

/** ⌘ or Ctrl with S saves and with Enter runs, wherever the focus is: also in the editor, which would take them. */
function useCommandKeys(save: () => void, run: () => void) {
  const latest = useRef({ save, run });
  latest.current = { save, run };
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return;
      const key = event.key.toLowerCase();
      if (key !== "s" && key !== "enter") return;
      event.preventDefault();
      event.stopPropagation();
      if (key === "s") latest.current.save();
      else latest.current.run();
    };
    addEventListener("keydown", onKey, { capture: true });
    return () => removeEventListener("keydown", onKey, { capture: true });
  }, []);
}

/** The editor of one transformation: its code, what it is tried on, what it gives. */
export function TransformationPage({ id, can }: { id: string; can: readonly Capability[] }) {
  const url = useEditorUrl();
  const names = useNames();
  const uses = useUses(id);
  const { saved, update, restore } = useTransformation(id);
  const draft = useDraft(saved);
  const inputs = useInputs(id, url.input);
  const mayWrite = can.includes("transformation.write");
  const mayRun = can.includes("transformation.run");
  const { standing } = draft;
  const isChanged = standing.kind !== "same";
  const { input } = inputs;
  const { version } = saved;
  const run = useRun({ id, code: draft.code, isSaved: !isChanged, version, input, isAllowed: mayRun });
  const versions = useVersions(id, url.side === "versions" || standing.kind === "behind");
  const [dialog, setDialog] = useState<"duplicate" | "delete">();
  const editor = useRef<CodeHandle>(null);

  const error = run.answer?.error;
  const problem = useMemo<Problem | null>(
    () => (error && error.line !== null ? { line: error.line, message: error.message } : null),
    [error],
  );
  const request = input.kind === "none" ? undefined : input.request;
  const known = useMemo(
    () => ({ request: (request ?? {}) as JsonObject, envNames: Object.keys(saved.env) }),
    [request, saved.env],
  );

  const save = () => {
    if (!isChanged || !mayWrite || update.isPending) return;
    if (standing.kind === "behind") {
      showToast({ kind: "held", text: `v${standing.to} was saved meanwhile: say above which code it is to be.` });
      return;
    }
    update.mutate(
      { id, code: draft.code, if_updated_at: saved.updated_at },
      {
        onSuccess: (next) => {
          draft.settle(next);
          const undo = () => bringBack(version, next.updated_at);
          showToast({ kind: "done", text: `Saved as v${next.version}.`, action: { label: "Undo", run: undo } });
        },
      },
    );
  };
  const bringBack = (older: number, readAt = saved.updated_at) =>
    restore.mutate(
      { id, version: older, if_updated_at: readAt },
      {
        onSuccess: (next) => showToast({ kind: "done", text: `v${older} runs again, as v${next.version}.` }),
        onError: ({ message }) => showToast({ kind: "failed", text: message }),
      },
    );
  useCommandKeys(save, run.runNow);
  useKeys(mayWrite ? [{ keys: "d", label: "Duplicate it", run: () => setDialog("duplicate") }] : []);

  const shown = url.side === "versions" ? (url.version ?? version) : undefined;
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <EditorBar
        saved={saved}
        update={update}
        can={can}
        isChanged={isChanged}
        uses={uses.data?.data.length}
        open={url.open}
        save={save}
        discard={draft.drop}
        duplicate={() => setDialog("duplicate")}
        askDelete={() => setDialog("delete")}
      />
      {standing.kind === "behind" ? (
        <BehindBanner
          {...standing}
          theirs={versions.rows.find((row) => row.version === standing.to)}
          compare={() => url.open("versions")}
          takeTheirs={draft.drop}
          keepMine={draft.rebase}
        />
      ) : null}
      <div className="grid min-h-0 flex-1 grid-cols-[minmax(0,1fr)_500px] bg-surface max-wide:block max-wide:overflow-auto">
        <div className="flex min-h-0 min-w-0 flex-col">
          {shown === undefined ? null : (
            <VersionView
              version={versions.rows.find((row) => row.version === shown)}
              live={saved}
              draft={isChanged ? draft.code : undefined}
              mayRestore={mayWrite}
              isRestoring={restore.isPending}
              restore={(older) => bringBack(older)}
            />
          )}
          {/* Stays, so that the way back finds the caret and the undo history. */}
          <div className={shown === undefined ? "flex min-h-0 flex-1 flex-col" : "hidden"}>
            <CodePane
              code={draft.code}
              onChange={draft.type}
              isReadOnly={!mayWrite}
              problem={problem}
              known={known}
              refusal={update.variables?.code === undefined ? undefined : update.error?.message}
              handle={editor}
              format={() => editor.current?.format()}
            />
            <ConsolePane run={run} what={isChanged ? `v${version + 1} draft` : `v${version}`} />
          </div>
        </div>
        <SideColumn
          url={url}
          saved={saved}
          update={update}
          names={names}
          inputs={inputs}
          run={run}
          versions={versions}
          shown={shown}
          mayRun={mayRun}
          mayWrite={mayWrite}
          goTo={(line) => editor.current?.goTo(line)}
        />
      </div>
      {mayRun ? (
        <LastRequests
          id={id}
          code={draft.code}
          isSaved={!isChanged}
          uses={uses.data?.data.length}
          choose={(input) => url.set({ input, side: null })}
        />
      ) : null}
      <Dialogs saved={saved} open={dialog} uses={uses.data?.data} close={() => setDialog(undefined)} />
    </div>
  );
}
