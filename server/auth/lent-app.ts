// The app that main.ts lends to Next, which runs its own bundle of our modules in this process. Connections, keys and the
// sandbox must exist once. The bundle finds them under a name on globalThis, the only thing that both have in common.
import type { App } from "./ctx.ts";
import type { ReadVisit } from "./visit.ts";

const NAME = Symbol.for("switchyard.lent-app");

export interface LentApp {
  app: App;
  readVisit: ReadVisit;
  /** Whether `/gallery` is there: in development, and where SWITCHYARD_GALLERY asks for it. */
  showsGallery: boolean;
  /** What people call the company's own log-in; null where there is none. */
  providerName: string | null;
}

/** Says to a page at which address it is; set by the server, and a visitor's own is thrown away. */
export const PATH_HEADER = "x-switchyard-path";

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
