import { fetchRequestHandler } from "@trpc/server/adapters/fetch";
import { appRouter } from "#server/api/app-router.ts";
import { requestContext } from "#server/web/viewer.ts";

const handle = (req: Request) =>
  fetchRequestHandler({
    endpoint: "/api/trpc",
    req,
    router: appRouter,
    createContext: () => requestContext(req.headers),
  });

export { handle as GET, handle as POST };
