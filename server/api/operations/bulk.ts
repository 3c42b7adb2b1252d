import { read, search, write } from "#server/api/operation.ts";
import {
  BulkOperation,
  BulkOperationDetail,
  BulkPlan,
  ChangeBulkOperation,
  ListBulkOperations,
  ReplayEvents,
  RetryEvents,
  RetryRequests,
} from "#server/contracts/bulk.ts";
import { ById, page } from "#server/contracts/page.ts";
import * as verbs from "#server/resources/bulk.ts";

const ONE = "/bulk/:id";
const PLAN = { turns: "searches" } as const;
const START = { status: 201, turns: "searches" } as const;

export const bulk = {
  list: read("/bulk", "List bulk operations", ListBulkOperations, page(BulkOperation), verbs.listBulkOperations),
  get: search(ONE, "Get a bulk operation with its progress", ById, BulkOperationDetail, verbs.getBulkOperation),
  planReplay: write(
    "events.retry",
    "POST",
    "/events/replay/plan",
    "Count what a replay would send",
    ReplayEvents,
    BulkPlan,
    verbs.planReplay,
    PLAN,
  ),
  replay: write(
    "events.retry",
    "POST",
    "/events/replay",
    "Send events again, or backfill a connection",
    ReplayEvents,
    BulkOperation,
    verbs.replayEvents,
    START,
  ),
  planEventsRetry: write(
    "events.retry",
    "POST",
    "/bulk/events/retry/plan",
    "Count the events that a bulk retry would send",
    RetryEvents,
    BulkPlan,
    verbs.planEventsRetry,
    PLAN,
  ),
  retryEvents: write(
    "events.retry",
    "POST",
    "/bulk/events/retry",
    "Send the events of a list again",
    RetryEvents,
    BulkOperation,
    verbs.retryEvents,
    START,
  ),
  planRequestsRetry: write(
    "events.retry",
    "POST",
    "/bulk/requests/retry/plan",
    "Count the requests that a bulk retry would route",
    RetryRequests,
    BulkPlan,
    verbs.planRequestsRetry,
    PLAN,
  ),
  retryRequests: write(
    "events.retry",
    "POST",
    "/bulk/requests/retry",
    "Route the requests of a list again",
    RetryRequests,
    BulkOperation,
    verbs.retryRequests,
    START,
  ),
  change: write(
    "events.retry",
    "PATCH",
    ONE,
    "Change the rate of a running bulk operation",
    ChangeBulkOperation,
    BulkOperation,
    verbs.changeBulkOperation,
  ),
  cancel: write(
    "events.retry",
    "PUT",
    `${ONE}/cancel`,
    "Cancel what a bulk operation has not queued yet",
    ById,
    BulkOperation,
    verbs.cancelBulkOperation,
  ),
};
