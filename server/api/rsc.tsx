// The pages' way to the verbs: in process, with the same router as tRPC over HTTP. The only Next and React code in server/.
import {
  defaultShouldDehydrateQuery,
  dehydrate,
  type FetchQueryOptions,
  HydrationBoundary,
  QueryClient,
  type QueryKey,
} from "@tanstack/react-query";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { headers } from "next/headers";
import { cache, type ReactNode } from "react";
import { lentApp } from "#server/auth/lent-app.ts";
import { viewerCtx } from "#server/auth/viewer.ts";
import { exactNumbersTransport } from "#server/json/transport.ts";
import { appRouter } from "./app-router.ts";

/** One per page view. Queries that are still running go to the browser as promises, so that a page is never held up by one. */
const getQueryClient = cache(
  () =>
    new QueryClient({
      defaultOptions: {
        dehydrate: {
          serializeData: exactNumbersTransport.serialize,
          shouldDehydrateQuery: (query) => defaultShouldDehydrateQuery(query) || query.state.status === "pending",
        },
      },
    }),
);

const viewer = cache(async () => viewerCtx(await headers()));

/** Whether whoever asks for this page may see the team's data. */
export const isViewer = async () => (await viewer()) !== undefined;

/** Whether this installation has the gallery of components (README: SWITCHYARD_GALLERY). */
export const showsGallery = () => lentApp().showsGallery;

export const trpc = createTRPCOptionsProxy({ router: appRouter, ctx: { caller: viewer }, queryClient: getQueryClient });

/** Starts a query for the client view that will read it; a failure is the view's to show. */
export function prefetch<TFnData, TError, TData, TKey extends QueryKey>(
  options: FetchQueryOptions<TFnData, TError, TData, TKey>,
): void {
  void getQueryClient().prefetchQuery(options);
}

export function Hydrate({ children }: { children: ReactNode }) {
  return <HydrationBoundary state={dehydrate(getQueryClient())}>{children}</HydrationBoundary>;
}
