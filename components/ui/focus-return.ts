import { useRef } from "react";

/** A menu is gone by then; the button that opened it is named as its label. */
function openerOf(element: Element | null): HTMLElement | null {
  const menuLabel = element?.closest("[role='menu']")?.getAttribute("aria-labelledby");
  const opener = menuLabel ? document.getElementById(menuLabel) : element;
  return opener instanceof HTMLElement ? opener : null;
}

/**
 * Gives the focus back to whatever had it when a dialog opened. Radix does so for a trigger of its own only, and our
 * dialogs are opened by state. Whoever has moved on to another place meanwhile is left there.
 */
export function useFocusReturn(isOpen: boolean) {
  const opener = useRef<HTMLElement | null>(null);
  const wasOpen = useRef(false);
  // As it is drawn: a field of the dialog that takes the focus for itself has it before Radix tells of anything.
  if (isOpen && !wasOpen.current && typeof document !== "undefined") opener.current = openerOf(document.activeElement);
  wasOpen.current = isOpen;
  return {
    onCloseAutoFocus: (event: Event) => {
      event.preventDefault();
      if (document.activeElement === null || document.activeElement === document.body) opener.current?.focus();
    },
  };
}
