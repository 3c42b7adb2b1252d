"use client";

import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink, httpLink, httpSubscriptionLink, splitLink } from "@trpc/client";
import { createTRPCContext } from "@trpc/tanstack-react-query";
import { type ReactNode, useState } from "react";
import type { AppRouter } from "#server/api/app-router.ts";
import { exactNumbersTransport } from "#server/json/transport.ts";
import { begunLink } from "./begun-link.ts";
import { noteFailure } from "./standing.ts";

const context = createTRPCContext<AppRouter>();
export const { useTRPC, useTRPCClient } = context;

/** What the server takes at once (server/web/trpc-request.ts). */
const MAX_BATCH_CALLS = 20;
const MAX_BATCH_URL_LENGTH = 8_000;

/** A page that was just rendered on the server is not asked for again at once. */
const FRESH_MS = 1500;

/** For the `context` of a call that is not to wait for the others of its moment, and that can be aborted by itself. */
export const ALONE = { isAlone: true };

interface TrpcProviderProps {
  /** The team that the page is of: its calls name it, whatever another tab looks at meanwhile. Null: nobody is signed in. */
  teamId: string | null;
  children: ReactNode;
}

export function TrpcProvider({ teamId, children }: TrpcProviderProps) {
  const [queryClient] = useState(
    () =>
      new QueryClient({
        queryCache: new QueryCache({ onError: noteFailure }),
        mutationCache: new MutationCache({ onError: noteFailure }),
        defaultOptions: {
          queries: { staleTime: FRESH_MS, retry: 1 },
          hydrate: { deserializeData: exactNumbersTransport.deserialize },
        },
      }),
  );
  const [trpcClient] = useState(() => {
    const options = {
      url: "/api/trpc",
      transformer: exactNumbersTransport,
      headers: teamId === null ? {} : { "x-team-id": teamId },
    };
    return createTRPCClient<AppRouter>({
      links: [
        begunLink,
        splitLink({
          condition: ({ type }) => type === "subscription",
          true: httpSubscriptionLink({
            url: "/api/trpc",
            transformer: exactNumbersTransport,
            connectionParams: teamId === null ? {} : { team_id: teamId },
          }),
          false: splitLink({
            condition: ({ context }) => context.isAlone === true,
            true: httpLink(options),
            false: httpBatchLink({ ...options, maxItems: MAX_BATCH_CALLS, maxURLLength: MAX_BATCH_URL_LENGTH }),
          }),
        }),
      ],
    });
  });
  return (
    <QueryClientProvider client={queryClient}>
      <context.TRPCProvider trpcClient={trpcClient} queryClient={queryClient}>
        {children}
      </context.TRPCProvider>
    </QueryClientProvider>
  );
}
