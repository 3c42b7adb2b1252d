import { usePathname, useSearchParams } from "next/navigation";
import { useEffect, useRef } from "react";

/** The name under which the router keeps its tree in an entry of the history. Without it nothing is done here. */
const TREE = "__PRIVATE_NEXTJS_INTERNALS_TREE";

/**
 * Keeps the page through steps of the history that change its address behind the `?` alone. Each entry has the tree of the router
 * from when it was made. After a reload the page stands there under another key, so the router fetches it for a step back, and
 * fetches it again as the answer does not fit; a second step meanwhile changes the address and never the page. What an address
 * asks of its page is read in the browser, so the tree that is shown does for all of them.
 */
export function useSteadyPage(): void {
  const path = usePathname();
  const search = useSearchParams();
  const shown = useRef<{ path: string; tree: unknown }>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the router writes its entry anew with each of these
  useEffect(() => {
    shown.current = { path: location.pathname, tree: history.state?.[TREE] };
  }, [path, search]);
  useEffect(() => {
    const keep = ({ state }: PopStateEvent) => {
      const { path, tree } = shown.current ?? {};
      if (tree !== undefined && path === location.pathname && state?.[TREE] !== undefined) state[TREE] = tree;
    };
    // Before the router's own: an effect of a component runs before those of the ones around it.
    window.addEventListener("popstate", keep, { capture: true });
    return () => window.removeEventListener("popstate", keep, { capture: true });
  }, []);
}
