// The way of pages to the verbs: in process, with the same router as tRPC over HTTP. This is the only Next and React code
// in server/.
import {
  defaultShouldDehydrateQuery,
  dehydrate,
  type FetchQueryOptions,
  HydrationBoundary,
  QueryClient,
  type QueryKey,
} from "@tanstack/react-query";
import { TRPCError } from "@trpc/server";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { headers } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { cache, type ReactNode } from "react";
import { type InvitationLink, readInvitation } from "#server/auth/accept-invitation.ts";
import { requireCan } from "#server/auth/ctx.ts";
import { inTurn } from "#server/auth/in-turn.ts";
import { lentApp, PATH_HEADER } from "#server/auth/lent-app.ts";
import { readUnsubscribed } from "#server/auth/mail-readers.ts";
import { type OwnerLinkState, readOwnerLink } from "#server/auth/owner.ts";
import { readPasswordLink } from "#server/auth/password-link.ts";
import { relyingPartyOf } from "#server/auth/relying-party.ts";
import type { Membership, Person } from "#server/auth/visit.ts";
import type { Capability } from "#server/contracts/capability.ts";
import type { SignInWays } from "#server/contracts/sign-in-ways.ts";
import { AppError } from "#server/errors/app-error.ts";
import { exactNumbersTransport } from "#server/json/transport.ts";
import { AS_DOWNLOAD, STRANGERS_BYTES_HEADERS } from "#server/wire/strangers-bytes.ts";
import { appRouter } from "./app-router.ts";
import type { BytesOperation } from "./operation.ts";
import { HTTP_STATUS } from "./rest-errors.ts";

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

const readVisit = cache(async () => {
  const sent = await headers();
  return lentApp().readVisit({ cookie: sent.get("cookie") ?? undefined });
});

/** A page view: the person, and what a page may show of them. */
export interface PageVisit {
  person: Person;
  team: Membership;
  teams: Membership[];
  can: Capability[];
}

/** The address of the page, for the way back after a log-in. */
async function pathOfPage(): Promise<string> {
  const url = new URL((await headers()).get(PATH_HEADER) ?? "/", "http://page");
  url.searchParams.delete("_rsc");
  return url.pathname + url.search;
}

/** First line of every page: the person whose page view this is. Anybody else is sent to the log-in, and the page ends there. */
export async function requireVisit(): Promise<PageVisit> {
  const visit = await readVisit();
  if (visit.kind !== "member") redirect(`/sign-in?next=${encodeURIComponent(await pathOfPage())}`);
  const { person, team, teams, ctx } = visit;
  return { person, team, teams, can: [...ctx.can] };
}

/** The person on a page that is open to everybody; null for a stranger. */
export async function currentPerson(): Promise<{ person: Person; teamId: string | null } | null> {
  const visit = await readVisit();
  if (visit.kind === "signed-out") return null;
  return { person: visit.person, teamId: visit.kind === "member" ? visit.team.id : null };
}

/** What stands on the log-in besides the password. Both belong to the one name of the dashboard. */
export async function signInWays(): Promise<SignInWays> {
  const { app, providerName } = lentApp();
  const { publicDashboardUrl } = app;
  if ((await headers()).get("host") !== new URL(publicDashboardUrl).host) return { hasPasskeys: false, provider: null };
  const hasPasskeys =
    relyingPartyOf(publicDashboardUrl) !== null && (await app.db.passkey.findFirst({ select: { id: true } })) !== null;
  return { hasPasskeys, provider: providerName };
}

/** The state of the link of the first start. */
export const ownerLink = async (token: string): Promise<OwnerLinkState> => {
  const { app } = lentApp();
  return readOwnerLink(app.db, token, app.now());
};

/** Whose lost password a link replaces; null for one that is good for nothing. */
export const passwordLink = async (token: string): Promise<{ email: string } | null> => {
  const { app } = lentApp();
  return readPasswordLink(app.db, token, app.now());
};

/** An invitation, and who looks at it. */
export async function invitationLink(token: string) {
  const { app } = lentApp();
  const now = app.now();
  const link: InvitationLink = await readInvitation(app.db, token, now);
  if (link.kind !== "open") return { link, who: "new" as const, validMs: 0 };
  const there = await currentPerson();
  const isSame = there?.person.email === link.email;
  const stranger = link.hasAccount ? ("known" as const) : ("new" as const);
  const who = there === null ? stranger : isSame ? ("here" as const) : ("other" as const);
  return { link, who, validMs: link.expiresAt.getTime() - now.getTime() };
}

/** The link of a mail, by which its reader ends the mails of a team; null where it is not good. */
export const unsubscribeLink = (token: string) => readUnsubscribed(lentApp().app, token);

const caller = async () => {
  const visit = await readVisit();
  return visit.kind === "member" ? visit.ctx : undefined;
};

/** Where programs call, without a trailing slash. */
export const gatewayUrl = () => lentApp().app.publicGatewayUrl;

/** The docs, and where their examples call. */
export const guide = () => ({ pages: lentApp().app.guide.pages(), gatewayUrl: gatewayUrl() });

/** Whether this installation has the gallery of components (README: SWITCHYARD_GALLERY). */
export const showsGallery = () => lentApp().showsGallery;

export const trpc = createTRPCOptionsProxy({ router: appRouter, ctx: { caller }, queryClient: getQueryClient });

/** Starts a query for the client view that will read it; a failure is the view's to show. Done when it is answered. */
export function prefetch<TFnData, TError, TData, TKey extends QueryKey>(
  options: FetchQueryOptions<TFnData, TError, TData, TKey>,
): Promise<void> {
  return getQueryClient().prefetchQuery(options);
}

/** Reads what a page is about, before anything of the page is sent. Where it is not there, the page ends as not found. */
export async function fetchOrNotFound<TFnData, TError, TData, TKey extends QueryKey>(
  options: FetchQueryOptions<TFnData, TError, TData, TKey>,
): Promise<void> {
  try {
    await getQueryClient().fetchQuery(options);
  } catch (error) {
    if (error instanceof TRPCError && error.code === "NOT_FOUND") notFound();
    // Anything else is the view's to show, which asks again.
  }
}

/** A stranger's bytes as a file to save: nothing that a browser would show, run or frame. */
export async function download(operation: BytesOperation, id: string): Promise<Response> {
  const ctx = await caller();
  if (!ctx) return new Response("Log in first.\n", { status: 401 });
  try {
    requireCan(ctx, operation.can);
    const { body } = await inTurn(ctx, operation.turns, () => operation.run(ctx, { id }));
    const headers = {
      ...STRANGERS_BYTES_HEADERS,
      ...AS_DOWNLOAD,
      "content-disposition": `attachment; filename="${id.replace(/[^A-Za-z0-9_]/g, "")}.bin"`,
      "cache-control": "no-store",
    };
    return new Response(new Uint8Array(body), { headers });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return new Response(`${error.message}\n`, { status: HTTP_STATUS[error.code] });
  }
}

export function Hydrate({ children }: { children: ReactNode }) {
  return <HydrationBoundary state={dehydrate(getQueryClient())}>{children}</HydrationBoundary>;
}
