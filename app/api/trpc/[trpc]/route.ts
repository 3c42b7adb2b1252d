import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { appRouter } from "#server/api/app-router.ts";
import { lentApp } from "#server/web/lent-app.ts";
import { requestContext } from "#server/web/viewer.ts";

const handle = (req: Request) =>
  fetchRequestHandler({
    endpoint: "/api/trpc",
    req,
    router: appRouter,
    createContext: () => requestContext(req.headers),
    onError({ error, path }) {
      if (error.code === "INTERNAL_SERVER_ERROR")
        lentApp().log.error({ err: error.cause ?? error, path }, "a procedure failed");
    },
  });

export { handle as GET, handle as POST };
