import type { KeyboardEvent } from "react";

/** ⌘S saves in place of what the browser does with it. */
export const onSaveKey = (save: () => void) => (event: KeyboardEvent) => {
  if (event.key !== "s" || !(event.metaKey || event.ctrlKey)) return;
  event.preventDefault();
  save();
};
