import { read, readBytes, search, write } from "#server/api/operation.ts";
import { BodyText, ReadBodyText } from "#server/contracts/body-text.ts";
import { ErasedRequest, EraseRequest, ErasurePlan } from "#server/contracts/erasure.ts";
import { EventSummary } from "#server/contracts/event.ts";
import { RequestCounts, RequestHistogram } from "#server/contracts/histogram.ts";
import { page } from "#server/contracts/page.ts";
import {
  GetRequest,
  IgnoredEvent,
  ListRequestChildren,
  ListRequests,
  RequestDetail,
  RequestSummary,
  RetriedRequest,
  RetryRequest,
} from "#server/contracts/request.ts";
import { RequestBranches } from "#server/contracts/request-branch.ts";
import { RequestVerification } from "#server/contracts/request-verification.ts";
import { ById } from "#server/contracts/resource-fields.ts";
import { TransformRequest } from "#server/contracts/transformation.ts";
import { eraseRequest, planErasure } from "#server/resources/erase-request.ts";
import { countRequests } from "#server/resources/histogram.ts";
import { listRequestBranches } from "#server/resources/request-branches.ts";
import { listIgnoredEvents, listRequestEvents } from "#server/resources/request-children.ts";
import { getRequestVerification } from "#server/resources/request-verification.ts";
import * as verbs from "#server/resources/requests.ts";

const PATH = "/requests";
const ONE = "/requests/:id";

export const requests = {
  list: search(PATH, "List requests", ListRequests, page(RequestSummary), verbs.listRequests),
  histogram: search(
    "/requests/histogram",
    "Count the requests of a list over time",
    RequestHistogram,
    RequestCounts,
    countRequests,
  ),
  get: read(ONE, "Get a request with headers and body", GetRequest, RequestDetail, verbs.getRequest),
  body: read(
    `${ONE}/body`,
    "Get the body of a request as a person reads it",
    ReadBodyText,
    BodyText,
    verbs.getRequestBodyText,
  ),
  ruleRequest: read(
    `${ONE}/rule_request`,
    "Get a request as filters and transforms see it",
    ById,
    TransformRequest,
    verbs.getRuleRequest,
  ),
  verification: read(
    `${ONE}/verification`,
    "Explain the verdict on a request's sender, check by check",
    ById,
    RequestVerification,
    getRequestVerification,
  ),
  branches: search(
    `${ONE}/branches`,
    "List what each connection made of a request",
    ById,
    RequestBranches,
    listRequestBranches,
  ),
  rawBody: readBytes(`${ONE}/raw_body`, "Get the exact bytes that a producer sent", ById, verbs.getRawBody),
  events: search(
    "/requests/:request_id/events",
    "List the events of a request",
    ListRequestChildren,
    page(EventSummary),
    listRequestEvents,
  ),
  ignoredEvents: search(
    "/requests/:request_id/ignored_events",
    "List the connections that ignored a request, and why",
    ListRequestChildren,
    page(IgnoredEvent),
    listIgnoredEvents,
  ),
  planErasure: search(
    `${ONE}/erase/plan`,
    "Count what erasing the payload of a request would reach, and what it would not",
    ById,
    ErasurePlan,
    planErasure,
  ),
  erase: write(
    "payload.erase",
    "POST",
    `${ONE}/erase`,
    "Erase the payload of a request, with what was made of it",
    EraseRequest,
    ErasedRequest,
    eraseRequest,
  ),
  retry: write(
    "events.retry",
    "POST",
    `${ONE}/retry`,
    "Evaluate a request's route again",
    RetryRequest,
    RetriedRequest,
    verbs.retryRequest,
  ),
};
