import { expect, test } from "vitest";
import { visibleText } from "#server/contracts/visible-text.ts";

test("what turns, hides or joins letters is written out", () => {
  expect(visibleText("pay\u202eevil\u2066x\u200b\u00ad\u0000\u0085\ufeff")).toBe(
    "pay⟨U+202E⟩evil⟨U+2066⟩x⟨U+200B⟩⟨U+00AD⟩⟨U+0000⟩⟨U+0085⟩⟨U+FEFF⟩",
  );
  expect(visibleText("tag\u{e0041}")).toBe("tag⟨U+E0041⟩");
});

test("letters of every script, emoji, tabs and line feeds stay as they are", () => {
  const text = "שלום مرحبا 漢字 👩🏽 café\n\t<b>&amp;</b>";
  expect(visibleText(text)).toBe(text);
});
