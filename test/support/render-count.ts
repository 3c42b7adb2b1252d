// Which cards React renders on a page, told by React itself: the hook that its developer tools use is there in what is shipped.
import type { Page } from "playwright-core";

declare global {
  interface Window {
    renderedCards: string[];
  }
}

/** Runs in the page before its scripts. Of each commit it notes the cards whose component did work. */
function watchRenders(): void {
  interface Fiber {
    tag: number;
    flags: number;
    child: Fiber | null;
    sibling: Fiber | null;
    alternate: Fiber | null;
    memoizedProps: { card?: { id?: string } } | null;
  }
  const COMPONENTS = new Set([0, 11, 14, 15]);
  const PERFORMED_WORK = 1;
  window.renderedCards = [];
  const visit = (fiber: Fiber, before: Fiber | null) => {
    const id = fiber.memoizedProps?.card?.id;
    if (id !== undefined && COMPONENTS.has(fiber.tag) && (fiber.flags & PERFORMED_WORK) !== 0)
      window.renderedCards.push(id);
    if (before !== null && before.child === fiber.child) return;
    for (let child = fiber.child; child !== null; child = child.sibling) visit(child, child.alternate);
  };
  Object.assign(window, {
    __REACT_DEVTOOLS_GLOBAL_HOOK__: {
      renderers: new Map(),
      supportsFiber: true,
      inject: () => 1,
      onCommitFiberRoot: (_id: number, root: { current: Fiber }) => visit(root.current, root.current.alternate),
      onCommitFiberUnmount: () => {},
      onPostCommitFiberRoot: () => {},
    },
  });
}

/** Opens `url` anew with the renders counted. */
export async function countRenders(page: Page, url: string): Promise<void> {
  await page.addInitScript(watchRenders);
  await page.goto(url);
}

/** The ids of the cards that were rendered since the last call. */
export const takeRendered = (page: Page): Promise<string[]> =>
  page.evaluate(() => [...new Set(window.renderedCards.splice(0))]);
