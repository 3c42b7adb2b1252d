import type { Border } from "./guest-border.ts";

export function installText({ ask, askBytes, define }: Border) {
  const bytesOf = (source: unknown): ArrayBuffer => {
    if (source instanceof ArrayBuffer) return source;
    if (!ArrayBuffer.isView(source)) throw new TypeError("Give an ArrayBuffer or a typed array.");
    return source.buffer.slice(source.byteOffset, source.byteOffset + source.byteLength) as ArrayBuffer;
  };

  class TextEncoder {
    get encoding() {
      return "utf-8";
    }
    encode(text: unknown = "") {
      return new Uint8Array(askBytes("encode", [String(text)]));
    }
  }

  class TextDecoder {
    readonly encoding: string;
    readonly fatal: boolean;
    readonly ignoreBOM: boolean;
    constructor(label: unknown = "utf-8", options: { fatal?: unknown; ignoreBOM?: unknown } = {}) {
      this.encoding = ask("encodingOf", String(label)) as string;
      this.fatal = Boolean(options.fatal);
      this.ignoreBOM = Boolean(options.ignoreBOM);
    }
    decode(source: unknown = new ArrayBuffer(0), options: { stream?: unknown } = {}) {
      if (options.stream) throw new TypeError("A transform's TextDecoder takes all bytes at once, not a stream.");
      const { fatal, ignoreBOM } = this;
      return askBytes("decode", [this.encoding, { fatal, ignoreBOM }], bytesOf(source)) as unknown as string;
    }
  }
  define(globalThis, "TextEncoder", TextEncoder);
  define(globalThis, "TextDecoder", TextDecoder);
  define(globalThis, "atob", (text: unknown) => ask("atob", String(text)));
  define(globalThis, "btoa", (text: unknown) => ask("btoa", String(text)));
  const soon = Promise.resolve();
  define(globalThis, "queueMicrotask", (callback: () => void) => void soon.then(() => callback()));
  return bytesOf;
}
