import type { KeyboardEvent } from "react";

/**
 * A dialog's own ear for Esc. Radix takes the key from the render after the one that moves the focus in; a key pressed
 * in between reached nobody, and the dialog stayed. Whoever has used the key already has prevented its default.
 */
export const closeOnEscape = (close: () => void) => (event: KeyboardEvent) => {
  if (event.key === "Escape" && !event.defaultPrevented) close();
};
