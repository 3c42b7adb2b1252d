import { describe, expect, test } from "vitest";
import { type KeyBinding, type KeyPress, readKey } from "#components/ui/key-sequence.ts";

const binding = (keys: string): KeyBinding => ({ keys, label: keys, run: () => {} });
const press = (key: string, more: Partial<KeyPress> = {}): KeyPress => ({
  key,
  hasModifier: false,
  isTyping: false,
  isRepeat: false,
  ...more,
});
const BINDINGS = ["?", "g o", "g e", "j", "P", "o"].map(binding);

/** What the presses run, in their order. */
function run(bindings: readonly KeyBinding[], presses: KeyPress[]): string[] {
  let pending = "";
  return presses.flatMap((one) => {
    const outcome = readKey(bindings, pending, one);
    pending = outcome.pending;
    return outcome.binding ? [outcome.binding.keys] : [];
  });
}
const keys = (text: string) => text.split(" ").map((key) => press(key));

describe("readKey", () => {
  test.each([
    ["?", ["?"]],
    ["j j", ["j", "j"]],
    ["g o", ["g o"]],
    ["g o o", ["g o", "o"]],
    ["g g e", ["g e"]],
    ["g x o", ["o"]],
    ["g ? o", ["?", "o"]],
    ["g j", ["j"]],
    ["p P", ["P"]],
    ["x", []],
    ["g", []],
  ])("%s runs %j", (text, expected) => {
    expect(run(BINDINGS, keys(text))).toEqual(expected);
  });

  test.each([
    ["while typing", { isTyping: true }],
    ["with Ctrl, Alt or ⌘", { hasModifier: true }],
    ["held down", { isRepeat: true }],
  ])("a key %s runs nothing and ends a sequence", (_, more) => {
    expect(run(BINDINGS, [press("j", more)])).toEqual([]);
    expect(run(BINDINGS, [press("g"), press("x", more), press("o")])).toEqual(["o"]);
    expect(run(BINDINGS, [press("g"), press("o", more)])).toEqual([]);
  });

  test("of two bindings with the same keys the later one counts", () => {
    const [first, second] = [binding("j"), binding("j")];
    expect(readKey([first, second], "", press("j")).binding).toBe(second);
  });
});
