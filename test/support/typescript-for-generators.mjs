// Preloaded into a generator of clients: generators print through the compiler's API, which TypeScript 7 does not have any more.
// Those that ask for `typescript` get the older one that another of them brings.
import { createRequire, registerHooks } from "node:module";

const brought = createRequire(createRequire(import.meta.url).resolve("swagger-typescript-api")).resolve("typescript");
registerHooks({
  resolve: (specifier, context, next) => next(specifier === "typescript" ? brought : specifier, context),
});
