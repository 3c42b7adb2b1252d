// The typing of text into an editor of code, whatever its language.
import { EditorView } from "@codemirror/view";

/**
 * What is typed over chosen text is put in by the editor. Chrome itself would keep the look of the text in a style attribute,
 * which the content security policy refuses with a word in the console.
 */
export const overChosenText = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { state } = view;
    const { from, to } = state.selection.main;
    const text = event.inputType === "insertText" ? event.data : null;
    if (text === null || from === to || view.composing || state.readOnly || state.selection.ranges.length > 1)
      return false;
    event.preventDefault();
    const insert = () =>
      state.update({
        changes: { from, to, insert: text },
        selection: { anchor: from + text.length },
        userEvent: "input.type",
        scrollIntoView: true,
      });
    const isTaken = state.facet(EditorView.inputHandler).some((handler) => handler(view, from, to, text, insert));
    if (!isTaken) view.dispatch(insert());
    return true;
  },
});

/** Text as it is typed, and a place of its own in the order of tabs. */
export const asTyped = EditorView.contentAttributes.of({
  spellcheck: "false",
  autocorrect: "off",
  autocapitalize: "off",
  tabindex: "0",
});
