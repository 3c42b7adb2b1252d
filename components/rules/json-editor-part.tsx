"use client";

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { bracketMatching } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { codeMirrorLook } from "#components/data/code-mirror-look.ts";
import { styleNonce } from "#components/ui/style-nonce.ts";

export interface JsonEditorProps {
  label: string;
  text: string;
  onChange: (text: string) => void;
  isReadOnly: boolean;
  /** The line, from 0, that is wrong or decides; null where there is none. */
  markedLine: number | null;
}

const setMarked = StateEffect.define<number | null>();
const mark = Decoration.line({ attributes: { class: "cm-problem" } });

function markLine(state: EditorState, line: number | null): DecorationSet {
  if (line === null || line < 0 || line >= state.doc.lines) return Decoration.none;
  return Decoration.set([mark.range(state.doc.line(line + 1).from)]);
}

const marked = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    const effect = transaction.effects.find((one) => one.is(setMarked));
    if (effect) return markLine(transaction.state, effect.value as number | null);
    return decorations.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

/** JSON to write. Tab leaves it. */
export function JsonEditorPart({ label, text, onChange, isReadOnly, markedLine }: JsonEditorProps) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const latest = useRef({ text, onChange });
  latest.current = { text, onChange };

  useEffect(() => {
    if (!box.current) return;
    const editor = new EditorView({
      parent: box.current,
      state: EditorState.create({
        doc: latest.current.text,
        extensions: [
          EditorView.cspNonce.of(styleNonce() ?? ""),
          lineNumbers(),
          history(),
          drawSelection(),
          bracketMatching(),
          json(),
          marked,
          keymap.of([...defaultKeymap.filter(({ key }) => key !== "Mod-Enter"), ...historyKeymap]),
          EditorState.readOnly.of(isReadOnly),
          EditorState.tabSize.of(2),
          EditorView.contentAttributes.of({
            "aria-label": label,
            "aria-readonly": String(isReadOnly),
            spellcheck: "false",
            // By itself it has none that can be seen from outside, and its scroller would be out of the keyboard's reach.
            tabindex: "0",
          }),
          codeMirrorLook,
          EditorView.updateListener.of((update) => {
            const next = update.state.doc.toString();
            if (update.docChanged && next !== latest.current.text) latest.current.onChange(next);
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label, isReadOnly]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);

  // Again after each change of the text, which may have replaced the line.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what the mark stands in
  useEffect(() => view.current?.dispatch({ effects: setMarked.of(markedLine) }), [markedLine, text]);

  return <div ref={box} className="h-full min-h-0" />;
}
