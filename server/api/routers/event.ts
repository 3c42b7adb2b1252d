import { EventDetail, EventSummary, ListEvents } from "#server/contracts/event.ts";
import { ById, page } from "#server/contracts/page.ts";
import { cancelEvent, getEvent, listEvents, retryEvent } from "#server/resources/events.ts";
import { router, teamProcedure } from "../trpc.ts";

export const eventRouter = router({
  list: teamProcedure
    .input(ListEvents)
    .output(page(EventSummary))
    .query(({ ctx, input }) => listEvents(ctx, input)),
  get: teamProcedure
    .input(ById)
    .output(EventDetail)
    .query(({ ctx, input }) => getEvent(ctx, input)),
  retry: teamProcedure
    .input(ById)
    .output(EventSummary)
    .mutation(({ ctx, input }) => retryEvent(ctx, input)),
  cancel: teamProcedure
    .input(ById)
    .output(EventSummary)
    .mutation(({ ctx, input }) => cancelEvent(ctx, input)),
});
