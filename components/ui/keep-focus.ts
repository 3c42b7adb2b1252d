import { useEffect, useState } from "react";

/**
 * Keeps the keys in a place whose content changes: when the element that had the focus is taken out, as by a skeleton that
 * becomes the thing itself, the place takes the focus. Else the next key would go to the page behind it.
 */
export function useKeepFocus() {
  const [place, setPlace] = useState<HTMLElement | null>(null);
  useEffect(() => {
    if (!place) return;
    let last: Node | null = place.contains(document.activeElement) ? document.activeElement : null;
    const note = ({ target }: FocusEvent) => {
      last = target instanceof Node ? target : null;
    };
    const observer = new MutationObserver(() => {
      if (last && !last.isConnected && document.activeElement === document.body) place.focus({ preventScroll: true });
    });
    place.addEventListener("focusin", note);
    observer.observe(place, { childList: true, subtree: true });
    return () => {
      place.removeEventListener("focusin", note);
      observer.disconnect();
    };
  }, [place]);
  return setPlace;
}
