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
import { getRawBody, getRequest, listRequests, retryRequest } from "#server/resources/requests.ts";
import { rawRoute, route } from "../operation.ts";

export const requestRoutes = [
  route("GET", "/requests", "List requests", ListRequests, page(RequestSummary), listRequests),
  route("GET", "/requests/:id", "Get a request with headers and body", ById, RequestDetail, getRequest),
  rawRoute("/requests/:id/raw_body", "Get the exact bytes that a producer sent", ById, getRawBody),
  route(
    "GET",
    "/requests/:request_id/events",
    "List the events of a request",
    ListRequestChildren,
    page(EventSummary),
    listRequestEvents,
  ),
  route(
    "GET",
    "/requests/:request_id/ignored_events",
    "List the connections that ignored a request, and why",
    ListRequestChildren,
    page(IgnoredEvent),
    listIgnoredEvents,
  ),
  route("POST", "/requests/:id/retry", "Evaluate a request's route again", RetryRequest, RetriedRequest, retryRequest),
];
