import { EventSummary } from "#server/contracts/event.ts";
import { ById, page } from "#server/contracts/page.ts";
import {
  IgnoredEvent,
  ListRequestChildren,
  ListRequests,
  RequestDetail,
  RequestSummary,
  RetriedRequest,
  RetryRequest,
} from "#server/contracts/request.ts";
import { listIgnoredEvents, listRequestEvents } from "#server/resources/request-children.ts";
import { getRequest, listRequests, retryRequest } from "#server/resources/requests.ts";
import { router, teamProcedure } from "../trpc.ts";

export const requestRouter = router({
  list: teamProcedure
    .input(ListRequests)
    .output(page(RequestSummary))
    .query(({ ctx, input }) => listRequests(ctx, input)),
  get: teamProcedure
    .input(ById)
    .output(RequestDetail)
    .query(({ ctx, input }) => getRequest(ctx, input)),
  events: teamProcedure
    .input(ListRequestChildren)
    .output(page(EventSummary))
    .query(({ ctx, input }) => listRequestEvents(ctx, input)),
  ignoredEvents: teamProcedure
    .input(ListRequestChildren)
    .output(page(IgnoredEvent))
    .query(({ ctx, input }) => listIgnoredEvents(ctx, input)),
  retry: teamProcedure
    .input(RetryRequest)
    .output(RetriedRequest)
    .mutation(({ ctx, input }) => retryRequest(ctx, input)),
});
