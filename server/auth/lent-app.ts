// Next runs its own bundle of our modules in this process. What must exist once (connections, keys, the sandbox) is made
// by main.ts and lent to that bundle by a name on globalThis, the only thing that both have in common.
import type { App } from "./ctx.ts";

const NAME = Symbol.for("switchyard.lent-app");

export interface LentApp {
  app: App;
  /** The value of the header `LOCAL_VISIT_HEADER` that only this process can set. */
  localVisitToken: string;
  /** Whether `/gallery` is there: in development, and where SWITCHYARD_GALLERY asks for it. */
  showsGallery: boolean;
}

/** Set by the server on requests that {@link isLocalVisit} vouches for; a visitor's own is thrown away. */
export const LOCAL_VISIT_HEADER = "x-switchyard-local-visit";

const shared = globalThis as typeof globalThis & { [NAME]?: LentApp };

export function lendApp(lent: LentApp): void {
  shared[NAME] = lent;
}

export function lentApp(): LentApp {
  const lent = shared[NAME];
  if (!lent)
    throw new Error("The dashboard runs under server/web/main.ts only; start it with npm start or npm run web.");
  return lent;
}

/** Whether `headers` carry this process's word that the person at the machine asks. */
export const isVouchedLocal = (headers: Headers) => headers.get(LOCAL_VISIT_HEADER) === lentApp().localVisitToken;
