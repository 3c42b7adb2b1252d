// The passphrase of a backup with the key: from a file, or typed unseen.
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { type Readable, Writable } from "node:stream";
import { MIN_PASSPHRASE_CHARS } from "#server/backup/sealed-key.ts";
import { AppError } from "#server/errors/app-error.ts";

export type PassphraseUse = "new" | "known";

/** Where it is typed. */
export interface Terminal {
  input: Readable & { isTTY?: boolean | undefined };
  output: Writable;
}

const wrong = (sentence: string) => new AppError("BAD_REQUEST", sentence);

/** The passphrase in a file, or typed: a new one twice. @throws AppError where there is none, or it is too short */
export async function readPassphrase(
  path: string | undefined,
  use: PassphraseUse,
  terminal: Terminal = { input: process.stdin, output: process.stderr },
): Promise<string> {
  return path === undefined ? askFor(use, terminal) : longEnough(await readFrom(path));
}

const readFrom = (path: string) =>
  readFile(path, "utf8").catch((cause: NodeJS.ErrnoException) => {
    throw wrong(`The passphrase in ${path} cannot be read (${cause.code}).`);
  });

function longEnough(given: string): string {
  const passphrase = given.replace(/\r?\n$/, "");
  if (passphrase.length < MIN_PASSPHRASE_CHARS)
    throw wrong(`The passphrase must have at least ${MIN_PASSPHRASE_CHARS} characters.`);
  return passphrase;
}

async function askFor(use: PassphraseUse, { input, output }: Terminal): Promise<string> {
  if (!input.isTTY) throw wrong("Give the passphrase in a file, with --passphrase-file FILE.");
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: unseen, terminal: true });
  // What is pasted may come at once, before the second one is asked for.
  const typed = lines[Symbol.asyncIterator]();
  const ask = async (words: string) => {
    output.write(words);
    const { value, done } = await typed.next();
    output.write("\n");
    if (done) throw wrong("No passphrase was typed.");
    return value;
  };
  try {
    const passphrase = longEnough(await ask("Passphrase: "));
    if (use === "new" && (await ask("Once more: ")) !== passphrase)
      throw wrong("The two passphrases differ, and nothing was written: begin again.");
    return passphrase;
  } finally {
    lines.close();
  }
}
