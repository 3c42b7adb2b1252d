"use client";

import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { indentUnit, StreamLanguage } from "@codemirror/language";
import { EditorState, type Range, StateEffect, StateField } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
} from "@codemirror/view";
import { useEffect, useRef } from "react";
import { codeMirrorLook } from "#components/data/code-mirror-look.ts";
import { asTyped, overChosenText } from "#components/data/code-mirror-typing.ts";
import { styleNonce } from "#components/ui/style-nonce.ts";
import { visibleText } from "#server/contracts/visible-text.ts";
import type { LineMark } from "./plan-words.ts";
import { yamlToken } from "./yaml-token.ts";

interface YamlEditorProps {
  label: string;
  text: string;
  onChange: (text: string) => void;
  marks: readonly LineMark[];
}

const setMarks = StateEffect.define<readonly LineMark[]>();

const marksField = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(decorations, transaction) {
    const effect = transaction.effects.find((one) => one.is(setMarks));
    if (!effect) return decorations.map(transaction.changes);
    const { doc } = transaction.state;
    const lines: Range<Decoration>[] = (effect.value as readonly LineMark[])
      .filter(({ line }) => line >= 1 && line <= doc.lines)
      .map(({ line, kind, says }) => {
        const attributes = { class: `cm-flow-${kind}`, title: visibleText(says) };
        return Decoration.line({ attributes }).range(doc.line(line).from);
      });
    return Decoration.set(lines, true);
  },
  provide: (field) => EditorView.decorations.from(field),
});

const yaml = StreamLanguage.define({ name: "yaml", token: yamlToken });

/** The editor of a flow's file. Tab leaves it; Enter keeps the indent. */
export function YamlEditor({ label, text, onChange, marks }: YamlEditorProps) {
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
          highlightActiveLine(),
          marksField,
          yaml,
          indentUnit.of("  "),
          EditorState.tabSize.of(2),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          EditorView.contentAttributes.of({ "aria-label": label }),
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
  }, [label]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);

  useEffect(() => view.current?.dispatch({ effects: setMarks.of(marks) }), [marks]);

  return <div ref={box} className="h-full min-h-0" />;
}
