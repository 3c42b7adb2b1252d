"use client";

import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentSelection, indentWithTab } from "@codemirror/commands";
import { javascript, localCompletionSource } from "@codemirror/lang-javascript";
import { bracketMatching, indentOnInput, indentUnit } from "@codemirror/language";
import { EditorState, type Range, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { type Ref, useEffect, useImperativeHandle, useRef } from "react";
import { codeMirrorLook } from "#components/data/code-mirror-look.ts";
import { asTyped, overChosenText } from "#components/data/code-mirror-typing.ts";
import { styleNonce } from "#components/ui/style-nonce.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import { isName, type Known, type Suggestion, suggestAt } from "./suggest.ts";

/** A line that the last run failed on, from 1. */
export interface Problem {
  line: number;
  message: string;
}

/** What the page asks of the editor. */
export interface CodeHandle {
  /** Indents every line as the language does. */
  format(): void;
  /** Puts the caret on a line. */
  goTo(line: number): void;
}

interface CodeMirrorProps {
  label: string;
  code: string;
  onChange: (code: string) => void;
  isReadOnly: boolean;
  problem: Problem | null;
  known: Known;
  ref: Ref<CodeHandle>;
}

const setProblem = StateEffect.define<Problem | null>();

const problemField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    const effect = transaction.effects.find((one) => one.is(setProblem));
    if (!effect) return transaction.docChanged ? Decoration.none : decorations;
    const problem = effect.value as Problem | null;
    const { doc } = transaction.state;
    if (problem === null || problem.line < 1 || problem.line > doc.lines) return Decoration.none;
    const attributes = { class: "cm-problem", title: visibleText(problem.message) };
    const marks: Range<Decoration>[] = [Decoration.line({ attributes }).range(doc.line(problem.line).from)];
    return Decoration.set(marks);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** Behind a dot a key that is no name goes into brackets, and takes the dot with it. */
const applyKey = (key: string) => (view: EditorView, _completion: Completion, from: number, to: number) => {
  const dots = view.state.sliceDoc(from - 2, from) === "?." ? 2 : 1;
  const inBrackets = `${dots === 2 ? "?." : ""}[${JSON.stringify(key)}]`;
  view.dispatch({
    changes: { from: from - dots, to, insert: inBrackets },
    selection: { anchor: from - dots + inBrackets.length },
    userEvent: "input.complete",
  });
};

function toCompletion({ label, kind, detail }: Suggestion, isMember: boolean, index: number): Completion {
  return {
    label,
    // A stranger's keys and values.
    displayLabel: visibleText(label),
    detail: visibleText(detail),
    type: kind,
    // As the request has them, not by the alphabet.
    boost: Math.max(-99, 50 - index),
    ...(isMember && !isName(label) && { apply: applyKey(label) }),
  };
}

function complete(context: CompletionContext, known: Known): CompletionResult | null {
  const { state, pos } = context;
  const found = suggestAt(state.sliceDoc(Math.max(0, pos - 400), pos), state.sliceDoc(), known);
  if (!found) return null;
  if (found.place === "name" && found.typed === 0 && !context.explicit) return null;
  return {
    from: pos - found.typed,
    options: found.options.map((option, index) => toCompletion(option, found.place === "member", index)),
    validFor: found.place === "key" ? /^[^"'\n]*$/ : /^[\w$]*$/,
  };
}

/** Names of the code itself, where a name can stand. */
const completeLocals = (context: CompletionContext) =>
  context.matchBefore(/(?:[.\]]|["'][^"'\n]*)[\w$]*$/) ? null : localCompletionSource(context);

const kindOption = {
  position: 20,
  render(completion: Completion) {
    const kind = document.createElement("span");
    kind.className = "cm-suggestionKind";
    kind.textContent = completion.type ?? "";
    return kind;
  },
};

/** The editor of a transformation's code. Tab indents; Esc, then Tab leaves it. */
export function CodeMirror({ label, code, onChange, isReadOnly, problem, known, ref }: CodeMirrorProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef({ code, onChange, known });
  latest.current = { code, onChange, known };

  useEffect(() => {
    if (!box.current) return;
    const editor = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: latest.current.code,
        extensions: [
          EditorView.cspNonce.of(styleNonce() ?? ""),
          lineNumbers(),
          highlightSpecialChars(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          highlightActiveLineGutter(),
          problemField,
          javascript(),
          indentUnit.of("  "),
          EditorState.tabSize.of(2),
          autocompletion({
            override: [(context) => complete(context, latest.current.known), completeLocals],
            icons: false,
            addToOptions: [kindOption],
          }),
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
          EditorState.readOnly.of(isReadOnly),
          EditorView.contentAttributes.of({ "aria-label": label, "aria-readonly": String(isReadOnly) }),
          asTyped,
          overChosenText,
          codeMirrorLook,
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label, isReadOnly]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === code) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: code } });
  }, [code]);

  const { line, message } = problem ?? {};
  useEffect(() => {
    const value = line === undefined || message === undefined ? null : { line, message };
    view.current?.dispatch({ effects: setProblem.of(value) });
  }, [line, message]);

  useImperativeHandle(ref, () => ({
    format() {
      const editor = view.current;
      if (!editor) return;
      const { main } = editor.state.selection;
      editor.dispatch({ selection: { anchor: 0, head: editor.state.doc.length } });
      indentSelection(editor);
      editor.dispatch({ selection: { anchor: Math.min(main.head, editor.state.doc.length) } });
    },
    goTo(target) {
      const editor = view.current;
      if (!editor || target < 1 || target > editor.state.doc.lines) return;
      const { from } = editor.state.doc.line(target);
      editor.dispatch({ selection: { anchor: from }, scrollIntoView: true });
      editor.focus();
    },
  }));

  return <div ref={box} className="h-full min-h-0" />;
}
