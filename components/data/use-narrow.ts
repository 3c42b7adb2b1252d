import { useSyncExternalStore } from "react";

/** Below this rows are cards, and a panel is a page. */
const NARROW = "(max-width: 767px)";

function subscribe(listener: () => void) {
  const query = matchMedia(NARROW);
  query.addEventListener("change", listener);
  return () => query.removeEventListener("change", listener);
}

/** Whether the screen is a phone's; the server takes it for a wide one. */
export const useNarrow = () =>
  useSyncExternalStore(
    subscribe,
    () => matchMedia(NARROW).matches,
    () => false,
  );
