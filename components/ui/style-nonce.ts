import { setNonce } from "get-nonce";

let nonce: string | undefined;

/**
 * The nonce of this page, for a `<style>` that a library adds. Libraries that ask `get-nonce` get it by the first call.
 * Undefined on the server.
 */
export function styleNonce(): string | undefined {
  if (typeof document === "undefined") return undefined;
  if (nonce === undefined) {
    nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";
    if (nonce) setNonce(nonce);
  }
  return nonce || undefined;
}

/**
 * Takes back the `outline: none` that radix writes on a group with arrow keys: as an attribute of a page from the server
 * the content security policy refuses it (docs/decisions/025-the-kit-and-the-policy.md).
 */
export const NO_INLINE_STYLE = { outline: undefined };
