// The meaning of keys. Pure: the browser's part is in use-keys.ts.

export interface KeyBinding {
  /**
   * One key (`?`, `Enter`), or two after each other (`g o`). Upper case means with Shift. One with ⌘ is only listed: who has it
   * hears it where the focus is.
   */
  keys: string;
  /** What it does, for the list of keys. */
  label: string;
  run: () => void;
}

export interface KeyPress {
  key: string;
  hasModifier: boolean;
  isTyping: boolean;
  isRepeat: boolean;
}

interface Outcome {
  /** What was pressed so far of a sequence; empty when none is under way. */
  pending: string;
  binding: KeyBinding | undefined;
}

/**
 * What a press means after `pending`. A press while typing, or with Ctrl, Alt or ⌘, means nothing and ends a sequence:
 * those belong to the field and the browser. Of two bindings with the same keys the later one counts.
 */
export function readKey(bindings: readonly KeyBinding[], pending: string, press: KeyPress): Outcome {
  if (press.hasModifier || press.isTyping || press.isRepeat) return { pending: "", binding: undefined };
  const isOwn = (keys: string) => bindings.findLast((one) => one.keys === keys);
  const sequence = pending === "" ? press.key : `${pending} ${press.key}`;
  const binding = isOwn(sequence) ?? isOwn(press.key);
  if (binding) return { pending: "", binding };
  const isStart = bindings.some(({ keys }) => keys.startsWith(`${press.key} `));
  return { pending: isStart ? press.key : "", binding: undefined };
}
