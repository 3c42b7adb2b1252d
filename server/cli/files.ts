// Files that a person names. One that cannot be read or written is a wrong use, with a sentence.
import { readFile, writeFile } from "node:fs/promises";
import { CommandError } from "./exit-code.ts";

const because = ({ code, message }: NodeJS.ErrnoException) => code ?? message;

/** @throws CommandError naming the file */
export const readText = (file: string): Promise<string> =>
  readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new CommandError(`${file} cannot be read (${because(error)}).`);
  });

/** @throws CommandError naming the file */
export const writeNamed = (file: string, data: string | Buffer, options: { mode?: number; flag?: string } = {}) =>
  writeFile(file, data, options).catch((error: NodeJS.ErrnoException) => {
    const isThere = error.code === "EEXIST";
    const why = isThere ? "is there already: add --force to write over it" : `cannot be written (${because(error)})`;
    throw new CommandError(`${file} ${why}.`);
  });
