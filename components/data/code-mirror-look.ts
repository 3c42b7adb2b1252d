// The look of code that is edited: the colours and measures of code that is read. Its places are drawn by `CodePlace` before
// the editor is there, so both have the same measures.
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ink-2)", backgroundColor: "transparent", fontSize: "12.5px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "21px", letterSpacing: "-0.01em", overflow: "auto" },
  ".cm-content": { padding: "8px 0", caretColor: "var(--accent-solid)" },
  // The caret and its line show where the focus is.
  ".cm-content:focus-visible": { boxShadow: "none" },
  ".cm-line": { padding: "0 12px 0 0" },
  // Long lines go under it.
  ".cm-gutters": { backgroundColor: "var(--surface)", border: "0", color: "var(--faint)" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "36px", padding: "0 12px 0 0" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "transparent", color: "inherit" },
  "&.cm-focused .cm-activeLine, &.cm-focused .cm-activeLineGutter": { backgroundColor: "var(--inset)" },
  "&.cm-focused .cm-cursor": { borderLeft: "2px solid var(--accent-solid)" },
  // Behind the text, so that the line under the caret does not hide what is chosen on it.
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    backgroundColor: "color-mix(in oklab, var(--accent-solid) 24%, transparent)",
  },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": {
    backgroundColor: "transparent",
    boxShadow: "inset 0 -1px 0 var(--accent-solid)",
  },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--failed-bg)" },
  ".cm-problem": { backgroundColor: "var(--failed-bg)", boxShadow: "inset 2px 0 0 var(--failed-solid)" },
  ".cm-flow-problem": { backgroundColor: "var(--failed-bg)", boxShadow: "inset 2px 0 0 var(--failed-solid)" },
  ".cm-flow-drift": { backgroundColor: "var(--hold-bg)", boxShadow: "inset 2px 0 0 var(--hold-solid)" },
  ".cm-flow-change": { backgroundColor: "var(--diff-add)", boxShadow: "inset 2px 0 0 var(--delivered-solid)" },
  ".cm-tooltip": {
    backgroundColor: "var(--float)",
    border: "1px solid var(--line)",
    borderRadius: "var(--radius-lg)",
    boxShadow: "var(--shadow-menu)",
    color: "var(--ink)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--font-mono)",
    fontSize: "12px",
    minWidth: "260px",
    maxWidth: "min(460px, 90vw)",
    maxHeight: "240px",
    padding: "4px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    alignItems: "center",
    gap: "10px",
    height: "26px",
    padding: "0 8px",
    borderRadius: "var(--radius-sm)",
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--float-hover)", color: "var(--ink)" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600" },
  ".cm-completionDetail": {
    marginLeft: "auto",
    paddingLeft: "16px",
    fontStyle: "normal",
    fontFamily: "var(--font-sans)",
    color: "var(--muted)",
    overflow: "hidden",
    textOverflow: "ellipsis",
  },
  ".cm-suggestionKind": { width: "28px", flex: "none", fontSize: "11px", color: "var(--muted)" },
});

const colours = HighlightStyle.define([
  {
    tag: [tags.keyword, tags.controlKeyword, tags.definitionKeyword, tags.operatorKeyword],
    color: "var(--code-keyword)",
  },
  { tag: [tags.string, tags.special(tags.string), tags.regexp], color: "var(--code-string)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--code-number)" },
  { tag: tags.comment, color: "var(--code-comment)" },
  { tag: tags.propertyName, color: "var(--code-key)" },
  { tag: tags.invalid, color: "var(--failed)" },
]);

export const codeMirrorLook: Extension = [theme, syntaxHighlighting(colours)];
