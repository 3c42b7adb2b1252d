// Texts and bytes that were changed on their way.

/** Each text that differs in one bit of one character; all characters are ASCII. */
export const oneBitOff = (text: string): string[] =>
  Array.from(text).flatMap((char, at) =>
    Array.from(
      { length: 7 },
      (_, bit) => text.slice(0, at) + String.fromCharCode(char.charCodeAt(0) ^ (1 << bit)) + text.slice(at + 1),
    ),
  );

/** Each run of bytes that differs in one bit. */
export const oneBitOffBytes = (bytes: Uint8Array): Uint8Array<ArrayBuffer>[] =>
  Array.from({ length: bytes.length * 8 }, (_, bit) => {
    const changed = Uint8Array.from(bytes);
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    return changed;
  });
