import { showToast } from "#components/ui/toasts.ts";

interface Changed {
  updated_at: string;
}

export interface Act<R extends Changed> {
  run: () => Promise<R>;
  /** What is so then. */
  says: string;
  kind?: "done" | "held";
  /** The inverse, made only while the resource is as this act left it. */
  undo: (ifUpdatedAt: string) => Promise<R>;
  /** Told of the resource after the act, and after its undo. */
  onChanged: (resource: R) => void;
}

const sentenceOf = (error: unknown) =>
  error instanceof Error && error.message !== "" ? error.message : "The server did not answer: nothing was changed.";

export const sayFailed = (error: unknown) => showToast({ kind: "failed", text: sentenceOf(error) });

/** Acts at once and says so with an Undo, which says why when the world has moved on. */
export async function act<R extends Changed>({ run, says, kind = "done", undo, onChanged }: Act<R>): Promise<boolean> {
  const takeBack = async (after: R) => {
    try {
      onChanged(await undo(after.updated_at));
      showToast({ kind: "done", text: "It is as it was." });
    } catch (error) {
      sayFailed(error);
    }
  };
  try {
    const after = await run();
    onChanged(after);
    showToast({ kind, text: says, action: { label: "Undo", run: () => void takeBack(after) } });
    return true;
  } catch (error) {
    sayFailed(error);
    return false;
  }
}

interface Named {
  id: string;
  name: string;
}

/** Gives a resource another name, with its Undo. */
export const rename = <R extends Changed>(
  { id, name }: Named,
  next: string,
  update: (input: Named & { if_updated_at?: string }) => Promise<R>,
  onChanged: (resource: R) => void,
): Promise<boolean> =>
  act({
    run: () => update({ id, name: next }),
    says: `${name} is now ${next}.`,
    undo: (if_updated_at) => update({ id, name, if_updated_at }),
    onChanged,
  });
