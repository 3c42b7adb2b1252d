import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { type PassphraseUse, readPassphrase } from "#server/cli/passphrase.ts";

const PHRASE = "correct horse battery";

/** Types these lines at a terminal, and resolves to the passphrase and what was shown. */
async function type(use: PassphraseUse, lines: string[], { isTTY = true } = {}) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
  const asked = readPassphrase(undefined, use, { input, output });
  input.end(lines.map((line) => `${line}\r`).join(""));
  return { passphrase: await asked, shown: String(output.read()) };
}

test("a new passphrase is typed twice, unseen", async () => {
  expect(await type("new", [PHRASE, PHRASE])).toEqual({ passphrase: PHRASE, shown: "Passphrase: \nOnce more: \n" });
  await expect(type("new", [PHRASE, "correct horse batterz"])).rejects.toThrow(
    "The two passphrases differ, and nothing was written",
  );
  await expect(type("new", [PHRASE])).rejects.toThrow("No passphrase was typed");
});

test("one that is known already is typed once", async () => {
  expect(await type("known", [PHRASE])).toEqual({ passphrase: PHRASE, shown: "Passphrase: \n" });
});

test("a short one is refused before it is asked for again, and without a terminal none is asked for", async () => {
  await expect(type("new", ["short", "short"])).rejects.toThrow("at least 12 characters");
  await expect(type("new", [], { isTTY: false })).rejects.toThrow("--passphrase-file");
});
