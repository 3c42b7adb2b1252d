import { useCallback, useRef } from "react";

/**
 * Carries the focus from the button that stands while the code of what it opens is on its way to the one that takes its
 * place. They are two elements: without this the focus is nowhere, and the next key goes to the page.
 */
export function useCarriedFocus() {
  const hadFocus = useRef(false);
  return {
    /** The ref of the button before. */
    from: useCallback(
      (button: HTMLElement | null) => () => {
        hadFocus.current = button !== null && button === document.activeElement;
      },
      [],
    ),
    /** The ref of the button after. */
    to: useCallback((button: HTMLElement | null) => {
      if (hadFocus.current) button?.focus({ preventScroll: true });
      hadFocus.current = false;
    }, []),
  };
}
