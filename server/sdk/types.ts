// Written by `npm run sdk` from the table of operations.
import type { CallOptions } from "./call.ts";

export interface Page<T> {
  data: T[];
  pagination: Pagination;
  count?: number | undefined;
}

/** The first page as a promise; `for await` goes through the items of this page and of all that follow. */
export type Pages<T> = Promise<Page<T>> & AsyncIterable<T>;

/** A client: one call for each operation. */
export interface Switchyard {
  sources: {
    /** List sources. */
    list(input?: SourcesListInput, options?: CallOptions): Pages<Source>;
    /** Create a source. */
    create(input: SourcesCreateInput, options?: CallOptions): Promise<Source>;
    /** Create a source or change the one of this name. */
    upsert(input: SourcesUpsertInput, options?: CallOptions): Promise<Source>;
    /** Make the source of the team's own happenings, or get it. */
    system(input?: Record<string, never>, options?: CallOptions): Promise<Source>;
    /** Get a source. */
    get(input: { id: string }, options?: CallOptions): Promise<Source>;
    /** Change a source; config is merged. */
    update(input: SourcesUpdateInput, options?: CallOptions): Promise<Source>;
    /** Delete a source that no connection uses. */
    delete(input: { id: string }, options?: CallOptions): Promise<Deleted>;
    /** Enable a source. */
    enable(input: SourcesEnableInput, options?: CallOptions): Promise<Source>;
    /** Disable a source: it rejects at the door. */
    disable(input: SourcesDisableInput, options?: CallOptions): Promise<Source>;
    /** A command that signs a webhook as the source's provider does. */
    example(input: { id: string }, options?: CallOptions): Promise<SourcesExampleOutput>;
    /** Send a signed webhook to a source's public URL, and ask every gateway whether it knows the source. */
    test(input: SourcesTestInput, options?: CallOptions): Promise<SourcesTestOutput>;
    /** Copy a source with its secrets, under a URL of its own. */
    duplicate(input: SourcesDuplicateInput, options?: CallOptions): Promise<Source>;
    /** Rotate a source's secret. */
    rotateSecret(input: SourcesRotateSecretInput, options?: CallOptions): Promise<SourcesRotateSecretOutput>;
    /** List a source's secrets with when each was last of use. */
    secretUses(input: { id: string }, options?: CallOptions): Promise<SourcesSecretUsesOutput>;
    /** List recent requests of a source as rules see them. */
    samples(input: SourcesSamplesInput, options?: CallOptions): Promise<SourcesSamplesOutput>;
  };
  destinations: {
    /** List destinations. */
    list(input?: DestinationsListInput, options?: CallOptions): Pages<Destination>;
    /** Create a destination. */
    create(input: DestinationsCreateInput, options?: CallOptions): Promise<Destination>;
    /** Create a destination or change the one of this name. */
    upsert(input: DestinationsUpsertInput, options?: CallOptions): Promise<Destination>;
    /** Get a destination. */
    get(input: { id: string }, options?: CallOptions): Promise<Destination>;
    /** Say how a destination's order stands, and which events block it. */
    order(input: { id: string }, options?: CallOptions): Promise<DestinationsOrderOutput>;
    /** Change a destination; config is merged. */
    update(input: DestinationsUpdateInput, options?: CallOptions): Promise<Destination>;
    /** Delete a destination that no connection uses. */
    delete(input: { id: string }, options?: CallOptions): Promise<Deleted>;
    /** Enable a destination. */
    enable(input: DestinationsEnableInput, options?: CallOptions): Promise<Destination>;
    /** Disable a destination: every branch to it stops. */
    disable(input: DestinationsDisableInput, options?: CallOptions): Promise<Destination>;
    /** Open or close a destination's breaker by hand, or leave it to itself. */
    breaker(input: DestinationsBreakerInput, options?: CallOptions): Promise<Destination>;
    /** List what waits of a destination's groups, the longest queue first. */
    groups(input: { id: string }, options?: CallOptions): Promise<DestinationsGroupsOutput>;
    /** Pause one group of a destination: its events are held. */
    pauseGroup(input: DestinationsPauseGroupInput, options?: CallOptions): Promise<Destination>;
    /** Go on with a group of a destination that was paused. */
    resumeGroup(input: DestinationsResumeGroupInput, options?: CallOptions): Promise<Destination>;
    /** Make another destination with the same settings and secrets. */
    duplicate(input: DestinationsDuplicateInput, options?: CallOptions): Promise<Destination>;
    /** Rotate a destination's secret. */
    rotateSecret(input: DestinationsRotateSecretInput, options?: CallOptions): Promise<DestinationsRotateSecretOutput>;
    /** Try the settings of a bucket with a small object, saved or not. */
    check(input?: DestinationsCheckInput, options?: CallOptions): Promise<DestinationsCheckOutput>;
    /** Say which part of a signature that a receiver got does not fit. */
    checkSignature(input: DestinationsCheckSignatureInput, options?: CallOptions): Promise<DestinationsCheckSignatureOutput>;
  };
  connections: {
    /** List connections. */
    list(input?: ConnectionsListInput, options?: CallOptions): Pages<Connection>;
    /** Create a connection, with inline ends if wanted. */
    create(input: ConnectionsCreateInput, options?: CallOptions): Promise<SavedConnection>;
    /** Create a connection or change the one of this name. */
    upsert(input: ConnectionsUpsertInput, options?: CallOptions): Promise<SavedConnection>;
    /** Get a connection. */
    get(input: { id: string }, options?: CallOptions): Promise<Connection>;
    /** Change a connection; rules are replaced as a whole. */
    update(input: ConnectionsUpdateInput, options?: CallOptions): Promise<SavedConnection>;
    /** Delete a connection. */
    delete(input: { id: string }, options?: CallOptions): Promise<Deleted>;
    /** Enable a connection. */
    enable(input: ConnectionsEnableInput, options?: CallOptions): Promise<Connection>;
    /** Disable a connection: no new events. */
    disable(input: ConnectionsDisableInput, options?: CallOptions): Promise<Connection>;
    /** Hold a connection's events, until a time if wanted. */
    pause(input: ConnectionsPauseInput, options?: CallOptions): Promise<Connection>;
    /** Drain what a connection held. */
    unpause(input: ConnectionsUnpauseInput, options?: CallOptions): Promise<Connection>;
    /** Try drafted rules on stored requests; nothing is saved or sent. */
    dryRun(input: ConnectionsDryRunInput, options?: CallOptions): Promise<DryRun>;
    /** Try the rules of a connection to be on stored requests of a source. */
    dryRunSource(input: ConnectionsDryRunSourceInput, options?: CallOptions): Promise<DryRun>;
  };
  routes: {
    /** Connect all sources that fit a glob to a destination, each with a filter on event types. */
    put(input: RoutesPutInput, options?: CallOptions): Promise<RoutesPutOutput>;
  };
  endpoints: {
    /** List endpoints. */
    list(input?: EndpointsListInput, options?: CallOptions): Pages<EndpointsListItem>;
    /** List the endpoints that went within a day. */
    gone(input?: Record<string, never>, options?: CallOptions): Promise<EndpointsGoneOutput>;
    /** Register a consumer by URL and event types: a destination and its connections in one. */
    create(input: EndpointsCreateInput, options?: CallOptions): Promise<EndpointsCreateOutput>;
    /** Get an endpoint. */
    get(input: { id: string }, options?: CallOptions): Promise<EndpointsGetOutput>;
    /** Change an endpoint's URL, event types, lease or pause. */
    update(input: EndpointsUpdateInput, options?: CallOptions): Promise<EndpointsUpdateOutput>;
    /** Remove an endpoint, its connections and its keys. */
    delete(input: { id: string }, options?: CallOptions): Promise<EndpointsDeleteOutput>;
    /** Renew an endpoint's lease. */
    renew(input: { id: string }, options?: CallOptions): Promise<EndpointsRenewOutput>;
    /** Send an endpoint its challenge once more. */
    verify(input: { id: string }, options?: CallOptions): Promise<EndpointsVerifyOutput>;
  };
  transformations: {
    /** List transformations. */
    list(input?: TransformationsListInput, options?: CallOptions): Pages<Transformation>;
    /** Create a transformation. */
    create(input: TransformationsCreateInput, options?: CallOptions): Promise<Transformation>;
    /** Create a transformation or change the one of this name. */
    upsert(input: TransformationsUpsertInput, options?: CallOptions): Promise<Transformation>;
    /** Try code on a request; nothing is saved. */
    run(input?: TransformationsRunInput, options?: CallOptions): Promise<TransformationsRunOutput>;
    /** Try drafted code on stored requests of the sources that use it; nothing is saved or sent. */
    dryRun(input: TransformationsDryRunInput, options?: CallOptions): Promise<TransformationsDryRunOutput>;
    /** Count the connections that use transformations, and what these failed on in 24 hours. */
    usage(input?: { id: string }, options?: CallOptions): Promise<TransformationsUsageOutput>;
    /** Get a transformation. */
    get(input: { id: string }, options?: CallOptions): Promise<Transformation>;
    /** Change a transformation; new code or env is a new version. */
    update(input: TransformationsUpdateInput, options?: CallOptions): Promise<Transformation>;
    /** Delete a transformation that no connection uses. */
    delete(input: { id: string }, options?: CallOptions): Promise<Deleted>;
    /** List the versions of a transformation. */
    versions(input: TransformationsVersionsInput, options?: CallOptions): Pages<TransformationVersion>;
    /** Bring back an older version as a new one. */
    restore(input: TransformationsRestoreInput, options?: CallOptions): Promise<Transformation>;
    /** Copy a transformation with its env. */
    duplicate(input: TransformationsDuplicateInput, options?: CallOptions): Promise<Transformation>;
  };
  flows: {
    /** List applied flows with what has drifted since. */
    list(input?: Record<string, never>, options?: CallOptions): Promise<FlowsListOutput>;
    /** Write what runs as a file, all of it or the flow of one source. */
    export(input?: FlowsExportInput, options?: CallOptions): Promise<FlowsExportOutput>;
    /** Tell what applying a file would change and cost; nothing is saved. */
    plan(input: FlowsPlanInput, options?: CallOptions): Promise<FlowsPlanOutput>;
    /** Make what runs what a file says, all of it or nothing. */
    applyFile(input: FlowsApplyFileInput, options?: CallOptions): Promise<FlowsApplyFileOutput>;
    /** Forget a flow; its resources stay and belong to none. */
    forget(input: { id: string }, options?: CallOptions): Promise<Deleted>;
  };
  publish: {
    /** Publish events of the team's own services, as JSON or as CloudEvents. */
    events(input: PublishEventsInput, options?: CallOptions): Promise<PublishEventsOutput>;
  };
  requests: {
    /** List requests. */
    list(input?: RequestsListInput, options?: CallOptions): Pages<RequestSummary>;
    /** Count the requests of a list over time. */
    histogram(input?: RequestsHistogramInput, options?: CallOptions): Promise<RequestsHistogramOutput>;
    /** Get a request with headers and body. */
    get(input: RequestsGetInput, options?: CallOptions): Promise<Request>;
    /** Get the body of a request as a person reads it. */
    body(input: RequestsBodyInput, options?: CallOptions): Promise<BodyText>;
    /** Get a request as filters and transforms see it. */
    ruleRequest(input: { id: string }, options?: CallOptions): Promise<RequestsRuleRequestOutput>;
    /** Explain the verdict on a request's sender, check by check. */
    verification(input: { id: string }, options?: CallOptions): Promise<RequestsVerificationOutput>;
    /** List what each connection made of a request. */
    branches(input: { id: string }, options?: CallOptions): Promise<RequestsBranchesOutput>;
    /** Get the exact bytes that a producer sent. */
    rawBody(input: { id: string }, options?: CallOptions): Promise<Blob>;
    /** List the events of a request. */
    events(input: RequestsEventsInput, options?: CallOptions): Pages<EventSummary>;
    /** List the connections that ignored a request, and why. */
    ignoredEvents(input: RequestsIgnoredEventsInput, options?: CallOptions): Pages<IgnoredEvent>;
    /** Count what erasing the payload of a request would reach, and what it would not. */
    planErasure(input: { id: string }, options?: CallOptions): Promise<RequestsPlanErasureOutput>;
    /** Erase the payload of a request, with what was made of it. */
    erase(input: RequestsEraseInput, options?: CallOptions): Promise<RequestsEraseOutput>;
    /** Evaluate a request's route again. */
    retry(input: RequestsRetryInput, options?: CallOptions): Promise<RequestsRetryOutput>;
  };
  events: {
    /** List events. */
    list(input?: EventsListInput, options?: CallOptions): Pages<EventSummary>;
    /** Count the events of a list over time. */
    histogram(input?: EventsHistogramInput, options?: CallOptions): Promise<Histogram>;
    /** Get an event with what is delivered and why. */
    get(input: EventsGetInput, options?: CallOptions): Promise<Event>;
    /** Get the body that is delivered as a person reads it. */
    body(input: EventsBodyInput, options?: CallOptions): Promise<BodyText>;
    /** Get the last good attempt to an event's destination, and the first bad one after it. */
    failureDiff(input: { id: string }, options?: CallOptions): Promise<EventsFailureDiffOutput>;
    /** Get the exact bytes that are delivered. */
    rawBody(input: { id: string }, options?: CallOptions): Promise<Blob>;
    /** Deliver an event again. */
    retry(input: { id: string }, options?: CallOptions): Promise<EventSummary>;
    /** Send a debug copy of an event to another destination. */
    resend(input: EventsResendInput, options?: CallOptions): Promise<EventSummary>;
    /** Cancel an event that is not delivered yet. */
    cancel(input: { id: string }, options?: CallOptions): Promise<EventSummary>;
  };
  attempts: {
    /** List attempts. */
    list(input?: AttemptsListInput, options?: CallOptions): Pages<Attempt>;
    /** Count the attempts of a list over time. */
    histogram(input?: AttemptsHistogramInput, options?: CallOptions): Promise<Histogram>;
    /** Get an attempt. */
    get(input: { id: string }, options?: CallOptions): Promise<Attempt>;
  };
  tunnels: {
    /** List the listeners on people's machines. */
    list(input?: Record<string, never>, options?: CallOptions): Promise<TunnelsListOutput>;
    /** Begin to listen: make a destination for it, and connections from its sources. */
    open(input: TunnelsOpenInput, options?: CallOptions): Promise<TunnelsOpenOutput>;
    /** Get a listener. */
    get(input: { id: string }, options?: CallOptions): Promise<TunnelsGetOutput>;
    /** Wait for the next events of a listener. */
    next(input: TunnelsNextInput, options?: CallOptions): Promise<TunnelsNextOutput>;
    /** Record what a listener's server has answered. */
    answer(input: TunnelsAnswerInput, options?: CallOptions): Promise<TunnelsAnswerOutput>;
    /** End a listener: its destination goes, and what waits for it is cancelled. */
    end(input: { id: string }, options?: CallOptions): Promise<Deleted>;
  };
  bulk: {
    /** List bulk operations. */
    list(input?: BulkListInput, options?: CallOptions): Pages<BulkOperation>;
    /** Get a bulk operation with its progress. */
    get(input: { id: string }, options?: CallOptions): Promise<BulkOperationDetail>;
    /** Count what a replay would send. */
    planReplay(input: BulkPlanReplayInput, options?: CallOptions): Promise<BulkPlan>;
    /** Send events again, or backfill a connection. */
    replay(input: BulkReplayInput, options?: CallOptions): Promise<BulkOperation>;
    /** Count the events that a bulk retry would send. */
    planEventsRetry(input: BulkPlanEventsRetryInput, options?: CallOptions): Promise<BulkPlan>;
    /** Send the events of a list again. */
    retryEvents(input: BulkRetryEventsInput, options?: CallOptions): Promise<BulkOperation>;
    /** Count the events that a bulk cancellation would end. */
    planEventsCancel(input: BulkPlanEventsCancelInput, options?: CallOptions): Promise<BulkPlan>;
    /** Cancel the events of a list that are not finished. */
    cancelEvents(input: BulkCancelEventsInput, options?: CallOptions): Promise<BulkOperation>;
    /** Count the requests that a bulk retry would route. */
    planRequestsRetry(input: BulkPlanRequestsRetryInput, options?: CallOptions): Promise<BulkPlan>;
    /** Route the requests of a list again. */
    retryRequests(input: BulkRetryRequestsInput, options?: CallOptions): Promise<BulkOperation>;
    /** Change the rate of a running bulk operation. */
    change(input: BulkChangeInput, options?: CallOptions): Promise<BulkOperation>;
    /** Cancel what a bulk operation has not queued yet. */
    cancel(input: { id: string }, options?: CallOptions): Promise<BulkOperation>;
  };
  issues: {
    /** List issues. */
    list(input?: IssuesListInput, options?: CallOptions): Pages<Issue>;
    /** Count the issues that are not resolved. */
    count(input?: Record<string, never>, options?: CallOptions): Promise<IssuesCountOutput>;
    /** Get what opens issues. */
    rules(input?: Record<string, never>, options?: CallOptions): Promise<IssuesRulesOutput>;
    /** Change what opens issues. */
    updateRules(input: IssuesUpdateRulesInput, options?: CallOptions): Promise<IssuesUpdateRulesOutput>;
    /** Count how often a rule would have opened an issue in the last seven days. */
    tryRule(input: IssuesTryRuleInput, options?: CallOptions): Promise<IssuesTryRuleOutput>;
    /** Get an issue. */
    get(input: { id: string }, options?: CallOptions): Promise<Issue>;
    /** Put an issue off. */
    snooze(input: IssuesSnoozeInput, options?: CallOptions): Promise<Issue>;
    /** End the snooze of an issue. */
    wake(input: { id: string }, options?: CallOptions): Promise<Issue>;
    /** Resolve an issue by hand. */
    resolve(input: { id: string }, options?: CallOptions): Promise<Issue>;
  };
  notifications: {
    /** List who is told of issues. */
    list(input?: Record<string, never>, options?: CallOptions): Promise<NotificationsListOutput>;
    /** List what came of telling each last. */
    results(input?: Record<string, never>, options?: CallOptions): Promise<NotificationsResultsOutput>;
    /** Tell somebody of issues. */
    create(input: NotificationsCreateInput, options?: CallOptions): Promise<Notification>;
    /** Get who is told of issues. */
    get(input: { id: string }, options?: CallOptions): Promise<Notification>;
    /** Change the kinds of issues that a notification tells of. */
    update(input: NotificationsUpdateInput, options?: CallOptions): Promise<Notification>;
    /** Send a notification that says that it is a test. */
    test(input: { id: string }, options?: CallOptions): Promise<NotificationsTestOutput>;
  };
  mailAddresses: {
    /** List the addresses for e-mail. */
    list(input?: Record<string, never>, options?: CallOptions): Promise<MailAddressesListOutput>;
    /** Get an address for e-mail. */
    get(input: { id: string }, options?: CallOptions): Promise<MailAddress>;
    /** Send a code to an address. */
    ask(input: MailAddressesAskInput, options?: CallOptions): Promise<MailAddress>;
    /** Give the code that an address got. */
    confirm(input: MailAddressesConfirmInput, options?: CallOptions): Promise<MailAddress>;
    /** Send nothing more to an address. */
    delete(input: { id: string }, options?: CallOptions): Promise<Deleted>;
  };
  metrics: {
    /** Chart requests over time. */
    requests(input?: MetricsRequestsInput, options?: CallOptions): Promise<Metrics>;
    /** Chart events over time. */
    events(input?: MetricsEventsInput, options?: CallOptions): Promise<Metrics>;
    /** Chart attempts over time. */
    attempts(input?: MetricsAttemptsInput, options?: CallOptions): Promise<Metrics>;
    /** Chart queue over time. */
    queue(input?: MetricsQueueInput, options?: CallOptions): Promise<Metrics>;
    /** Chart backlog over time. */
    backlog(input?: MetricsBacklogInput, options?: CallOptions): Promise<Metrics>;
    /** Count requests and events by event type and source. */
    eventTypes(input?: MetricsEventTypesInput, options?: CallOptions): Promise<MetricsEventTypesOutput>;
    /** Count failed events by connection, destination and reason. */
    deadLetters(input?: MetricsDeadLettersInput, options?: CallOptions): Promise<MetricsDeadLettersOutput>;
  };
  topology: {
    /** Get all sources, connections and destinations, of each what a picture of them shows. */
    get(input?: Record<string, never>, options?: CallOptions): Promise<TopologyGetOutput>;
  };
  overview: {
    /** Get the last day, week or month in a few numbers, and the latest events. */
    get(input?: OverviewGetInput, options?: CallOptions): Promise<OverviewGetOutput>;
    /** List what should be looked at now. */
    attention(input?: Record<string, never>, options?: CallOptions): Promise<OverviewAttentionOutput>;
  };
  demo: {
    /** Get the demo of the team, and whether it sends. */
    get(input?: Record<string, never>, options?: CallOptions): Promise<DemoGetOutput>;
    /** Make the sources, mock destinations and connections of the demo, and send signed webhooks for ten minutes. */
    load(input?: Record<string, never>, options?: CallOptions): Promise<DemoLoadOutput>;
    /** Remove the demo with all that came of it: requests, events, attempts and their counts. */
    remove(input?: Record<string, never>, options?: CallOptions): Promise<DemoRemoveOutput>;
  };
  apiKeys: {
    /** List API keys. */
    list(input?: ApiKeysListInput, options?: CallOptions): Pages<ApiKey>;
    /** Create an API key, shown this once. */
    create(input: ApiKeysCreateInput, options?: CallOptions): Promise<ApiKeysCreateOutput>;
    /** Revoke an API key. */
    revoke(input: { id: string }, options?: CallOptions): Promise<Deleted>;
  };
  teams: {
    /** List the teams that you may act for. */
    list(input?: Record<string, never>, options?: CallOptions): Pages<Team>;
    /** Get the team that you act for. */
    get(input: { id: string }, options?: CallOptions): Promise<Team>;
    /** Make a team that you own. */
    create(input: TeamsCreateInput, options?: CallOptions): Promise<Team>;
    /** Change a team. */
    update(input: TeamsUpdateInput, options?: CallOptions): Promise<Team>;
  };
  retention: {
    /** Get how long a team keeps what came in, and what is kept. */
    get(input?: Record<string, never>, options?: CallOptions): Promise<RetentionGetOutput>;
    /** Count what a time of keeping would remove. */
    plan(input?: RetentionPlanInput, options?: CallOptions): Promise<RetentionPlanOutput>;
    /** Get the rows of a day as lines of JSON, a page at a time. */
    export(input: RetentionExportInput, options?: CallOptions): Promise<Blob>;
    /** Change how long a team keeps what came in, and what is masked in it. */
    update(input?: RetentionUpdateInput, options?: CallOptions): Promise<RetentionUpdateOutput>;
  };
  members: {
    /** List the people of the team. */
    list(input?: Record<string, never>, options?: CallOptions): Pages<Member>;
    /** Get a person of the team. */
    get(input: { id: string }, options?: CallOptions): Promise<Member>;
    /** Change a person's role. */
    update(input: MembersUpdateInput, options?: CallOptions): Promise<Member>;
    /** Take a person out of the team. */
    remove(input: { id: string }, options?: CallOptions): Promise<Deleted>;
    /** Leave the team. */
    leave(input?: Record<string, never>, options?: CallOptions): Promise<Deleted>;
  };
  invitations: {
    /** List invitations to the team. */
    list(input?: InvitationsListInput, options?: CallOptions): Pages<Invitation>;
    /** Invite a person, with a link that is shown this once. */
    create(input: InvitationsCreateInput, options?: CallOptions): Promise<InvitationsCreateOutput>;
    /** Revoke an invitation. */
    revoke(input: { id: string }, options?: CallOptions): Promise<Deleted>;
  };
  sessions: {
    /** List where you are signed in. */
    list(input?: Record<string, never>, options?: CallOptions): Pages<Session>;
    /** End one of your sessions. */
    revoke(input: { id: string }, options?: CallOptions): Promise<Deleted>;
    /** End all of your sessions but this one. */
    revokeOthers(input?: Record<string, never>, options?: CallOptions): Promise<SessionsRevokeOthersOutput>;
  };
  account: {
    /** Say how you log in. */
    get(input?: Record<string, never>, options?: CallOptions): Promise<AccountGetOutput>;
    /** Say which columns you see in lists. */
    columns(input?: Record<string, never>, options?: CallOptions): Promise<AccountColumnsOutput>;
    /** Choose the columns that you see in a list. */
    chooseColumns(input: AccountChooseColumnsInput, options?: CallOptions): Promise<AccountChooseColumnsOutput>;
  };
  views: {
    /** List the saved views of lists. */
    list(input?: ViewsListInput, options?: CallOptions): Pages<SavedView>;
    /** Save a view of a list. */
    create(input: ViewsCreateInput, options?: CallOptions): Promise<SavedView>;
    /** Change a saved view. */
    update(input: ViewsUpdateInput, options?: CallOptions): Promise<SavedView>;
    /** Delete a saved view. */
    delete(input: { id: string }, options?: CallOptions): Promise<Deleted>;
  };
  versions: {
    /** List the versions of the configuration. */
    list(input?: VersionsListInput, options?: CallOptions): Pages<VersionsListItem>;
    /** Read a version, compared with another. */
    get(input: VersionsGetInput, options?: CallOptions): Promise<VersionsGetOutput>;
    /** Count what was delivered and failed before and after a version. */
    followed(input: VersionsFollowedInput, options?: CallOptions): Promise<VersionsFollowedOutput>;
    /** Show what it changes, and what it loses, to restore a version. */
    planRestore(input: VersionsPlanRestoreInput, options?: CallOptions): Promise<VersionsPlanRestoreOutput>;
    /** Restore a version, a resource of it or fields of one, as a new version. */
    restore(input: VersionsRestoreInput, options?: CallOptions): Promise<VersionsRestoreOutput>;
  };
  audit: {
    /** List who changed what. */
    list(input?: AuditListInput, options?: CallOptions): Pages<AuditEntry>;
    /** Check that the newest entries are as they were written. */
    verify(input?: Record<string, never>, options?: CallOptions): Promise<AuditVerifyOutput>;
  };
  guide: {
    /** Search the docs of the product. */
    search(input?: GuideSearchInput, options?: CallOptions): Promise<GuideSearchOutput>;
  };
}

export interface Pagination {
  limit: number;
  order_by: string;
  dir: "asc" | "desc";
  next: string | null;
  prev: string | null;
  /** Set where the page ends early, even empty: the call has looked through as many rows as it may, as far as this time. The page that its cursor names goes on from there. */
  stopped_at?: string | undefined;
}

export type SourceAuthType = "NONE" | "HMAC" | "BASIC_AUTH" | "API_KEY" | "STANDARD_WEBHOOKS" | "ADYEN" | "AFTERSHIP" | "AIRTABLE" | "ASANA" | "ATTIO" | "AUTH0" | "BIGCOMMERCE" | "BITBUCKET" | "BOX" | "BRAINTREE" | "BREVO" | "BREX" | "BUILDKITE" | "CALENDLY" | "CAL_COM" | "CASHFREE" | "CHARGEBEE" | "CHECKOUT_COM" | "CIRCLECI" | "CLERK" | "CLICKUP" | "CLOUDFLARE" | "COINBASE_COMMERCE" | "CONTENTFUL" | "CRONOFY" | "CUSTOMER_IO" | "DATADOG" | "DISCORD" | "DOCUMENSO" | "DOCUSIGN" | "DODO_PAYMENTS" | "DROPBOX" | "DWOLLA" | "EBAY" | "EMAILIT" | "ETSY" | "FIGMA" | "FLUTTERWAVE" | "FLUTTERWAVE_V4" | "FRONT" | "FUSIONAUTH" | "GITHUB" | "GITLAB" | "GOCARDLESS" | "GOOGLE_DRIVE" | "GRAFANA" | "HEROKU" | "HUBSPOT" | "INCIDENT_IO" | "INSTAGRAM" | "INTERCOM" | "JIRA" | "KLAVIYO" | "LAUNCHDARKLY" | "LEMON_SQUEEZY" | "LINE" | "LINEAR" | "LITHIC" | "LIVEBLOCKS" | "LOGTO" | "LOOPS" | "MAILCHIMP" | "MAILGUN" | "MANDRILL" | "MATTERMOST" | "META" | "MICROSOFT_GRAPH" | "MODERN_TREASURY" | "MOLLIE" | "MONDAY" | "MONGODB_ATLAS" | "MUX" | "NETLIFY" | "NOTION" | "NYLAS" | "OKTA" | "ONFIDO" | "OPENAI" | "PADDLE" | "PAGERDUTY" | "PAYPAL" | "PAYSTACK" | "PERSONA" | "PIPEDRIVE" | "PLAID" | "POLAR" | "POSTMARK" | "QUICKBOOKS" | "RAZORPAY" | "RECURLY" | "RENDER" | "REPLICATE" | "RESEND" | "REVENUECAT" | "REVOLUT" | "ROOTLY" | "SALESFORCE_MARKETING_CLOUD" | "SANITY" | "SAVVYCAL" | "SEGMENT" | "SENDCLOUD" | "SENDGRID" | "SENTRY" | "SHIPPO" | "SHOPIFY" | "SLACK" | "SNS" | "SQUARE" | "SQUARESPACE" | "STRAVA" | "STRIPE" | "SUPABASE" | "SVIX" | "TALLY" | "TEBEX" | "TELEGRAM" | "TELNYX" | "THINKIFIC" | "TIKTOK" | "TRELLO" | "TWILIO" | "TWITCH" | "TYPEFORM" | "UBER" | "VERCEL" | "VONAGE" | "WEBFLOW" | "WHATSAPP" | "WHOP" | "WISE" | "WOOCOMMERCE" | "WORKOS" | "X" | "XERO" | "YOUSIGN" | "ZENDESK" | "ZOOM";

export interface SourceConfig {
  auth_type: SourceAuthType;
  /** Depends on `auth_type`. Secrets read as `whsec_…f3a9`. */
  auth: Record<string, unknown>;
  allowed_http_methods: Array<"GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS">;
  custom_response: {
    status: number;
    content_type: string;
    body: string;
  } | null;
  deduplicate_provider_events: boolean;
  body_limit_bytes: number;
  /** Requests that it takes in any `rate_limit_period`, over all gateways. More are answered 429. */
  rate_limit: number | null;
  rate_limit_period: "second" | "minute" | "hour";
  /** What stands there in a request is shown to nobody, and replaced where it is stored when the last event of the request has ended. Delivered as it came until then. Holds for requests from now on, besides what the team masks in all sources (`PATCH /retention`). */
  masked_paths: string[];
}

export type SourceType = "WEBHOOK" | "PUBLISH" | "ADYEN" | "AFTERSHIP" | "AIRTABLE" | "ASANA" | "ATTIO" | "AUTH0" | "BIGCOMMERCE" | "BITBUCKET" | "BOX" | "BRAINTREE" | "BREVO" | "BREX" | "BUILDKITE" | "CALENDLY" | "CAL_COM" | "CASHFREE" | "CHARGEBEE" | "CHECKOUT_COM" | "CIRCLECI" | "CLERK" | "CLICKUP" | "CLOUDFLARE" | "COINBASE_COMMERCE" | "CONTENTFUL" | "CRONOFY" | "CUSTOMER_IO" | "DATADOG" | "DISCORD" | "DOCUMENSO" | "DOCUSIGN" | "DODO_PAYMENTS" | "DROPBOX" | "DWOLLA" | "EBAY" | "EMAILIT" | "ETSY" | "FIGMA" | "FLUTTERWAVE" | "FLUTTERWAVE_V4" | "FRONT" | "FUSIONAUTH" | "GITHUB" | "GITLAB" | "GOCARDLESS" | "GOOGLE_DRIVE" | "GRAFANA" | "HEROKU" | "HUBSPOT" | "INCIDENT_IO" | "INSTAGRAM" | "INTERCOM" | "JIRA" | "KLAVIYO" | "LAUNCHDARKLY" | "LEMON_SQUEEZY" | "LINE" | "LINEAR" | "LITHIC" | "LIVEBLOCKS" | "LOGTO" | "LOOPS" | "MAILCHIMP" | "MAILGUN" | "MANDRILL" | "MATTERMOST" | "META" | "MICROSOFT_GRAPH" | "MODERN_TREASURY" | "MOLLIE" | "MONDAY" | "MONGODB_ATLAS" | "MUX" | "NETLIFY" | "NOTION" | "NYLAS" | "OKTA" | "ONFIDO" | "OPENAI" | "PADDLE" | "PAGERDUTY" | "PAYPAL" | "PAYSTACK" | "PERSONA" | "PIPEDRIVE" | "PLAID" | "POLAR" | "POSTMARK" | "QUICKBOOKS" | "RAZORPAY" | "RECURLY" | "RENDER" | "REPLICATE" | "RESEND" | "REVENUECAT" | "REVOLUT" | "ROOTLY" | "SALESFORCE_MARKETING_CLOUD" | "SANITY" | "SAVVYCAL" | "SEGMENT" | "SENDCLOUD" | "SENDGRID" | "SENTRY" | "SHIPPO" | "SHOPIFY" | "SLACK" | "SNS" | "SQUARE" | "SQUARESPACE" | "STRAVA" | "STRIPE" | "SUPABASE" | "SVIX" | "TALLY" | "TEBEX" | "TELEGRAM" | "TELNYX" | "THINKIFIC" | "TIKTOK" | "TRELLO" | "TWILIO" | "TWITCH" | "TYPEFORM" | "UBER" | "VERCEL" | "VONAGE" | "WEBFLOW" | "WHATSAPP" | "WHOP" | "WISE" | "WOOCOMMERCE" | "WORKOS" | "X" | "XERO" | "YOUSIGN" | "ZENDESK" | "ZOOM";

export interface Source {
  id: string;
  team_id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  description: string | null;
  /** What its owner has to mend before it works; else null. */
  unusable_because: string | null;
  disabled_at: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
  type: SourceType;
  /** It tells of the team's own happenings and takes nothing from outside; a team has one at most. */
  is_system: boolean;
  /** Where the producer sends its webhooks; of type PUBLISH, where events are published. */
  url: string;
  config: SourceConfig;
}

export interface Deleted {
  id: string;
}

export interface MockDestinationConfig {
  status: number;
  /** From the start of the attempt to the answer. */
  latency_ms: number;
  body: string;
  /** The attempt fails with it, and there is no answer. */
  error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "PROTOCOL_ERROR" | null;
  /** In turn: the first attempt of an event gets the first, and those after the last get the last. What one leaves out is as above. */
  answers: Array<{
    status?: number | undefined;
    /** From the start of the attempt to the answer. */
    latency_ms?: number | undefined;
    body?: string | undefined;
    /** The attempt fails with it, and there is no answer. */
    error_code?: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "PROTOCOL_ERROR" | null | undefined;
  }>;
  rate_limit: number | null;
  rate_limit_period: "second" | "minute" | "hour";
  concurrency: number;
  /** `fifo`: one event at a time, in the order in which the requests came. `by_key`: so for each value of `ordering_key`, and the values beside each other. */
  ordering: "none" | "fifo" | "by_key";
  /** A place in the request as it is delivered, such as `body.data.id`. Requests that have nothing there share one key. */
  ordering_key: string | null;
  /** When an event has failed for good. `block`: later ones of its key wait until somebody retries or cancels it. `skip`: they go on. */
  on_order_failure: "block" | "skip";
  /** Used where a connection has no retry rule. */
  retry: RetryPolicy | null;
  /** Another destination of the team. An event that fails for good is told to it once, as an event of its own: with the request, the event and its last attempts. */
  dead_letter_destination_id: string | null;
  /** While it is open, events are held: none is tried, none spends a retry, and nothing is disabled. */
  breaker: {
    /** `auto`: it opens and closes by itself. `open`: everything is held, and nothing is probed. `closed`: everything goes, and failures are only counted. `off`: there is no breaker. */
    mode: "auto" | "open" | "closed" | "off";
    /** It opens after so many failures in a row: no connection, no answer in time, 5xx or 429. Any other answer ends the row. Null: it does not. */
    consecutive_failures: number | null;
    /** It opens when so large a share of the tries of the last `window_ms` failed. Null: it does not. */
    failure_share: number | null;
    window_ms: number;
    /** A share of fewer tries than these says nothing. */
    min_tries: number;
    /** Whether a try without an answer is a failure: a time-out, or a connection that failed or broke. */
    count_timeouts: boolean;
    /** From opening to the first probe. The wait doubles with each probe that fails. */
    probe_min_ms: number;
    /** The wait grows no longer than this. */
    probe_max_ms: number;
    /** It closes after so many probes in a row that went well. */
    good_probes: number;
    /** From closing until the whole concurrency is used: it grows evenly from one. While it grows, as many failures in a row as `good_probes` open the breaker again. 0: at once. */
    ramp_ms: number;
  };
  /** While one lasts, events are held with `maintenance`: nothing is tried and no retry is spent. After it they go out as after a breaker that has closed: the concurrency grows from one within `breaker.ramp_ms`. Windows may touch and not overlap. */
  maintenance_windows: Array<{
    kind: "once";
    from: string;
    until: string;
  } | {
    kind: "weekly";
    days: Array<"mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun">;
    start: string;
    /** Not part of it. `24:00` is the end of the day. */
    end: string | "24:00";
    /** The zone of the clock by which it starts and ends. */
    time_zone: string;
  }>;
}

export interface RetryPolicy {
  strategy: "exponential" | "linear" | "custom";
  interval?: number | undefined;
  count?: number | undefined;
  schedule?: number[] | undefined;
  response_status_codes?: string[] | undefined;
}

export interface HttpDestinationConfig {
  /** http or https; private addresses are refused unless EGRESS_ALLOW names them. */
  url: string;
  /** Null: as received. */
  http_method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | null;
  /** False: the path after the source's URL and its query are appended. */
  path_forwarding_disabled: boolean;
  /** Sent with every delivery. Values read as `…f3a9`; one that is sent back as it was read stays as it is. */
  headers: Record<string, string>;
  timeout_ms: number;
  rate_limit: number | null;
  rate_limit_period: "second" | "minute" | "hour";
  concurrency: number;
  /** `fifo`: one event at a time, in the order in which the requests came. `by_key`: so for each value of `ordering_key`, and the values beside each other. */
  ordering: "none" | "fifo" | "by_key";
  /** A place in the request as it is delivered, such as `body.data.id`. Requests that have nothing there share one key. */
  ordering_key: string | null;
  /** When an event has failed for good. `block`: later ones of its key wait until somebody retries or cancels it. `skip`: they go on. */
  on_order_failure: "block" | "skip";
  /** Used where a connection has no retry rule. */
  retry: RetryPolicy | null;
  /** Another destination of the team. An event that fails for good is told to it once, as an event of its own: with the request, the event and its last attempts. */
  dead_letter_destination_id: string | null;
  /** While it is open, events are held: none is tried, none spends a retry, and nothing is disabled. */
  breaker: {
    /** `auto`: it opens and closes by itself. `open`: everything is held, and nothing is probed. `closed`: everything goes, and failures are only counted. `off`: there is no breaker. */
    mode: "auto" | "open" | "closed" | "off";
    /** It opens after so many failures in a row: no connection, no answer in time, 5xx or 429. Any other answer ends the row. Null: it does not. */
    consecutive_failures: number | null;
    /** It opens when so large a share of the tries of the last `window_ms` failed. Null: it does not. */
    failure_share: number | null;
    window_ms: number;
    /** A share of fewer tries than these says nothing. */
    min_tries: number;
    /** Whether a try without an answer is a failure: a time-out, or a connection that failed or broke. */
    count_timeouts: boolean;
    /** From opening to the first probe. The wait doubles with each probe that fails. */
    probe_min_ms: number;
    /** The wait grows no longer than this. */
    probe_max_ms: number;
    /** It closes after so many probes in a row that went well. */
    good_probes: number;
    /** From closing until the whole concurrency is used: it grows evenly from one. While it grows, as many failures in a row as `good_probes` open the breaker again. 0: at once. */
    ramp_ms: number;
  };
  /** While one lasts, events are held with `maintenance`: nothing is tried and no retry is spent. After it they go out as after a breaker that has closed: the concurrency grows from one within `breaker.ramp_ms`. Windows may touch and not overlap. */
  maintenance_windows: Array<{
    kind: "once";
    from: string;
    until: string;
  } | {
    kind: "weekly";
    days: Array<"mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun">;
    start: string;
    /** Not part of it. `24:00` is the end of the day. */
    end: string | "24:00";
    /** The zone of the clock by which it starts and ends. */
    time_zone: string;
  }>;
  /** Events with one value take turns with those of others, and have limits of their own. */
  groups: {
    /** A place in the request as it is delivered, such as `body.customer_id`. Requests that have nothing there are one group, whose value is empty. */
    key: string;
    rate_limit: number | null;
    rate_limit_period: "second" | "minute" | "hour";
    concurrency: number | null;
    /** By value: other limits than those of all groups, and whether the group is paused. Replaced whole. */
    overrides: Record<string, {
        rate_limit?: number | null | undefined;
        rate_limit_period?: "second" | "minute" | "hour" | undefined;
        concurrency?: number | null | undefined;
        paused?: boolean | undefined;
      }>;
  } | null;
  auth_type: "SWITCHYARD_SIGNATURE" | "CUSTOM_SIGNATURE" | "BASIC_AUTH" | "API_KEY" | "BODY_KEY" | "BEARER_TOKEN" | "SECRET_PATH" | "NONE";
  auth: Record<string, unknown>;
}

export type Destination = {
  id: string;
  team_id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  description: string | null;
  /** What its owner has to mend before it works; else null. */
  unusable_because: string | null;
  disabled_at: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
  breaker: {
    /** `half_open`: it probes. `ramping`: it has closed, and the concurrency grows. */
    state: "closed" | "open" | "half_open" | "ramping";
    /** Somebody has set its mode to open or closed. */
    is_forced: boolean;
    /** When it opened, or began to ramp. */
    since: string | null;
    because: {
      kind: "in_a_row";
      failures: number;
      /** 410, 401, 403, 404, 429, 5xx; `unreachable`: no connection, or one that broke; `silent`: no answer in time. */
      trouble: "gone" | "refuses_credentials" | "forbids" | "not_found" | "too_many_requests" | "fails" | "unreachable" | "silent";
      response_status: number | null;
      error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
    } | {
      kind: "share";
      failures: number;
      tries: number;
      /** 410, 401, 403, 404, 429, 5xx; `unreachable`: no connection, or one that broke; `silent`: no answer in time. */
      trouble: "gone" | "refuses_credentials" | "forbids" | "not_found" | "too_many_requests" | "fails" | "unreachable" | "silent";
      response_status: number | null;
      error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
    } | {
      kind: "forced";
    } | null;
    next_probe_at: string | null;
    failed_probes: number;
    ramps_until: string | null;
    /** Events are held for it. Once it has closed they go in pages. */
    holds_events: boolean;
    /** The same refusal several times in a row (401, 403, 404, 410). It does not open the breaker. */
    refusal: {
      /** 410, 401, 403, 404, 429, 5xx; `unreachable`: no connection, or one that broke; `silent`: no answer in time. */
      trouble: "gone" | "refuses_credentials" | "forbids" | "not_found" | "too_many_requests" | "fails" | "unreachable" | "silent";
      response_status: number | null;
      error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
      count: number;
    } | null;
  };
  type: "HTTP";
  config: HttpDestinationConfig;
} | {
  id: string;
  team_id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  description: string | null;
  /** What its owner has to mend before it works; else null. */
  unusable_because: string | null;
  disabled_at: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
  breaker: {
    /** `half_open`: it probes. `ramping`: it has closed, and the concurrency grows. */
    state: "closed" | "open" | "half_open" | "ramping";
    /** Somebody has set its mode to open or closed. */
    is_forced: boolean;
    /** When it opened, or began to ramp. */
    since: string | null;
    because: {
      kind: "in_a_row";
      failures: number;
      /** 410, 401, 403, 404, 429, 5xx; `unreachable`: no connection, or one that broke; `silent`: no answer in time. */
      trouble: "gone" | "refuses_credentials" | "forbids" | "not_found" | "too_many_requests" | "fails" | "unreachable" | "silent";
      response_status: number | null;
      error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
    } | {
      kind: "share";
      failures: number;
      tries: number;
      /** 410, 401, 403, 404, 429, 5xx; `unreachable`: no connection, or one that broke; `silent`: no answer in time. */
      trouble: "gone" | "refuses_credentials" | "forbids" | "not_found" | "too_many_requests" | "fails" | "unreachable" | "silent";
      response_status: number | null;
      error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
    } | {
      kind: "forced";
    } | null;
    next_probe_at: string | null;
    failed_probes: number;
    ramps_until: string | null;
    /** Events are held for it. Once it has closed they go in pages. */
    holds_events: boolean;
    /** The same refusal several times in a row (401, 403, 404, 410). It does not open the breaker. */
    refusal: {
      /** 410, 401, 403, 404, 429, 5xx; `unreachable`: no connection, or one that broke; `silent`: no answer in time. */
      trouble: "gone" | "refuses_credentials" | "forbids" | "not_found" | "too_many_requests" | "fails" | "unreachable" | "silent";
      response_status: number | null;
      error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
      count: number;
    } | null;
  };
  type: "MOCK";
  config: MockDestinationConfig;
} | {
  id: string;
  team_id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  description: string | null;
  /** What its owner has to mend before it works; else null. */
  unusable_because: string | null;
  disabled_at: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
  breaker: {
    /** `half_open`: it probes. `ramping`: it has closed, and the concurrency grows. */
    state: "closed" | "open" | "half_open" | "ramping";
    /** Somebody has set its mode to open or closed. */
    is_forced: boolean;
    /** When it opened, or began to ramp. */
    since: string | null;
    because: {
      kind: "in_a_row";
      failures: number;
      /** 410, 401, 403, 404, 429, 5xx; `unreachable`: no connection, or one that broke; `silent`: no answer in time. */
      trouble: "gone" | "refuses_credentials" | "forbids" | "not_found" | "too_many_requests" | "fails" | "unreachable" | "silent";
      response_status: number | null;
      error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
    } | {
      kind: "share";
      failures: number;
      tries: number;
      /** 410, 401, 403, 404, 429, 5xx; `unreachable`: no connection, or one that broke; `silent`: no answer in time. */
      trouble: "gone" | "refuses_credentials" | "forbids" | "not_found" | "too_many_requests" | "fails" | "unreachable" | "silent";
      response_status: number | null;
      error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
    } | {
      kind: "forced";
    } | null;
    next_probe_at: string | null;
    failed_probes: number;
    ramps_until: string | null;
    /** Events are held for it. Once it has closed they go in pages. */
    holds_events: boolean;
    /** The same refusal several times in a row (401, 403, 404, 410). It does not open the breaker. */
    refusal: {
      /** 410, 401, 403, 404, 429, 5xx; `unreachable`: no connection, or one that broke; `silent`: no answer in time. */
      trouble: "gone" | "refuses_credentials" | "forbids" | "not_found" | "too_many_requests" | "fails" | "unreachable" | "silent";
      response_status: number | null;
      error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
      count: number;
    } | null;
  };
  type: "S3";
  config: {
    bucket: string;
    region: string;
    /** The address of a store that is not AWS; null: that of AWS in the region. */
    endpoint: string | null;
    /** With an endpoint: whether the bucket stands in the path of the URL, or before its host. */
    is_path_style: boolean;
    /** `access_key_id` and `secret_access_key`. */
    auth: Record<string, unknown>;
    /** `event`: one object per event, its body byte for byte. `ndjson`: many events in one file, a line of JSON each. */
    format: "event" | "ndjson";
    /** The name of an object, with fields such as `{date}/{source}/{event_id}.json`. Null: a usual one for the format. */
    key: string | null;
    /** With gzip, names end in `.gz`. */
    compression: "none" | "gzip";
    /** A file is closed when its first event has waited this long. For `ndjson`. */
    batch_wait_ms: number;
    /** A file is closed when the bodies and headers in it have this many bytes. For `ndjson`. */
    batch_bytes: number;
    timeout_ms: number;
    rate_limit: number | null;
    rate_limit_period: "second" | "minute" | "hour";
    concurrency: number;
    /** `fifo`: one event at a time, in the order in which the requests came. `by_key`: so for each value of `ordering_key`, and the values beside each other. */
    ordering: "none" | "fifo" | "by_key";
    /** A place in the request as it is delivered, such as `body.data.id`. Requests that have nothing there share one key. */
    ordering_key: string | null;
    /** When an event has failed for good. `block`: later ones of its key wait until somebody retries or cancels it. `skip`: they go on. */
    on_order_failure: "block" | "skip";
    /** Used where a connection has no retry rule. */
    retry: RetryPolicy | null;
    /** Another destination of the team. An event that fails for good is told to it once, as an event of its own: with the request, the event and its last attempts. */
    dead_letter_destination_id: string | null;
    /** While it is open, events are held: none is tried, none spends a retry, and nothing is disabled. */
    breaker: {
      /** `auto`: it opens and closes by itself. `open`: everything is held, and nothing is probed. `closed`: everything goes, and failures are only counted. `off`: there is no breaker. */
      mode: "auto" | "open" | "closed" | "off";
      /** It opens after so many failures in a row: no connection, no answer in time, 5xx or 429. Any other answer ends the row. Null: it does not. */
      consecutive_failures: number | null;
      /** It opens when so large a share of the tries of the last `window_ms` failed. Null: it does not. */
      failure_share: number | null;
      window_ms: number;
      /** A share of fewer tries than these says nothing. */
      min_tries: number;
      /** Whether a try without an answer is a failure: a time-out, or a connection that failed or broke. */
      count_timeouts: boolean;
      /** From opening to the first probe. The wait doubles with each probe that fails. */
      probe_min_ms: number;
      /** The wait grows no longer than this. */
      probe_max_ms: number;
      /** It closes after so many probes in a row that went well. */
      good_probes: number;
      /** From closing until the whole concurrency is used: it grows evenly from one. While it grows, as many failures in a row as `good_probes` open the breaker again. 0: at once. */
      ramp_ms: number;
    };
    /** While one lasts, events are held with `maintenance`: nothing is tried and no retry is spent. After it they go out as after a breaker that has closed: the concurrency grows from one within `breaker.ramp_ms`. Windows may touch and not overlap. */
    maintenance_windows: Array<{
      kind: "once";
      from: string;
      until: string;
    } | {
      kind: "weekly";
      days: Array<"mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun">;
      start: string;
      /** Not part of it. `24:00` is the end of the day. */
      end: string | "24:00";
      /** The zone of the clock by which it starts and ends. */
      time_zone: string;
    }>;
  };
} | {
  id: string;
  team_id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  description: string | null;
  /** What its owner has to mend before it works; else null. */
  unusable_because: string | null;
  disabled_at: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
  breaker: {
    /** `half_open`: it probes. `ramping`: it has closed, and the concurrency grows. */
    state: "closed" | "open" | "half_open" | "ramping";
    /** Somebody has set its mode to open or closed. */
    is_forced: boolean;
    /** When it opened, or began to ramp. */
    since: string | null;
    because: {
      kind: "in_a_row";
      failures: number;
      /** 410, 401, 403, 404, 429, 5xx; `unreachable`: no connection, or one that broke; `silent`: no answer in time. */
      trouble: "gone" | "refuses_credentials" | "forbids" | "not_found" | "too_many_requests" | "fails" | "unreachable" | "silent";
      response_status: number | null;
      error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
    } | {
      kind: "share";
      failures: number;
      tries: number;
      /** 410, 401, 403, 404, 429, 5xx; `unreachable`: no connection, or one that broke; `silent`: no answer in time. */
      trouble: "gone" | "refuses_credentials" | "forbids" | "not_found" | "too_many_requests" | "fails" | "unreachable" | "silent";
      response_status: number | null;
      error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
    } | {
      kind: "forced";
    } | null;
    next_probe_at: string | null;
    failed_probes: number;
    ramps_until: string | null;
    /** Events are held for it. Once it has closed they go in pages. */
    holds_events: boolean;
    /** The same refusal several times in a row (401, 403, 404, 410). It does not open the breaker. */
    refusal: {
      /** 410, 401, 403, 404, 429, 5xx; `unreachable`: no connection, or one that broke; `silent`: no answer in time. */
      trouble: "gone" | "refuses_credentials" | "forbids" | "not_found" | "too_many_requests" | "fails" | "unreachable" | "silent";
      response_status: number | null;
      error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
      count: number;
    } | null;
  };
  type: "EMAIL";
  config: {
    /** Each confirmed for the team before: see POST /mail-addresses. */
    to: string[];
    timeout_ms: number;
    rate_limit: number | null;
    rate_limit_period: "second" | "minute" | "hour";
    concurrency: number;
    /** `fifo`: one event at a time, in the order in which the requests came. `by_key`: so for each value of `ordering_key`, and the values beside each other. */
    ordering: "none" | "fifo" | "by_key";
    /** A place in the request as it is delivered, such as `body.data.id`. Requests that have nothing there share one key. */
    ordering_key: string | null;
    /** When an event has failed for good. `block`: later ones of its key wait until somebody retries or cancels it. `skip`: they go on. */
    on_order_failure: "block" | "skip";
    /** Used where a connection has no retry rule. */
    retry: RetryPolicy | null;
    /** Another destination of the team. An event that fails for good is told to it once, as an event of its own: with the request, the event and its last attempts. */
    dead_letter_destination_id: string | null;
    /** While it is open, events are held: none is tried, none spends a retry, and nothing is disabled. */
    breaker: {
      /** `auto`: it opens and closes by itself. `open`: everything is held, and nothing is probed. `closed`: everything goes, and failures are only counted. `off`: there is no breaker. */
      mode: "auto" | "open" | "closed" | "off";
      /** It opens after so many failures in a row: no connection, no answer in time, 5xx or 429. Any other answer ends the row. Null: it does not. */
      consecutive_failures: number | null;
      /** It opens when so large a share of the tries of the last `window_ms` failed. Null: it does not. */
      failure_share: number | null;
      window_ms: number;
      /** A share of fewer tries than these says nothing. */
      min_tries: number;
      /** Whether a try without an answer is a failure: a time-out, or a connection that failed or broke. */
      count_timeouts: boolean;
      /** From opening to the first probe. The wait doubles with each probe that fails. */
      probe_min_ms: number;
      /** The wait grows no longer than this. */
      probe_max_ms: number;
      /** It closes after so many probes in a row that went well. */
      good_probes: number;
      /** From closing until the whole concurrency is used: it grows evenly from one. While it grows, as many failures in a row as `good_probes` open the breaker again. 0: at once. */
      ramp_ms: number;
    };
    /** While one lasts, events are held with `maintenance`: nothing is tried and no retry is spent. After it they go out as after a breaker that has closed: the concurrency grows from one within `breaker.ramp_ms`. Windows may touch and not overlap. */
    maintenance_windows: Array<{
      kind: "once";
      from: string;
      until: string;
    } | {
      kind: "weekly";
      days: Array<"mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun">;
      start: string;
      /** Not part of it. `24:00` is the end of the day. */
      end: string | "24:00";
      /** The zone of the clock by which it starts and ends. */
      time_zone: string;
    }>;
  };
} | {
  id: string;
  team_id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  description: string | null;
  /** What its owner has to mend before it works; else null. */
  unusable_because: string | null;
  disabled_at: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
  breaker: {
    /** `half_open`: it probes. `ramping`: it has closed, and the concurrency grows. */
    state: "closed" | "open" | "half_open" | "ramping";
    /** Somebody has set its mode to open or closed. */
    is_forced: boolean;
    /** When it opened, or began to ramp. */
    since: string | null;
    because: {
      kind: "in_a_row";
      failures: number;
      /** 410, 401, 403, 404, 429, 5xx; `unreachable`: no connection, or one that broke; `silent`: no answer in time. */
      trouble: "gone" | "refuses_credentials" | "forbids" | "not_found" | "too_many_requests" | "fails" | "unreachable" | "silent";
      response_status: number | null;
      error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
    } | {
      kind: "share";
      failures: number;
      tries: number;
      /** 410, 401, 403, 404, 429, 5xx; `unreachable`: no connection, or one that broke; `silent`: no answer in time. */
      trouble: "gone" | "refuses_credentials" | "forbids" | "not_found" | "too_many_requests" | "fails" | "unreachable" | "silent";
      response_status: number | null;
      error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
    } | {
      kind: "forced";
    } | null;
    next_probe_at: string | null;
    failed_probes: number;
    ramps_until: string | null;
    /** Events are held for it. Once it has closed they go in pages. */
    holds_events: boolean;
    /** The same refusal several times in a row (401, 403, 404, 410). It does not open the breaker. */
    refusal: {
      /** 410, 401, 403, 404, 429, 5xx; `unreachable`: no connection, or one that broke; `silent`: no answer in time. */
      trouble: "gone" | "refuses_credentials" | "forbids" | "not_found" | "too_many_requests" | "fails" | "unreachable" | "silent";
      response_status: number | null;
      error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
      count: number;
    } | null;
  };
  type: "CLI";
  config: {
    rate_limit_period: "second" | "minute" | "hour";
    concurrency: number;
    /** A place in the request as it is delivered, such as `body.data.id`. Requests that have nothing there share one key. */
    ordering_key: string | null;
    /** When an event has failed for good. `block`: later ones of its key wait until somebody retries or cancels it. `skip`: they go on. */
    on_order_failure: "block" | "skip";
    /** Used where a connection has no retry rule. */
    retry: RetryPolicy | null;
    /** Another destination of the team. An event that fails for good is told to it once, as an event of its own: with the request, the event and its last attempts. */
    dead_letter_destination_id: string | null;
    /** While it is open, events are held: none is tried, none spends a retry, and nothing is disabled. */
    breaker: {
      /** `auto`: it opens and closes by itself. `open`: everything is held, and nothing is probed. `closed`: everything goes, and failures are only counted. `off`: there is no breaker. */
      mode: "auto" | "open" | "closed" | "off";
      /** It opens after so many failures in a row: no connection, no answer in time, 5xx or 429. Any other answer ends the row. Null: it does not. */
      consecutive_failures: number | null;
      /** It opens when so large a share of the tries of the last `window_ms` failed. Null: it does not. */
      failure_share: number | null;
      window_ms: number;
      /** A share of fewer tries than these says nothing. */
      min_tries: number;
      /** Whether a try without an answer is a failure: a time-out, or a connection that failed or broke. */
      count_timeouts: boolean;
      /** From opening to the first probe. The wait doubles with each probe that fails. */
      probe_min_ms: number;
      /** The wait grows no longer than this. */
      probe_max_ms: number;
      /** It closes after so many probes in a row that went well. */
      good_probes: number;
      /** From closing until the whole concurrency is used: it grows evenly from one. While it grows, as many failures in a row as `good_probes` open the breaker again. 0: at once. */
      ramp_ms: number;
    };
    /** While one lasts, events are held with `maintenance`: nothing is tried and no retry is spent. After it they go out as after a breaker that has closed: the concurrency grows from one within `breaker.ramp_ms`. Windows may touch and not overlap. */
    maintenance_windows: Array<{
      kind: "once";
      from: string;
      until: string;
    } | {
      kind: "weekly";
      days: Array<"mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun">;
      start: string;
      /** Not part of it. `24:00` is the end of the day. */
      end: string | "24:00";
      /** The zone of the clock by which it starts and ends. */
      time_zone: string;
    }>;
    /** `fifo`: one event at a time, in the order in which the requests came. `by_key`: so for each value of `ordering_key`, and the values beside each other. */
    ordering: "none" | "fifo" | "by_key";
    rate_limit: number | null;
  };
};

export type Rules = Array<{
  type: "deduplicate";
  window: number;
  include_fields?: string[] | undefined;
  exclude_fields?: string[] | undefined;
} | {
  type: "transform";
  transformation_id: string;
} | {
  type: "filter";
  /** Bare values mean equality, objects nest, and an object may hold the operators $eq, $neq, $gt, $gte, $lt, $lte, $in, $nin, $contains, $startsWith, $endsWith, $exist, $regex, $or, $and, $not, $ref. */
  body?: unknown;
  /** Bare values mean equality, objects nest, and an object may hold the operators $eq, $neq, $gt, $gte, $lt, $lte, $in, $nin, $contains, $startsWith, $endsWith, $exist, $regex, $or, $and, $not, $ref. */
  headers?: unknown;
  /** Bare values mean equality, objects nest, and an object may hold the operators $eq, $neq, $gt, $gte, $lt, $lte, $in, $nin, $contains, $startsWith, $endsWith, $exist, $regex, $or, $and, $not, $ref. */
  query?: unknown;
  /** Bare values mean equality, objects nest, and an object may hold the operators $eq, $neq, $gt, $gte, $lt, $lte, $in, $nin, $contains, $startsWith, $endsWith, $exist, $regex, $or, $and, $not, $ref. */
  path?: unknown;
  /** The facts of the event, whichever provider it is of: `type`, `id`, `occurred_at` (ISO 8601 in UTC) and `resource_id`. */
  event?: unknown;
  event_type?: string | string[] | undefined;
} | {
  type: "delay";
  delay: number;
} | {
  strategy: "exponential" | "linear" | "custom";
  interval?: number | undefined;
  count?: number | undefined;
  schedule?: number[] | undefined;
  response_status_codes?: string[] | undefined;
  type: "retry";
}>;

export interface Connection {
  id: string;
  team_id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  description: string | null;
  source_id: string;
  destination_id: string;
  rules: Rules;
  paused_at: string | null;
  /** When it resumes by itself; null where nobody said when. */
  paused_until: string | null;
  disabled_at: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
}

export interface SavedConnection {
  id: string;
  team_id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  description: string | null;
  source_id: string;
  destination_id: string;
  rules: Rules;
  paused_at: string | null;
  /** When it resumes by itself; null where nobody said when. */
  paused_until: string | null;
  disabled_at: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
  warnings: Array<{
    path: string;
    message: string;
  }>;
}

export type RulesInput = Array<{
  type: "deduplicate";
  window: number;
  include_fields?: string[] | undefined;
  exclude_fields?: string[] | undefined;
} | {
  type: "transform";
  transformation_id: string;
} | {
  type: "filter";
  /** Bare values mean equality, objects nest, and an object may hold the operators $eq, $neq, $gt, $gte, $lt, $lte, $in, $nin, $contains, $startsWith, $endsWith, $exist, $regex, $or, $and, $not, $ref. */
  body?: unknown;
  /** Bare values mean equality, objects nest, and an object may hold the operators $eq, $neq, $gt, $gte, $lt, $lte, $in, $nin, $contains, $startsWith, $endsWith, $exist, $regex, $or, $and, $not, $ref. */
  headers?: unknown;
  /** Bare values mean equality, objects nest, and an object may hold the operators $eq, $neq, $gt, $gte, $lt, $lte, $in, $nin, $contains, $startsWith, $endsWith, $exist, $regex, $or, $and, $not, $ref. */
  query?: unknown;
  /** Bare values mean equality, objects nest, and an object may hold the operators $eq, $neq, $gt, $gte, $lt, $lte, $in, $nin, $contains, $startsWith, $endsWith, $exist, $regex, $or, $and, $not, $ref. */
  path?: unknown;
  /** The facts of the event, whichever provider it is of: `type`, `id`, `occurred_at` (ISO 8601 in UTC) and `resource_id`. */
  event?: unknown;
  event_type?: string | string[] | undefined;
} | {
  type: "delay";
  delay: number;
} | {
  strategy: "exponential" | "linear" | "custom";
  interval?: number | undefined;
  count?: number | undefined;
  schedule?: number[] | undefined;
  response_status_codes?: string[] | undefined;
  type: "retry";
}>;

export interface DryRun {
  source_id: string;
  /** The requests that were judged. */
  requests: number;
  oldest_at: string | null;
  newest_at: string | null;
  /** Why fewer requests were judged than are there; the newest were. */
  stopped_by: "time" | "size" | null;
  /** Requests that were left out because of a body over 1 MiB. */
  too_large: number;
  duration_ms: number;
  present: {
    delivered: number;
    filtered: number;
    duplicate: number;
    failed: number;
  };
  draft: {
    delivered: number;
    filtered: number;
    duplicate: number;
    failed: number;
  };
  newly_delivered: {
    count: number;
    examples: Array<{
      request_id: string;
      event_type: string | null;
      /** ISO 8601 in UTC, with milliseconds. */
      created_at: string;
      present: "delivered" | "filtered" | "duplicate" | "failed";
      draft: "delivered" | "filtered" | "duplicate" | "failed";
      reason: {
        message: string;
        path?: string | undefined;
        operator?: string | undefined;
        expected?: unknown;
        actual?: unknown;
      } | null;
    }>;
  };
  newly_filtered: {
    count: number;
    examples: Array<{
      request_id: string;
      event_type: string | null;
      /** ISO 8601 in UTC, with milliseconds. */
      created_at: string;
      present: "delivered" | "filtered" | "duplicate" | "failed";
      draft: "delivered" | "filtered" | "duplicate" | "failed";
      reason: {
        message: string;
        path?: string | undefined;
        operator?: string | undefined;
        expected?: unknown;
        actual?: unknown;
      } | null;
    }>;
  };
  newly_duplicate: {
    count: number;
    examples: Array<{
      request_id: string;
      event_type: string | null;
      /** ISO 8601 in UTC, with milliseconds. */
      created_at: string;
      present: "delivered" | "filtered" | "duplicate" | "failed";
      draft: "delivered" | "filtered" | "duplicate" | "failed";
      reason: {
        message: string;
        path?: string | undefined;
        operator?: string | undefined;
        expected?: unknown;
        actual?: unknown;
      } | null;
    }>;
  };
  newly_failing: {
    count: number;
    examples: Array<{
      request_id: string;
      event_type: string | null;
      /** ISO 8601 in UTC, with milliseconds. */
      created_at: string;
      present: "delivered" | "filtered" | "duplicate" | "failed";
      draft: "delivered" | "filtered" | "duplicate" | "failed";
      reason: {
        message: string;
        path?: string | undefined;
        operator?: string | undefined;
        expected?: unknown;
        actual?: unknown;
      } | null;
    }>;
  };
  /** What a save of the draft would warn of. */
  warnings: Array<{
    path: string;
    message: string;
  }>;
  cells: {
    /** A letter per request, the oldest first: delivered, filtered, duplicate (u), failed (e). */
    present: string;
    /** A letter per request, the oldest first: delivered, filtered, duplicate (u), failed (e). */
    draft: string;
  };
  /** By the draft's key: requests that came within this time of the first with their key. Null: later. */
  repeats: Array<{
    within_ms: number | null;
    count: number;
  }>;
}

export interface Transformation {
  id: string;
  team_id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  description: string | null;
  /** The JavaScript. */
  code: string;
  /** `context.env` of the code. Values read as `…f3a9`; one that is sent back as it was read stays as it is. */
  env: Record<string, string>;
  version: number;
  /** What its owner has to mend before it works; else null. */
  unusable_because: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
}

export interface TransformRequestInput {
  headers?: Record<string, string> | undefined;
  body?: unknown;
  query?: Record<string, unknown> | undefined;
  path?: string | undefined;
  method?: string | undefined;
  created_at?: string | undefined;
}

export interface TransformationVersion {
  version: number;
  /** The JavaScript. */
  code: string;
  /** `context.env` of the code. Values read as `…f3a9`; one that is sent back as it was read stays as it is. */
  env: Record<string, string>;
  /** As in the audit log; null from before authors were kept. */
  actor_kind: string | null;
  actor_id: string | null;
  /** What the author is called today; null where it has no name. */
  actor_name: string | null;
  /** The version that this one brought back. */
  restored_from: number | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
}

export interface RequestSummary {
  id: string;
  team_id: string;
  source_id: string;
  status: "accepted" | "rejected";
  /** `verified`: a signature over the body. `authenticated`: a shared secret that was sent itself. `failed`: neither was right. `unattempted`: the source asks for none, or another check came first. */
  verification: "verified" | "authenticated" | "failed" | "unattempted";
  /** True for `verified` and `authenticated`. */
  verified: boolean;
  verified_with: "secret" | "previous_secret" | null;
  rejection_cause: "SOURCE_DISABLED" | "METHOD_NOT_ALLOWED" | "RATE_LIMITED" | "VERIFICATION_FAILED" | "TIMESTAMP_OUT_OF_TOLERANCE" | "PAYLOAD_TOO_LARGE" | "BODY_TIMEOUT" | "UNSUPPORTED_CONTENT_ENCODING" | "HANDSHAKE" | "NO_CONNECTION" | null;
  /** For the owner: what the check expected. Never told to the sender. */
  rejection_detail: string | null;
  method: string;
  path: string;
  query: string;
  content_type: string | null;
  body_bytes: number;
  event_type: string | null;
  provider_event_id: string | null;
  /** When it happened, as its provider says; read when it is routed to a connection. */
  occurred_at: string | null;
  /** What it is about, likewise. */
  resource_id: string | null;
  duplicate_of: string | null;
  remote_ip: string;
  events_count: number;
  ignored_count: number;
  /** Sent from here to try the way in: `unrouted` went no further. Null for what a producer sent. */
  test: "unrouted" | "routed" | null;
  /** When its payload was erased, with path, query, headers and address; null: it was not. */
  erased_at: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
}

export interface Request {
  id: string;
  team_id: string;
  source_id: string;
  status: "accepted" | "rejected";
  /** `verified`: a signature over the body. `authenticated`: a shared secret that was sent itself. `failed`: neither was right. `unattempted`: the source asks for none, or another check came first. */
  verification: "verified" | "authenticated" | "failed" | "unattempted";
  /** True for `verified` and `authenticated`. */
  verified: boolean;
  verified_with: "secret" | "previous_secret" | null;
  rejection_cause: "SOURCE_DISABLED" | "METHOD_NOT_ALLOWED" | "RATE_LIMITED" | "VERIFICATION_FAILED" | "TIMESTAMP_OUT_OF_TOLERANCE" | "PAYLOAD_TOO_LARGE" | "BODY_TIMEOUT" | "UNSUPPORTED_CONTENT_ENCODING" | "HANDSHAKE" | "NO_CONNECTION" | null;
  /** For the owner: what the check expected. Never told to the sender. */
  rejection_detail: string | null;
  method: string;
  path: string;
  query: string;
  content_type: string | null;
  body_bytes: number;
  event_type: string | null;
  provider_event_id: string | null;
  /** When it happened, as its provider says; read when it is routed to a connection. */
  occurred_at: string | null;
  /** What it is about, likewise. */
  resource_id: string | null;
  duplicate_of: string | null;
  remote_ip: string;
  events_count: number;
  ignored_count: number;
  /** Sent from here to try the way in: `unrouted` went no further. Null for what a producer sent. */
  test: "unrouted" | "routed" | null;
  /** When its payload was erased, with path, query, headers and address; null: it was not. */
  erased_at: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  source_name: string | null;
  source_type: string | null;
  headers: Array<[string, string]>;
  /** The paths that are masked in it. */
  masks: string[];
  /** Parsed JSON or form; text otherwise; null when it is binary. The exact bytes: `raw_body`. */
  body: unknown;
}

export interface BodyText {
  content_type: string | null;
  /** As stored, before `content-encoding` is undone. */
  body_bytes: number;
  /** `form`: `text` is the JSON of its fields. `too_large`: it has more bytes than were asked for. `erased`: on demand. `withheld`: made by a transform of a request whose masks are not applied yet. */
  kind: "text" | "form" | "binary" | "empty" | "too_large" | "erased" | "withheld";
  /** In clear and as it came, so that JSON keeps its digits and spelling; null where there is no text. */
  text: string | null;
}

export type Why = Array<{
  step: "connection";
  outcome: "enabled" | "disabled" | "destination_disabled";
} | {
  step: "deduplicate";
  /** `no_key`: the request has none of the fields that the rule names. */
  outcome: "first" | "duplicate" | "bypassed" | "no_key";
  key?: string | undefined;
  first_request_id?: string | undefined;
  window_ms: number;
} | {
  step: "transform";
  outcome: "changed" | "unchanged" | "failed";
  transformation_id: string;
  version?: number | undefined;
  changes: Array<{
    path: string;
    before?: unknown;
    after?: unknown;
  }>;
  /** What of the body's spelling was lost beside the changes: doubled keys, the order of members. */
  notes?: string[] | undefined;
  console: Array<{
    level: "log" | "info" | "warn" | "error" | "debug";
    text: string;
  }>;
  error?: {
    kind: "threw" | "timed_out" | "out_of_memory" | "no_return_value" | "bad_output" | "syntax_error";
    message: string;
    line: number | null;
  } | undefined;
  duration_ms: number;
} | {
  step: "filter";
  outcome: "passed" | "failed";
  mismatch?: {
    path: string;
    operator: string;
    expected: unknown;
    actual?: unknown;
    message: string;
  } | undefined;
  /** Set when the transform dropped the very value that the filter reads. */
  hint?: string | undefined;
} | {
  step: "quiet_hours";
  outcome: "kept_back";
  until: string;
} | {
  step: "budget";
  outcome: "exceeded";
  max_steps?: number | undefined;
} | {
  step: "routing";
  outcome: "failed";
  tries: number;
} | {
  step: "delay";
  outcome: "scheduled";
  delay_ms: number;
  until: string;
} | {
  step: "dead_letter";
  outcome: "forwarded";
  /** The event that has failed. */
  event_id: string;
  because: string | null;
} | {
  step: "debug_copy";
  /** `edited`: it brings what a person has written. */
  outcome: "sent_elsewhere" | "edited";
  /** The event that was copied. */
  event_id: string;
} | {
  step: "queue";
  outcome: "queued";
  due: string;
} | {
  step: "hold";
  /** `will_be_held`: as soon as it is due. */
  outcome: "held" | "will_be_held";
  /** `maintenance`: a maintenance window of the destination lasts, or it cannot be used until its owner has seen to it. `not_connected`: the listener of a destination of type CLI is away. */
  reason: "connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified";
  /** ISO 8601 in UTC, with milliseconds. */
  since?: string | undefined;
} | {
  step: "release";
  outcome: "released";
  /** ISO 8601 in UTC, with milliseconds. */
  at: string;
} | {
  step: "attempt";
  outcome: "delivered" | "failed" | "broken_off";
  attempt_id: string;
  number: number;
  /** `PROBE`: an open breaker tried whether the receiver is well again. A probe that fails costs no retry. `DEAD_LETTER`: the event tells of another one that has failed for good. */
  trigger: "INITIAL" | "AUTOMATIC" | "MANUAL" | "BULK" | "UNPAUSE" | "PROBE" | "DEAD_LETTER";
  /** ISO 8601 in UTC, with milliseconds. */
  at: string;
  response_status: number | null;
  error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
  latency_ms: number;
  phases: {
    /** Looking the name up. */
    dns_ms: number;
    /** Connecting to the address. */
    connect_ms: number;
    /** The handshake. */
    tls_ms: number;
    /** Writing the request, and waiting for the head of the answer. */
    wait_ms: number;
    /** Reading the answer to its end. */
    read_ms: number;
  } | null;
  /** Null where nothing follows. */
  next: {
    kind: "retry";
    /** When the next attempt is due, or was made. */
    at: string | null;
    /** `policy`: the retry policy. `requested`: somebody asked for it. `broken_off`: the worker had to stop. `failed_inside`: a fault of the gateway. */
    because: "policy" | "requested" | "broken_off" | "failed_inside";
  } | {
    kind: "give_up";
    because: "exhausted" | "gone" | "status_excluded" | "skipped_in_order" | "undeliverable" | null;
  } | {
    kind: "hold";
    /** `maintenance`: a maintenance window of the destination lasts, or it cannot be used until its owner has seen to it. `not_connected`: the listener of a destination of type CLI is away. */
    because: "connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified";
  } | null;
} | {
  step: "requeue";
  outcome: "queued";
  /** `PROBE`: an open breaker tried whether the receiver is well again. A probe that fails costs no retry. `DEAD_LETTER`: the event tells of another one that has failed for good. */
  trigger: "INITIAL" | "AUTOMATIC" | "MANUAL" | "BULK" | "UNPAUSE" | "PROBE" | "DEAD_LETTER";
  /** ISO 8601 in UTC, with milliseconds. */
  at: string;
} | {
  step: "end";
  outcome: "delivered" | "failed" | "cancelled";
  because: "exhausted" | "gone" | "status_excluded" | "skipped_in_order" | "undeliverable" | "requested" | "connection_deleted" | null;
  at: string | null;
}>;

export interface IgnoredEvent {
  id: string;
  team_id: string;
  request_id: string;
  source_id: string;
  connection_id: string;
  destination_id: string;
  cause: "DEDUPLICATED" | "FILTERED" | "TRANSFORMATION_FAILED" | "CONNECTION_DISABLED" | "DESTINATION_DISABLED" | "RULES_TOO_EXPENSIVE" | "QUIET_HOURS" | "ROUTING_FAILED";
  occurred_at: string | null;
  resource_id: string | null;
  detail: string;
  why: Why;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
}

export interface EventSummary {
  id: string;
  team_id: string;
  request_id: string;
  source_id: string;
  connection_id: string;
  destination_id: string;
  status: "QUEUED" | "SCHEDULED" | "HOLD" | "RETRYING" | "DELIVERED" | "FAILED" | "CANCELLED";
  event_type: string | null;
  /** When it happened, as its provider says. */
  occurred_at: string | null;
  /** What it is about, as its provider says. */
  resource_id: string | null;
  attempts: number;
  /** What the next attempt, or the last one, is owed to. */
  trigger: "INITIAL" | "AUTOMATIC" | "MANUAL" | "BULK" | "UNPAUSE" | "PROBE" | "DEAD_LETTER";
  next_attempt_at: string | null;
  last_attempt_at: string | null;
  delivered_at: string | null;
  response_status: number | null;
  error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
  /** Why the event is held; null unless its status is HOLD. */
  hold_reason: "connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified" | null;
  /** Why it was given up; null unless its status is FAILED, and of events that failed before this was kept. */
  ended_because: "exhausted" | "gone" | "status_excluded" | "skipped_in_order" | "undeliverable" | null;
  /** The failed event that this one tells of, where it is a dead letter. */
  dead_letter_of: string | null;
  /** The value of its group; empty where the request had none. Null where the destination had no groups. */
  group: string | null;
  /** The event of which this one is a debug copy. A copy is on no connection (its `connection_id` is `debug_copy`) and is sent once. */
  resent_from: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
}

export interface Histogram {
  /** ISO 8601 in UTC, with milliseconds. */
  from: string;
  /** ISO 8601 in UTC, with milliseconds. */
  to: string;
  bucket_ms: number;
  /** By status. Buckets without a row are there, without counts. */
  data: Array<{
    /** ISO 8601 in UTC, with milliseconds. */
    time_bucket: string;
    counts: Record<string, number>;
  }>;
  total: number;
  /** There is more in the range than is looked through: what came before `counted_from` is not counted. */
  is_at_least: boolean;
  /** ISO 8601 in UTC, with milliseconds. */
  counted_from: string;
}

export interface Event {
  id: string;
  team_id: string;
  request_id: string;
  source_id: string;
  connection_id: string;
  destination_id: string;
  status: "QUEUED" | "SCHEDULED" | "HOLD" | "RETRYING" | "DELIVERED" | "FAILED" | "CANCELLED";
  event_type: string | null;
  /** When it happened, as its provider says. */
  occurred_at: string | null;
  /** What it is about, as its provider says. */
  resource_id: string | null;
  attempts: number;
  /** What the next attempt, or the last one, is owed to. */
  trigger: "INITIAL" | "AUTOMATIC" | "MANUAL" | "BULK" | "UNPAUSE" | "PROBE" | "DEAD_LETTER";
  next_attempt_at: string | null;
  last_attempt_at: string | null;
  delivered_at: string | null;
  response_status: number | null;
  error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
  /** Why the event is held; null unless its status is HOLD. */
  hold_reason: "connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified" | null;
  /** Why it was given up; null unless its status is FAILED, and of events that failed before this was kept. */
  ended_because: "exhausted" | "gone" | "status_excluded" | "skipped_in_order" | "undeliverable" | null;
  /** The failed event that this one tells of, where it is a dead letter. */
  dead_letter_of: string | null;
  /** The value of its group; empty where the request had none. Null where the destination had no groups. */
  group: string | null;
  /** The event of which this one is a debug copy. A copy is on no connection (its `connection_id` is `debug_copy`) and is sent once. */
  resent_from: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  source_name: string | null;
  source_type: string | null;
  connection_name: string | null;
  destination_name: string | null;
  /** The value of its order key; empty where the request had none. Null unless its destination keeps an order by key. */
  order_value: string | null;
  /** The first event of its order that has to go, or to be seen to, before it. */
  waits_for: {
    id: string;
    status: "QUEUED" | "SCHEDULED" | "HOLD" | "RETRYING" | "DELIVERED" | "FAILED" | "CANCELLED";
  } | null;
  is_transformed: boolean;
  /** Its source masks, and the masks are not applied yet where it is stored: until then trace and transformed parts are left out. */
  is_withheld: boolean;
  /** When the payload of its request was erased, and this with it. */
  erased_at: string | null;
  method: string;
  path: string;
  query: string;
  headers: Array<[string, string]>;
  content_type: string | null;
  body_bytes: number;
  body: unknown;
  why: Why;
}

export interface Attempt {
  id: string;
  team_id: string;
  event_id: string;
  source_id: string;
  connection_id: string;
  destination_id: string;
  number: number;
  /** `PROBE`: an open breaker tried whether the receiver is well again. A probe that fails costs no retry. `DEAD_LETTER`: the event tells of another one that has failed for good. */
  trigger: "INITIAL" | "AUTOMATIC" | "MANUAL" | "BULK" | "UNPAUSE" | "PROBE" | "DEAD_LETTER";
  requested_url: string;
  http_method: string;
  /** As sent, with secrets masked. */
  request_headers: Array<[string, string]>;
  response_status: number | null;
  response_headers: Array<[string, string]> | null;
  /** The first 32 KiB, read as UTF-8. */
  response_body: string | null;
  error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
  /** What an object store's refusal means, and what to correct. Null elsewhere. */
  explanation: string | null;
  latency_ms: number;
  phases: {
    /** Looking the name up. */
    dns_ms: number;
    /** Connecting to the address. */
    connect_ms: number;
    /** The handshake. */
    tls_ms: number;
    /** Writing the request, and waiting for the head of the answer. */
    wait_ms: number;
    /** Reading the answer to its end. */
    read_ms: number;
  } | null;
  /** Its source masks, and the masks are not applied yet where it is stored: until then headers, answer and the URL behind its host are left out. */
  is_withheld: boolean;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
}

export interface BulkOperation {
  id: string;
  team_id: string;
  kind: "events_replay" | "events_retry" | "requests_retry" | "events_cancel";
  state: "RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED";
  filter: {
    /** ISO 8601 in UTC, with milliseconds. */
    from: string;
    /** ISO 8601 in UTC, with milliseconds. */
    to: string;
    id?: string[] | undefined;
    source_id?: string[] | undefined;
    connection_id?: string[] | undefined;
    destination_id?: string[] | undefined;
    status?: string[] | undefined;
    event_type?: string | undefined;
    event_type_pattern?: string[] | undefined;
    error_code?: string[] | undefined;
    response_status?: number[] | undefined;
    hold_reason?: string[] | undefined;
    ended_because?: string[] | undefined;
    group?: string[] | undefined;
    verified?: boolean | undefined;
    /** Requests without an event on the connection are routed to it. */
    backfills?: boolean | undefined;
  };
  rate_limit: number | null;
  rate_limit_period: "second" | "minute" | "hour" | null;
  /** As the plan counted when it was started; null where that took too long. */
  total_count: number | null;
  looked_at_count: number;
  queued_count: number;
  /** Put back, but held: their connection is paused. */
  held_count: number;
  /** Requests handed to routing, once for each connection. */
  routed_count: number;
  /** Events that it has ended. */
  cancelled_count: number;
  skipped: Record<string, number>;
  error: string | null;
  started_by: {
    kind: string;
    id: string;
    /** What lists and reads call it today; null where it has no name. */
    name: string | null;
  };
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  finished_at: string | null;
}

export interface BulkOperationDetail {
  id: string;
  team_id: string;
  kind: "events_replay" | "events_retry" | "requests_retry" | "events_cancel";
  state: "RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED";
  filter: {
    /** ISO 8601 in UTC, with milliseconds. */
    from: string;
    /** ISO 8601 in UTC, with milliseconds. */
    to: string;
    id?: string[] | undefined;
    source_id?: string[] | undefined;
    connection_id?: string[] | undefined;
    destination_id?: string[] | undefined;
    status?: string[] | undefined;
    event_type?: string | undefined;
    event_type_pattern?: string[] | undefined;
    error_code?: string[] | undefined;
    response_status?: number[] | undefined;
    hold_reason?: string[] | undefined;
    ended_because?: string[] | undefined;
    group?: string[] | undefined;
    verified?: boolean | undefined;
    /** Requests without an event on the connection are routed to it. */
    backfills?: boolean | undefined;
  };
  rate_limit: number | null;
  rate_limit_period: "second" | "minute" | "hour" | null;
  /** As the plan counted when it was started; null where that took too long. */
  total_count: number | null;
  looked_at_count: number;
  queued_count: number;
  /** Put back, but held: their connection is paused. */
  held_count: number;
  /** Requests handed to routing, once for each connection. */
  routed_count: number;
  /** Events that it has ended. */
  cancelled_count: number;
  skipped: Record<string, number>;
  error: string | null;
  started_by: {
    kind: string;
    id: string;
    /** What lists and reads call it today; null where it has no name. */
    name: string | null;
  };
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  finished_at: string | null;
  /** The states of the events that it queued and that nothing else has queued since. */
  outcomes: Record<string, number>;
}

export interface BulkPlan {
  kind: "events_replay" | "events_retry" | "requests_retry" | "events_cancel";
  filter: {
    /** ISO 8601 in UTC, with milliseconds. */
    from: string;
    /** ISO 8601 in UTC, with milliseconds. */
    to: string;
    id?: string[] | undefined;
    source_id?: string[] | undefined;
    connection_id?: string[] | undefined;
    destination_id?: string[] | undefined;
    status?: string[] | undefined;
    event_type?: string | undefined;
    event_type_pattern?: string[] | undefined;
    error_code?: string[] | undefined;
    response_status?: number[] | undefined;
    hold_reason?: string[] | undefined;
    ended_because?: string[] | undefined;
    group?: string[] | undefined;
    verified?: boolean | undefined;
    /** Requests without an event on the connection are routed to it. */
    backfills?: boolean | undefined;
  };
  /** Events that would be sent again, or requests that would be routed. */
  count: number;
  /** What the filter names and the operation would leave out, by reason. */
  skipped: Record<string, number>;
  by_status: Record<string, number>;
  /** Where it goes, the most first; at most 20. */
  destinations: Array<{
    id: string;
    name: string;
    count: number;
    rate_limit: number | null;
    rate_limit_period: "second" | "minute" | "hour";
    /** Attempts of the last five minutes, on average. */
    sent_per_minute: number;
  }>;
  /** Ids of the first ten. */
  sample: string[];
  /** At the cap that was given; null without one. */
  min_duration_ms: number | null;
}

export interface Issue {
  id: string;
  team_id: string;
  kind: "connection_failing" | "transform_errors" | "breaker_open" | "backlog" | "signature_failures" | "source_silent" | "payload_drift";
  state: "open" | "snoozed" | "resolved";
  subject: {
    kind: "source" | "connection" | "destination" | "transformation";
    id: string;
    name: string;
  };
  /** False: it goes away by itself, or is only to know. */
  needs_person: boolean;
  /** How often it happened: attempts, errors or requests, by its kind. */
  count: number;
  /** How often it has opened; soon after its end it opens again as the same. */
  opened_count: number;
  evidence: {
    kind: "connection_failing";
    /** Since the last delivery, of the last hour. */
    failed_attempts: number;
    /** Events whose retries were spent in the last hour. */
    ended_failed: number;
    /** To the minute; null: none in the last hour. */
    last_delivered_at: string | null;
    destination_id: string;
  } | {
    kind: "transform_errors";
    /** Of the last hour. */
    errors: number;
    /** That it was run on in the last hour. */
    requests: number;
    version: number;
    /** The first error came after this version was saved. */
    is_since_saved: boolean;
    connection_ids: string[];
  } | {
    kind: "breaker_open";
    because: string;
    /** ISO 8601 in UTC, with milliseconds. */
    opened_at: string;
    next_probe_at: string | null;
    held_count: number;
  } | {
    kind: "backlog";
    /** How long the first event in line is past its time. */
    late_ms: number;
    waiting_count: number;
    threshold_ms: number;
  } | {
    kind: "signature_failures";
    /** Since the first failure, of the last hour. */
    failed_count: number;
    /** In the same time. */
    accepted_count: number;
    /** To the minute; null: none in the last hour. */
    last_accepted_at: string | null;
    /** The source was believed before, and nothing was since the first failure. */
    is_probably_rotated: boolean;
  } | {
    kind: "source_silent";
    /** ISO 8601 in UTC, with milliseconds. */
    heard_at: string;
    /** The longest that it is usually quiet from that time of day on. */
    period_ms: number;
    gaps_seen: number;
  } | {
    kind: "payload_drift";
    event_type: string | null;
    /** The share of requests that had the path, before and now. */
    paths: Array<{
      path: string;
      before: number;
      now: number;
      read_by: string;
    }>;
    requests_now: number;
    requests_before: number;
  };
  bars: {
    /** ISO 8601 in UTC, with milliseconds. */
    until: string;
    good: number[];
    bad: number[];
  };
  /** The oldest first; the newest 50. */
  history: Array<{
    /** ISO 8601 in UTC, with milliseconds. */
    at: string;
    what: "opened" | "opened_again" | "snoozed" | "woken" | "resolved";
    because: string | null;
    /** Null: by itself. */
    by: {
      kind: string;
      id: string;
    } | null;
  }>;
  /** ISO 8601 in UTC, with milliseconds. */
  first_at: string;
  /** When it happened last. */
  last_at: string;
  snoozed_until: string | null;
  resolved_at: string | null;
  resolved_because: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
}

export interface Notification {
  /** Of the connection, which can be paused, changed and deleted as any other. */
  id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  destination_id: string;
  /** Null: its destination was changed into something else. */
  channel: "webhook" | "chat" | "pager" | "email" | null;
  /** The host of its URL, or its addresses. */
  to: string;
  /** The kinds of issues that it tells of; null: all. */
  kinds: Array<"connection_failing" | "transform_errors" | "breaker_open" | "backlog" | "signature_failures" | "source_silent" | "payload_drift"> | null;
  quiet_hours: {
    from: string;
    /** On the next day where it is before `from`. */
    until: string;
    time_zone: string;
    /** `errors`: what waits for a person is told at once. `nothing`: it waits, too. */
    passes: "nothing" | "errors";
  } | null;
  paused_at: string | null;
  disabled_at: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
}

export interface MailAddress {
  id: string;
  address: string;
  /** Null: nothing but codes is sent there. */
  confirmed_at: string | null;
  /** When its reader ended the team's mails by the link in one of them; null: they get them. */
  unsubscribed_at: string | null;
  /** What came of sending the newest code. */
  answer: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
}

export interface Metrics {
  data: Array<{
    /** ISO 8601 in UTC, with milliseconds. */
    time_bucket: string;
    dimensions: Record<string, string | null>;
    metrics: Record<string, number | null>;
  }>;
  date_range: {
    /** ISO 8601 in UTC, with milliseconds. */
    start: string;
    /** ISO 8601 in UTC, with milliseconds. */
    end: string;
  };
  granularity: "1m" | "5m" | "15m" | "1h" | "6h" | "1d" | "total";
  /** With `compare`: bucket for bucket the time before. */
  comparison?: {
    data: Array<{
      /** ISO 8601 in UTC, with milliseconds. */
      time_bucket: string;
      dimensions: Record<string, string | null>;
      metrics: Record<string, number | null>;
    }>;
    date_range: {
      /** ISO 8601 in UTC, with milliseconds. */
      start: string;
      /** ISO 8601 in UTC, with milliseconds. */
      end: string;
    };
  } | undefined;
}

export interface ApiKey {
  id: string;
  team_ids: string[];
  name: string;
  /** `write` includes `read`. */
  scope: "read" | "write";
  /** What the key may do besides reading; null: all that its scope holds. */
  capabilities: Array<"data.read" | "source.write" | "destination.write" | "connection.write" | "connection.pause" | "transformation.write" | "transformation.run" | "event.publish" | "events.retry" | "events.cancel" | "payload.erase" | "issues.manage" | "view.write" | "resources.delete" | "secrets.rotate" | "keys.manage" | "members.manage" | "audit.read" | "team.manage" | "team.own" | "account.manage"> | null;
  last_four: string;
  expires_at: string | null;
  last_used_at: string | null;
  /** The address of the caller when `last_used_at` was noted, which is at most once a minute. */
  last_used_ip: string | null;
  /** `user`, `api_key` or `system` (the command line); null where nobody noted it. */
  made_by_kind: string | null;
  made_by_id: string | null;
  /** What its maker is called today; null where it has no name. */
  made_by_name: string | null;
  revoked_at: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
}

export interface Team {
  id: string;
  name: string;
  /** What the person who asks is there; null for an API key. */
  role: "viewer" | "member" | "admin" | "owner" | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
}

export interface Member {
  id: string;
  email: string;
  name: string;
  role: "viewer" | "member" | "admin" | "owner";
  is_you: boolean;
  /** To the minute; null where no session of theirs is open. */
  last_seen_at: string | null;
  /** Null for whoever may not manage members. */
  signs_in_with: Array<"passkey" | "provider" | "password_and_code" | "password"> | null;
  /** Since when they are in the team. */
  created_at: string;
}

export interface Invitation {
  id: string;
  email: string;
  role: "viewer" | "member" | "admin" | "owner";
  state: "open" | "accepted" | "revoked" | "expired";
  /** The id of the person or the API key. */
  invited_by: string;
  /** ISO 8601 in UTC, with milliseconds. */
  expires_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
}

export interface Session {
  id: string;
  is_current: boolean;
  ip_address: string | null;
  user_agent: string | null;
  /** To the minute. */
  last_used_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  expires_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
}

export interface SavedView {
  id: string;
  team_id: string;
  list: "requests" | "events" | "attempts";
  name: string;
  filters: Record<string, string>;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
}

export interface AuditEntry {
  id: string;
  team_id: string;
  /** `api_key`, `user` or `system`; `local_operator` in entries from before there was a log-in. */
  actor_kind: string;
  actor_id: string;
  /** What the actor is called today; null where it has no name. */
  actor_name: string | null;
  action: string;
  resource_kind: string;
  resource_id: string;
  /** What the resource is called today; null where it is gone. */
  resource_name: string | null;
  /** What changed as it was, secrets masked; null where nothing was. */
  before: Record<string, unknown> | null;
  /** What changed as it became, secrets masked; null where nothing is left. */
  after: Record<string, unknown> | null;
  /** Counts up by one within the team; null from before the chain began. */
  seq: number | null;
  /** SHA-256 over this entry and the hash of the one before. */
  hash: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
}

export interface SourcesListInput {
  /** The most items in one answer. */
  limit?: number | undefined;
  /** What a list is ordered by. */
  order_by?: "created_at" | undefined;
  /** `desc`: the newest first. */
  dir?: "asc" | "desc" | undefined;
  /** The `pagination.next` of an earlier answer. */
  next?: string | undefined;
  /** The `pagination.prev` of an earlier answer. */
  prev?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** The whole name. */
  name?: string | undefined;
  /** A text in the name or the description, in any case. */
  search?: string | undefined;
  /** Whether it is disabled. */
  disabled?: string | boolean | undefined;
  /** The kind, one of those listed. */
  type?: SourceType | undefined;
}

export interface SourcesCreateInput {
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  /** A note for people. */
  description?: string | null | undefined;
  /** WEBHOOK where it is left out. */
  type?: SourceType | undefined;
  /** The settings of its type. What is left out of a change stays as it is. */
  config?: {
    auth_type?: SourceAuthType | undefined;
    /** Depends on `auth_type`. Secrets read as `whsec_…f3a9`. */
    auth?: Record<string, unknown> | undefined;
    allowed_http_methods?: Array<"GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS"> | undefined;
    custom_response?: {
      status?: number | undefined;
      content_type?: string | undefined;
      body?: string | undefined;
    } | null | undefined;
    deduplicate_provider_events?: boolean | undefined;
    body_limit_bytes?: number | undefined;
    /** Requests that it takes in any `rate_limit_period`, over all gateways. More are answered 429. */
    rate_limit?: number | null | undefined;
    rate_limit_period?: "second" | "minute" | "hour" | undefined;
    /** What stands there in a request is shown to nobody, and replaced where it is stored when the last event of the request has ended. Delivered as it came until then. Holds for requests from now on, besides what the team masks in all sources (`PATCH /retention`). */
    masked_paths?: string[] | undefined;
  } | undefined;
  /** Left out: a new one is enabled, and one that exists stays as it is. */
  disabled?: boolean | undefined;
}

export interface SourcesUpsertInput {
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  /** A note for people. */
  description?: string | null | undefined;
  /** WEBHOOK where it is left out. */
  type?: SourceType | undefined;
  /** The settings of its type. What is left out of a change stays as it is. */
  config?: {
    auth_type?: SourceAuthType | undefined;
    /** Depends on `auth_type`. Secrets read as `whsec_…f3a9`. */
    auth?: Record<string, unknown> | undefined;
    allowed_http_methods?: Array<"GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS"> | undefined;
    custom_response?: {
      status?: number | undefined;
      content_type?: string | undefined;
      body?: string | undefined;
    } | null | undefined;
    deduplicate_provider_events?: boolean | undefined;
    body_limit_bytes?: number | undefined;
    /** Requests that it takes in any `rate_limit_period`, over all gateways. More are answered 429. */
    rate_limit?: number | null | undefined;
    rate_limit_period?: "second" | "minute" | "hour" | undefined;
    /** What stands there in a request is shown to nobody, and replaced where it is stored when the last event of the request has ended. Delivered as it came until then. Holds for requests from now on, besides what the team masks in all sources (`PATCH /retention`). */
    masked_paths?: string[] | undefined;
  } | undefined;
  /** Left out: a new one is enabled, and one that exists stays as it is. */
  disabled?: boolean | undefined;
}

export interface SourcesUpdateInput {
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name?: string | undefined;
  /** A note for people. */
  description?: string | null | undefined;
  /** WEBHOOK where it is left out. */
  type?: SourceType | undefined;
  /** The settings of its type. What is left out of a change stays as it is. */
  config?: {
    auth_type?: SourceAuthType | undefined;
    /** Depends on `auth_type`. Secrets read as `whsec_…f3a9`. */
    auth?: Record<string, unknown> | undefined;
    allowed_http_methods?: Array<"GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS"> | undefined;
    custom_response?: {
      status?: number | undefined;
      content_type?: string | undefined;
      body?: string | undefined;
    } | null | undefined;
    deduplicate_provider_events?: boolean | undefined;
    body_limit_bytes?: number | undefined;
    /** Requests that it takes in any `rate_limit_period`, over all gateways. More are answered 429. */
    rate_limit?: number | null | undefined;
    rate_limit_period?: "second" | "minute" | "hour" | undefined;
    /** What stands there in a request is shown to nobody, and replaced where it is stored when the last event of the request has ended. Delivered as it came until then. Holds for requests from now on, besides what the team masks in all sources (`PATCH /retention`). */
    masked_paths?: string[] | undefined;
  } | undefined;
  /** Left out: a new one is enabled, and one that exists stays as it is. */
  disabled?: boolean | undefined;
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
}

export interface SourcesEnableInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
}

export interface SourcesDisableInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
}

export interface SourcesExampleOutput {
  /** For a shell with curl and openssl. No secret stands in it. */
  command: string | null;
  /** The variable that has to hold the source's secret. */
  secret_variable: string | null;
  /** Why there is no command. */
  missing_because: string | null;
}

export interface SourcesTestInput {
  /** The id of the resource. */
  id: string;
  /** True routes the request as any webhook: connections deliver it. False keeps it and goes no further. */
  route?: boolean | undefined;
  /** Sent in place of a sample, with a proof by the source's secret in place of the one that it brings. Its path follows the source's URL. */
  webhook?: {
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
    path: string;
    query?: string | undefined;
    headers: Array<[string, string]>;
    /** The exact bytes, at most 1 MiB. */
    body_base64: string;
  } | undefined;
}

export interface SourcesTestOutput {
  source_id: string;
  /** The source's `updated_at`: what every gateway should have. */
  revision: string;
  answer: {
    url: string;
    /** `refused`: a gateway of this installation said no. `elsewhere`: something answered that is no gateway of this installation. `not_reached`: nothing answered. */
    outcome: "accepted" | "refused" | "elsewhere" | "not_reached";
    /** What happened and what to do, as a sentence. */
    detail: string;
    /** False where only the provider could sign it, or nothing is asked for. */
    is_signed: boolean;
    status: number | null;
    error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
    latency_ms: number;
    gateway_id: string | null;
    request_id: string | null;
    verification: "verified" | "authenticated" | "failed" | "unattempted" | null;
    rejection_cause: "SOURCE_DISABLED" | "METHOD_NOT_ALLOWED" | "RATE_LIMITED" | "VERIFICATION_FAILED" | "TIMESTAMP_OUT_OF_TOLERANCE" | "PAYLOAD_TOO_LARGE" | "BODY_TIMEOUT" | "UNSUPPORTED_CONTENT_ENCODING" | "HANDSHAKE" | "NO_CONNECTION" | null;
  };
  /** Every gateway that lives, by id. */
  gateways: Array<{
    id: string;
    /** `current`: it has the source as it is saved. `behind`: it has an earlier revision. `unknown`: it has no such source. `silent`: it lives, but does not answer. */
    outcome: "current" | "behind" | "unknown" | "silent";
    /** The `updated_at` of the source as the gateway has it. */
    revision: string | null;
    detail: string;
  }>;
  /** ISO 8601 in UTC, with milliseconds. */
  tested_at: string;
}

export interface SourcesDuplicateInput {
  /** The id of the resource. */
  id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
}

export interface SourcesRotateSecretInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
  /** The new secret. Left out: one is made, where the type makes its own. */
  secret?: string | undefined;
}

export interface SourcesRotateSecretOutput {
  id: string;
  /** The secret that was made, shown once; null where you gave it. */
  secret: string | null;
  /** Whether the secret before still works; end it by PATCHing it to null in `config.auth`. */
  previous_is_valid: boolean;
}

export interface SourcesSecretUsesOutput {
  data: Array<{
    secret: "secret" | "previous_secret";
    /** As it is read, such as `whsec_…f3a9`. */
    ends_in: string;
    /** Since when it is the `secret`, which began a rotation, or the `previous_secret` of the source; null where that is not known. */
    since: string | null;
    /** When a request last matched it; null where none did that is kept and was looked at. */
    last_used_at: string | null;
    /** Set where more requests are kept than one call looks through: the look ended here, and found no use. */
    stopped_at?: string | undefined;
  }>;
}

export interface SourcesSamplesInput {
  /** The id of the resource. */
  id: string;
  /** The most items in one answer. */
  limit?: number | undefined;
  /** Only requests older than the one with this id. */
  before?: string | undefined;
}

export interface SourcesSamplesOutput {
  /** The newest first; those with a body over 128 KiB are left out. */
  data: Array<{
    request_id: string;
    event_type: string | null;
    /** ISO 8601 in UTC, with milliseconds. */
    created_at: string;
    /** What filters and keys read as `event`. */
    event: Record<string, string>;
    request: {
      headers: Record<string, string>;
      body?: unknown;
      query: Record<string, unknown>;
      path: string;
      method: string;
      created_at?: string | undefined;
    };
  }>;
  has_more: boolean;
}

export interface DestinationsListInput {
  /** The most items in one answer. */
  limit?: number | undefined;
  /** What a list is ordered by. */
  order_by?: "created_at" | undefined;
  /** `desc`: the newest first. */
  dir?: "asc" | "desc" | undefined;
  /** The `pagination.next` of an earlier answer. */
  next?: string | undefined;
  /** The `pagination.prev` of an earlier answer. */
  prev?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** The whole name. */
  name?: string | undefined;
  /** A text in the name or the description, in any case. */
  search?: string | undefined;
  /** Whether it is disabled. */
  disabled?: string | boolean | undefined;
}

export interface DestinationsCreateInput {
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  /** A note for people. */
  description?: string | null | undefined;
  /** HTTP where it is left out; then config.url is required. S3 writes objects into a bucket. EMAIL tells people of issues. MOCK sends nothing and answers as configured. */
  type?: "HTTP" | "MOCK" | "S3" | "EMAIL" | undefined;
  /** The settings of its type. What is left out of a change stays as it is. */
  config?: {
    /** http or https; private addresses are refused unless EGRESS_ALLOW names them. */
    url?: string | undefined;
    /** Null: as received. */
    http_method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | null | undefined;
    /** False: the path after the source's URL and its query are appended. */
    path_forwarding_disabled?: boolean | undefined;
    /** Sent with every delivery. Values read as `…f3a9`; one that is sent back as it was read stays as it is. */
    headers?: Record<string, string> | undefined;
    timeout_ms?: number | undefined;
    rate_limit?: number | null | undefined;
    rate_limit_period?: "second" | "minute" | "hour" | undefined;
    concurrency?: number | undefined;
    /** `fifo`: one event at a time, in the order in which the requests came. `by_key`: so for each value of `ordering_key`, and the values beside each other. */
    ordering?: "none" | "fifo" | "by_key" | undefined;
    /** A place in the request as it is delivered, such as `body.data.id`. Requests that have nothing there share one key. */
    ordering_key?: string | null | undefined;
    /** When an event has failed for good. `block`: later ones of its key wait until somebody retries or cancels it. `skip`: they go on. */
    on_order_failure?: "block" | "skip" | undefined;
    /** Used where a connection has no retry rule. */
    retry?: {
      strategy: "exponential" | "linear" | "custom";
      interval?: number | undefined;
      count?: number | undefined;
      schedule?: number[] | undefined;
      response_status_codes?: string[] | undefined;
    } | null | undefined;
    /** Another destination of the team. An event that fails for good is told to it once, as an event of its own: with the request, the event and its last attempts. */
    dead_letter_destination_id?: string | null | undefined;
    breaker?: {
      /** `auto`: it opens and closes by itself. `open`: everything is held, and nothing is probed. `closed`: everything goes, and failures are only counted. `off`: there is no breaker. */
      mode?: "auto" | "open" | "closed" | "off" | undefined;
      /** It opens after so many failures in a row: no connection, no answer in time, 5xx or 429. Any other answer ends the row. Null: it does not. */
      consecutive_failures?: number | null | undefined;
      /** It opens when so large a share of the tries of the last `window_ms` failed. Null: it does not. */
      failure_share?: number | null | undefined;
      window_ms?: number | undefined;
      /** A share of fewer tries than these says nothing. */
      min_tries?: number | undefined;
      /** Whether a try without an answer is a failure: a time-out, or a connection that failed or broke. */
      count_timeouts?: boolean | undefined;
      /** From opening to the first probe. The wait doubles with each probe that fails. */
      probe_min_ms?: number | undefined;
      /** The wait grows no longer than this. */
      probe_max_ms?: number | undefined;
      /** It closes after so many probes in a row that went well. */
      good_probes?: number | undefined;
      /** From closing until the whole concurrency is used: it grows evenly from one. While it grows, as many failures in a row as `good_probes` open the breaker again. 0: at once. */
      ramp_ms?: number | undefined;
    } | undefined;
    /** While one lasts, events are held with `maintenance`: nothing is tried and no retry is spent. After it they go out as after a breaker that has closed: the concurrency grows from one within `breaker.ramp_ms`. Windows may touch and not overlap. */
    maintenance_windows?: Array<{
      kind: "once";
      from: string;
      until: string;
    } | {
      kind: "weekly";
      days: Array<"mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun">;
      start: string;
      /** Not part of it. `24:00` is the end of the day. */
      end: string | "24:00";
      /** The zone of the clock by which it starts and ends. */
      time_zone: string;
    }> | undefined;
    groups?: {
      /** A place in the request as it is delivered, such as `body.customer_id`. Requests that have nothing there are one group, whose value is empty. */
      key?: string | undefined;
      rate_limit?: number | null | undefined;
      rate_limit_period?: "second" | "minute" | "hour" | undefined;
      concurrency?: number | null | undefined;
      /** By value: other limits than those of all groups, and whether the group is paused. Replaced whole. */
      overrides?: Record<string, {
          rate_limit?: number | null | undefined;
          rate_limit_period?: "second" | "minute" | "hour" | undefined;
          concurrency?: number | null | undefined;
          paused?: boolean | undefined;
        }> | undefined;
    } | null | undefined;
    auth_type?: "SWITCHYARD_SIGNATURE" | "CUSTOM_SIGNATURE" | "BASIC_AUTH" | "API_KEY" | "BODY_KEY" | "BEARER_TOKEN" | "SECRET_PATH" | "NONE" | undefined;
    /** `access_key_id` and `secret_access_key`. */
    auth?: Record<string, unknown> | undefined;
    status?: number | undefined;
    /** From the start of the attempt to the answer. */
    latency_ms?: number | undefined;
    body?: string | undefined;
    /** The attempt fails with it, and there is no answer. */
    error_code?: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "PROTOCOL_ERROR" | null | undefined;
    /** In turn: the first attempt of an event gets the first, and those after the last get the last. What one leaves out is as above. */
    answers?: Array<{
      status?: number | undefined;
      /** From the start of the attempt to the answer. */
      latency_ms?: number | undefined;
      body?: string | undefined;
      /** The attempt fails with it, and there is no answer. */
      error_code?: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "PROTOCOL_ERROR" | null | undefined;
    }> | undefined;
    bucket?: string | undefined;
    region?: string | undefined;
    /** The address of a store that is not AWS; null: that of AWS in the region. */
    endpoint?: string | null | undefined;
    /** With an endpoint: whether the bucket stands in the path of the URL, or before its host. */
    is_path_style?: boolean | undefined;
    /** `event`: one object per event, its body byte for byte. `ndjson`: many events in one file, a line of JSON each. */
    format?: "event" | "ndjson" | undefined;
    /** The name of an object, with fields such as `{date}/{source}/{event_id}.json`. Null: a usual one for the format. */
    key?: string | null | undefined;
    /** With gzip, names end in `.gz`. */
    compression?: "none" | "gzip" | undefined;
    /** A file is closed when its first event has waited this long. For `ndjson`. */
    batch_wait_ms?: number | undefined;
    /** A file is closed when the bodies and headers in it have this many bytes. For `ndjson`. */
    batch_bytes?: number | undefined;
    /** Each confirmed for the team before: see POST /mail-addresses. */
    to?: string[] | undefined;
  } | undefined;
  /** Left out: a new one is enabled, and one that exists stays as it is. */
  disabled?: boolean | undefined;
}

export interface DestinationsUpsertInput {
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  /** A note for people. */
  description?: string | null | undefined;
  /** HTTP where it is left out; then config.url is required. S3 writes objects into a bucket. EMAIL tells people of issues. MOCK sends nothing and answers as configured. */
  type?: "HTTP" | "MOCK" | "S3" | "EMAIL" | undefined;
  /** The settings of its type. What is left out of a change stays as it is. */
  config?: {
    /** http or https; private addresses are refused unless EGRESS_ALLOW names them. */
    url?: string | undefined;
    /** Null: as received. */
    http_method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | null | undefined;
    /** False: the path after the source's URL and its query are appended. */
    path_forwarding_disabled?: boolean | undefined;
    /** Sent with every delivery. Values read as `…f3a9`; one that is sent back as it was read stays as it is. */
    headers?: Record<string, string> | undefined;
    timeout_ms?: number | undefined;
    rate_limit?: number | null | undefined;
    rate_limit_period?: "second" | "minute" | "hour" | undefined;
    concurrency?: number | undefined;
    /** `fifo`: one event at a time, in the order in which the requests came. `by_key`: so for each value of `ordering_key`, and the values beside each other. */
    ordering?: "none" | "fifo" | "by_key" | undefined;
    /** A place in the request as it is delivered, such as `body.data.id`. Requests that have nothing there share one key. */
    ordering_key?: string | null | undefined;
    /** When an event has failed for good. `block`: later ones of its key wait until somebody retries or cancels it. `skip`: they go on. */
    on_order_failure?: "block" | "skip" | undefined;
    /** Used where a connection has no retry rule. */
    retry?: {
      strategy: "exponential" | "linear" | "custom";
      interval?: number | undefined;
      count?: number | undefined;
      schedule?: number[] | undefined;
      response_status_codes?: string[] | undefined;
    } | null | undefined;
    /** Another destination of the team. An event that fails for good is told to it once, as an event of its own: with the request, the event and its last attempts. */
    dead_letter_destination_id?: string | null | undefined;
    breaker?: {
      /** `auto`: it opens and closes by itself. `open`: everything is held, and nothing is probed. `closed`: everything goes, and failures are only counted. `off`: there is no breaker. */
      mode?: "auto" | "open" | "closed" | "off" | undefined;
      /** It opens after so many failures in a row: no connection, no answer in time, 5xx or 429. Any other answer ends the row. Null: it does not. */
      consecutive_failures?: number | null | undefined;
      /** It opens when so large a share of the tries of the last `window_ms` failed. Null: it does not. */
      failure_share?: number | null | undefined;
      window_ms?: number | undefined;
      /** A share of fewer tries than these says nothing. */
      min_tries?: number | undefined;
      /** Whether a try without an answer is a failure: a time-out, or a connection that failed or broke. */
      count_timeouts?: boolean | undefined;
      /** From opening to the first probe. The wait doubles with each probe that fails. */
      probe_min_ms?: number | undefined;
      /** The wait grows no longer than this. */
      probe_max_ms?: number | undefined;
      /** It closes after so many probes in a row that went well. */
      good_probes?: number | undefined;
      /** From closing until the whole concurrency is used: it grows evenly from one. While it grows, as many failures in a row as `good_probes` open the breaker again. 0: at once. */
      ramp_ms?: number | undefined;
    } | undefined;
    /** While one lasts, events are held with `maintenance`: nothing is tried and no retry is spent. After it they go out as after a breaker that has closed: the concurrency grows from one within `breaker.ramp_ms`. Windows may touch and not overlap. */
    maintenance_windows?: Array<{
      kind: "once";
      from: string;
      until: string;
    } | {
      kind: "weekly";
      days: Array<"mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun">;
      start: string;
      /** Not part of it. `24:00` is the end of the day. */
      end: string | "24:00";
      /** The zone of the clock by which it starts and ends. */
      time_zone: string;
    }> | undefined;
    groups?: {
      /** A place in the request as it is delivered, such as `body.customer_id`. Requests that have nothing there are one group, whose value is empty. */
      key?: string | undefined;
      rate_limit?: number | null | undefined;
      rate_limit_period?: "second" | "minute" | "hour" | undefined;
      concurrency?: number | null | undefined;
      /** By value: other limits than those of all groups, and whether the group is paused. Replaced whole. */
      overrides?: Record<string, {
          rate_limit?: number | null | undefined;
          rate_limit_period?: "second" | "minute" | "hour" | undefined;
          concurrency?: number | null | undefined;
          paused?: boolean | undefined;
        }> | undefined;
    } | null | undefined;
    auth_type?: "SWITCHYARD_SIGNATURE" | "CUSTOM_SIGNATURE" | "BASIC_AUTH" | "API_KEY" | "BODY_KEY" | "BEARER_TOKEN" | "SECRET_PATH" | "NONE" | undefined;
    /** `access_key_id` and `secret_access_key`. */
    auth?: Record<string, unknown> | undefined;
    status?: number | undefined;
    /** From the start of the attempt to the answer. */
    latency_ms?: number | undefined;
    body?: string | undefined;
    /** The attempt fails with it, and there is no answer. */
    error_code?: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "PROTOCOL_ERROR" | null | undefined;
    /** In turn: the first attempt of an event gets the first, and those after the last get the last. What one leaves out is as above. */
    answers?: Array<{
      status?: number | undefined;
      /** From the start of the attempt to the answer. */
      latency_ms?: number | undefined;
      body?: string | undefined;
      /** The attempt fails with it, and there is no answer. */
      error_code?: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "PROTOCOL_ERROR" | null | undefined;
    }> | undefined;
    bucket?: string | undefined;
    region?: string | undefined;
    /** The address of a store that is not AWS; null: that of AWS in the region. */
    endpoint?: string | null | undefined;
    /** With an endpoint: whether the bucket stands in the path of the URL, or before its host. */
    is_path_style?: boolean | undefined;
    /** `event`: one object per event, its body byte for byte. `ndjson`: many events in one file, a line of JSON each. */
    format?: "event" | "ndjson" | undefined;
    /** The name of an object, with fields such as `{date}/{source}/{event_id}.json`. Null: a usual one for the format. */
    key?: string | null | undefined;
    /** With gzip, names end in `.gz`. */
    compression?: "none" | "gzip" | undefined;
    /** A file is closed when its first event has waited this long. For `ndjson`. */
    batch_wait_ms?: number | undefined;
    /** A file is closed when the bodies and headers in it have this many bytes. For `ndjson`. */
    batch_bytes?: number | undefined;
    /** Each confirmed for the team before: see POST /mail-addresses. */
    to?: string[] | undefined;
  } | undefined;
  /** Left out: a new one is enabled, and one that exists stays as it is. */
  disabled?: boolean | undefined;
}

export interface DestinationsOrderOutput {
  /** Keys with events that are not at an end. With `fifo` there is one. */
  keys: number;
  /** The key with the most events. */
  longest: {
    /** The value of its order key; empty where the request had none. Null unless its destination keeps an order by key. */
    order_value: string | null;
    /** Events behind the first of the key. At most 1,000 are counted. */
    waiting: number;
  } | null;
  blocked_keys: number;
  /** Those that have waited longest, at most five. */
  blocked: Array<{
    /** The value of its order key; empty where the request had none. Null unless its destination keeps an order by key. */
    order_value: string | null;
    /** Events behind the first of the key. At most 1,000 are counted. */
    waiting: number;
    /** What has to be seen to before the others go on. */
    head: {
      id: string;
      connection_id: string;
      status: "QUEUED" | "SCHEDULED" | "HOLD" | "RETRYING" | "DELIVERED" | "FAILED" | "CANCELLED";
      /** Why the event is held; null unless its status is HOLD. */
      hold_reason: "connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified" | null;
    };
  }>;
  /** There are more keys; 10,000 are looked at. */
  is_at_least: boolean;
}

export interface DestinationsUpdateInput {
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name?: string | undefined;
  /** A note for people. */
  description?: string | null | undefined;
  /** HTTP where it is left out; then config.url is required. S3 writes objects into a bucket. EMAIL tells people of issues. MOCK sends nothing and answers as configured. */
  type?: "HTTP" | "MOCK" | "S3" | "EMAIL" | undefined;
  /** The settings of its type. What is left out of a change stays as it is. */
  config?: {
    /** http or https; private addresses are refused unless EGRESS_ALLOW names them. */
    url?: string | undefined;
    /** Null: as received. */
    http_method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | null | undefined;
    /** False: the path after the source's URL and its query are appended. */
    path_forwarding_disabled?: boolean | undefined;
    /** Sent with every delivery. Values read as `…f3a9`; one that is sent back as it was read stays as it is. */
    headers?: Record<string, string> | undefined;
    timeout_ms?: number | undefined;
    rate_limit?: number | null | undefined;
    rate_limit_period?: "second" | "minute" | "hour" | undefined;
    concurrency?: number | undefined;
    /** `fifo`: one event at a time, in the order in which the requests came. `by_key`: so for each value of `ordering_key`, and the values beside each other. */
    ordering?: "none" | "fifo" | "by_key" | undefined;
    /** A place in the request as it is delivered, such as `body.data.id`. Requests that have nothing there share one key. */
    ordering_key?: string | null | undefined;
    /** When an event has failed for good. `block`: later ones of its key wait until somebody retries or cancels it. `skip`: they go on. */
    on_order_failure?: "block" | "skip" | undefined;
    /** Used where a connection has no retry rule. */
    retry?: {
      strategy: "exponential" | "linear" | "custom";
      interval?: number | undefined;
      count?: number | undefined;
      schedule?: number[] | undefined;
      response_status_codes?: string[] | undefined;
    } | null | undefined;
    /** Another destination of the team. An event that fails for good is told to it once, as an event of its own: with the request, the event and its last attempts. */
    dead_letter_destination_id?: string | null | undefined;
    breaker?: {
      /** `auto`: it opens and closes by itself. `open`: everything is held, and nothing is probed. `closed`: everything goes, and failures are only counted. `off`: there is no breaker. */
      mode?: "auto" | "open" | "closed" | "off" | undefined;
      /** It opens after so many failures in a row: no connection, no answer in time, 5xx or 429. Any other answer ends the row. Null: it does not. */
      consecutive_failures?: number | null | undefined;
      /** It opens when so large a share of the tries of the last `window_ms` failed. Null: it does not. */
      failure_share?: number | null | undefined;
      window_ms?: number | undefined;
      /** A share of fewer tries than these says nothing. */
      min_tries?: number | undefined;
      /** Whether a try without an answer is a failure: a time-out, or a connection that failed or broke. */
      count_timeouts?: boolean | undefined;
      /** From opening to the first probe. The wait doubles with each probe that fails. */
      probe_min_ms?: number | undefined;
      /** The wait grows no longer than this. */
      probe_max_ms?: number | undefined;
      /** It closes after so many probes in a row that went well. */
      good_probes?: number | undefined;
      /** From closing until the whole concurrency is used: it grows evenly from one. While it grows, as many failures in a row as `good_probes` open the breaker again. 0: at once. */
      ramp_ms?: number | undefined;
    } | undefined;
    /** While one lasts, events are held with `maintenance`: nothing is tried and no retry is spent. After it they go out as after a breaker that has closed: the concurrency grows from one within `breaker.ramp_ms`. Windows may touch and not overlap. */
    maintenance_windows?: Array<{
      kind: "once";
      from: string;
      until: string;
    } | {
      kind: "weekly";
      days: Array<"mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun">;
      start: string;
      /** Not part of it. `24:00` is the end of the day. */
      end: string | "24:00";
      /** The zone of the clock by which it starts and ends. */
      time_zone: string;
    }> | undefined;
    groups?: {
      /** A place in the request as it is delivered, such as `body.customer_id`. Requests that have nothing there are one group, whose value is empty. */
      key?: string | undefined;
      rate_limit?: number | null | undefined;
      rate_limit_period?: "second" | "minute" | "hour" | undefined;
      concurrency?: number | null | undefined;
      /** By value: other limits than those of all groups, and whether the group is paused. Replaced whole. */
      overrides?: Record<string, {
          rate_limit?: number | null | undefined;
          rate_limit_period?: "second" | "minute" | "hour" | undefined;
          concurrency?: number | null | undefined;
          paused?: boolean | undefined;
        }> | undefined;
    } | null | undefined;
    auth_type?: "SWITCHYARD_SIGNATURE" | "CUSTOM_SIGNATURE" | "BASIC_AUTH" | "API_KEY" | "BODY_KEY" | "BEARER_TOKEN" | "SECRET_PATH" | "NONE" | undefined;
    /** `access_key_id` and `secret_access_key`. */
    auth?: Record<string, unknown> | undefined;
    status?: number | undefined;
    /** From the start of the attempt to the answer. */
    latency_ms?: number | undefined;
    body?: string | undefined;
    /** The attempt fails with it, and there is no answer. */
    error_code?: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "PROTOCOL_ERROR" | null | undefined;
    /** In turn: the first attempt of an event gets the first, and those after the last get the last. What one leaves out is as above. */
    answers?: Array<{
      status?: number | undefined;
      /** From the start of the attempt to the answer. */
      latency_ms?: number | undefined;
      body?: string | undefined;
      /** The attempt fails with it, and there is no answer. */
      error_code?: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "PROTOCOL_ERROR" | null | undefined;
    }> | undefined;
    bucket?: string | undefined;
    region?: string | undefined;
    /** The address of a store that is not AWS; null: that of AWS in the region. */
    endpoint?: string | null | undefined;
    /** With an endpoint: whether the bucket stands in the path of the URL, or before its host. */
    is_path_style?: boolean | undefined;
    /** `event`: one object per event, its body byte for byte. `ndjson`: many events in one file, a line of JSON each. */
    format?: "event" | "ndjson" | undefined;
    /** The name of an object, with fields such as `{date}/{source}/{event_id}.json`. Null: a usual one for the format. */
    key?: string | null | undefined;
    /** With gzip, names end in `.gz`. */
    compression?: "none" | "gzip" | undefined;
    /** A file is closed when its first event has waited this long. For `ndjson`. */
    batch_wait_ms?: number | undefined;
    /** A file is closed when the bodies and headers in it have this many bytes. For `ndjson`. */
    batch_bytes?: number | undefined;
    /** Each confirmed for the team before: see POST /mail-addresses. */
    to?: string[] | undefined;
  } | undefined;
  /** Left out: a new one is enabled, and one that exists stays as it is. */
  disabled?: boolean | undefined;
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
}

export interface DestinationsEnableInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
}

export interface DestinationsDisableInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
}

export interface DestinationsBreakerInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
  /** `auto`: it opens and closes by itself. `open`: everything is held, and nothing is probed. `closed`: everything goes, and failures are only counted. `off`: there is no breaker. */
  mode: "auto" | "open" | "closed" | "off";
}

export interface DestinationsGroupsOutput {
  /** The groups with the longest queues, and those that are paused, the longest first. */
  data: Array<{
    /** Empty for requests that have none. */
    value: string;
    queued_count: number;
    /** Held because the group is paused. */
    held_count: number;
    /** When the first of its events in line is due. */
    next_attempt_at: string | null;
    is_paused: boolean;
    /** There are more: at most 500 of each are counted. */
    is_at_least: boolean;
  }>;
  /** There are more groups in line than the 200 that were looked at. */
  is_partial: boolean;
}

export interface DestinationsPauseGroupInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
  /** The value of the group; empty for requests that have none. */
  value: string;
}

export interface DestinationsResumeGroupInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
  /** The value of the group; empty for requests that have none. */
  value: string;
}

export interface DestinationsDuplicateInput {
  /** The id of the resource. */
  id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
}

export interface DestinationsRotateSecretInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
  /** The new secret. Left out: one is made, where the type makes its own. */
  secret?: string | undefined;
}

export interface DestinationsRotateSecretOutput {
  id: string;
  /** The secret that was made, shown once; null where you gave it. */
  secret: string | null;
  /** Whether the secret before still works; end it by PATCHing it to null in `config.auth`. */
  previous_is_valid: boolean;
}

export interface DestinationsCheckInput {
  /** The id of the resource. */
  id?: string | undefined;
  /** The settings of its type. What is left out of a change stays as it is. */
  config?: {
    bucket?: string | undefined;
    region?: string | undefined;
    /** The address of a store that is not AWS; null: that of AWS in the region. */
    endpoint?: string | null | undefined;
    /** With an endpoint: whether the bucket stands in the path of the URL, or before its host. */
    is_path_style?: boolean | undefined;
    /** `access_key_id` and `secret_access_key`. */
    auth?: Record<string, unknown> | undefined;
    /** `event`: one object per event, its body byte for byte. `ndjson`: many events in one file, a line of JSON each. */
    format?: "event" | "ndjson" | undefined;
    /** The name of an object, with fields such as `{date}/{source}/{event_id}.json`. Null: a usual one for the format. */
    key?: string | null | undefined;
    /** With gzip, names end in `.gz`. */
    compression?: "none" | "gzip" | undefined;
    /** A file is closed when its first event has waited this long. For `ndjson`. */
    batch_wait_ms?: number | undefined;
    /** A file is closed when the bodies and headers in it have this many bytes. For `ndjson`. */
    batch_bytes?: number | undefined;
    timeout_ms?: number | undefined;
    rate_limit?: number | null | undefined;
    rate_limit_period?: "second" | "minute" | "hour" | undefined;
    concurrency?: number | undefined;
    /** `fifo`: one event at a time, in the order in which the requests came. `by_key`: so for each value of `ordering_key`, and the values beside each other. */
    ordering?: "none" | "fifo" | "by_key" | undefined;
    /** A place in the request as it is delivered, such as `body.data.id`. Requests that have nothing there share one key. */
    ordering_key?: string | null | undefined;
    /** When an event has failed for good. `block`: later ones of its key wait until somebody retries or cancels it. `skip`: they go on. */
    on_order_failure?: "block" | "skip" | undefined;
    /** Used where a connection has no retry rule. */
    retry?: {
      strategy: "exponential" | "linear" | "custom";
      interval?: number | undefined;
      count?: number | undefined;
      schedule?: number[] | undefined;
      response_status_codes?: string[] | undefined;
    } | null | undefined;
    /** Another destination of the team. An event that fails for good is told to it once, as an event of its own: with the request, the event and its last attempts. */
    dead_letter_destination_id?: string | null | undefined;
    breaker?: {
      /** `auto`: it opens and closes by itself. `open`: everything is held, and nothing is probed. `closed`: everything goes, and failures are only counted. `off`: there is no breaker. */
      mode?: "auto" | "open" | "closed" | "off" | undefined;
      /** It opens after so many failures in a row: no connection, no answer in time, 5xx or 429. Any other answer ends the row. Null: it does not. */
      consecutive_failures?: number | null | undefined;
      /** It opens when so large a share of the tries of the last `window_ms` failed. Null: it does not. */
      failure_share?: number | null | undefined;
      window_ms?: number | undefined;
      /** A share of fewer tries than these says nothing. */
      min_tries?: number | undefined;
      /** Whether a try without an answer is a failure: a time-out, or a connection that failed or broke. */
      count_timeouts?: boolean | undefined;
      /** From opening to the first probe. The wait doubles with each probe that fails. */
      probe_min_ms?: number | undefined;
      /** The wait grows no longer than this. */
      probe_max_ms?: number | undefined;
      /** It closes after so many probes in a row that went well. */
      good_probes?: number | undefined;
      /** From closing until the whole concurrency is used: it grows evenly from one. While it grows, as many failures in a row as `good_probes` open the breaker again. 0: at once. */
      ramp_ms?: number | undefined;
    } | undefined;
    /** While one lasts, events are held with `maintenance`: nothing is tried and no retry is spent. After it they go out as after a breaker that has closed: the concurrency grows from one within `breaker.ramp_ms`. Windows may touch and not overlap. */
    maintenance_windows?: Array<{
      kind: "once";
      from: string;
      until: string;
    } | {
      kind: "weekly";
      days: Array<"mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun">;
      start: string;
      /** Not part of it. `24:00` is the end of the day. */
      end: string | "24:00";
      /** The zone of the clock by which it starts and ends. */
      time_zone: string;
    }> | undefined;
  } | undefined;
}

export interface DestinationsCheckOutput {
  /** Whether events can be written. */
  is_good: boolean;
  /** What was tried, in order; nothing after what has failed. */
  steps: Array<{
    step: "reach" | "write" | "delete";
    is_good: boolean;
    says: string;
  }>;
}

export interface DestinationsCheckSignatureInput {
  /** The id of the resource. */
  id: string;
  /** The header `webhook-id`; for SWITCHYARD_SIGNATURE. */
  webhook_id?: string | undefined;
  /** The header `webhook-timestamp`; for it, too. */
  webhook_timestamp?: string | undefined;
  /** The header `webhook-signature`, or the header of the destination's own. */
  signature: string;
  /** The body as the receiver got it. */
  body: string;
}

export interface DestinationsCheckSignatureOutput {
  /** The secret that made it; null: neither. */
  fits: "current" | "previous" | null;
  parts: Array<{
    part: "id" | "timestamp" | "form" | "digest";
    is_good: boolean;
    says: string;
  }>;
  /** What follows from the parts, and what to do. */
  says: string;
  /** ISO 8601 in UTC, with milliseconds. */
  checked_at: string;
}

export interface ConnectionsListInput {
  /** The most items in one answer. */
  limit?: number | undefined;
  /** What a list is ordered by. */
  order_by?: "created_at" | undefined;
  /** `desc`: the newest first. */
  dir?: "asc" | "desc" | undefined;
  /** The `pagination.next` of an earlier answer. */
  next?: string | undefined;
  /** The `pagination.prev` of an earlier answer. */
  prev?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** The whole name. */
  name?: string | undefined;
  /** A text in the name or the description, in any case. */
  search?: string | undefined;
  /** Whether it is disabled. */
  disabled?: string | boolean | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** Of these destinations alone. */
  destination_id?: string[] | undefined;
  /** Those whose transform rule names it. */
  transformation_id?: string[] | undefined;
  /** Whether it is paused. */
  paused?: string | boolean | undefined;
}

export interface ConnectionsCreateInput {
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  /** A note for people. */
  description?: string | null | undefined;
  /** What is done on the way, at most one of each type. They run in one order, whatever order they are sent in. */
  rules?: RulesInput | undefined;
  /** True: its events are held, without an end. Left out: as with `disabled`. */
  paused?: boolean | undefined;
  /** Left out: a new one is enabled, and one that exists stays as it is. */
  disabled?: boolean | undefined;
  /** The id of a source, which begins with `src_`. */
  source_id?: string | undefined;
  /** A source that is made along with it, in the place of `source_id`. */
  source?: {
    /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
    name: string;
    description?: string | null | undefined;
    /** WEBHOOK where it is left out. */
    type?: SourceType | undefined;
    config?: {
      auth_type?: SourceAuthType | undefined;
      /** Depends on `auth_type`. Secrets read as `whsec_…f3a9`. */
      auth?: Record<string, unknown> | undefined;
      allowed_http_methods?: Array<"GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS"> | undefined;
      custom_response?: {
        status?: number | undefined;
        content_type?: string | undefined;
        body?: string | undefined;
      } | null | undefined;
      deduplicate_provider_events?: boolean | undefined;
      body_limit_bytes?: number | undefined;
      /** Requests that it takes in any `rate_limit_period`, over all gateways. More are answered 429. */
      rate_limit?: number | null | undefined;
      rate_limit_period?: "second" | "minute" | "hour" | undefined;
      /** What stands there in a request is shown to nobody, and replaced where it is stored when the last event of the request has ended. Delivered as it came until then. Holds for requests from now on, besides what the team masks in all sources (`PATCH /retention`). */
      masked_paths?: string[] | undefined;
    } | undefined;
    /** Left out: a new one is enabled, and one that exists stays as it is. */
    disabled?: boolean | undefined;
  } | undefined;
  /** The id of a destination, which begins with `des_`. */
  destination_id?: string | undefined;
  /** A destination that is made along with it, in the place of `destination_id`. */
  destination?: {
    /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
    name: string;
    description?: string | null | undefined;
    /** HTTP where it is left out; then config.url is required. S3 writes objects into a bucket. EMAIL tells people of issues. MOCK sends nothing and answers as configured. */
    type?: "HTTP" | "MOCK" | "S3" | "EMAIL" | undefined;
    config?: {
      /** http or https; private addresses are refused unless EGRESS_ALLOW names them. */
      url?: string | undefined;
      /** Null: as received. */
      http_method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | null | undefined;
      /** False: the path after the source's URL and its query are appended. */
      path_forwarding_disabled?: boolean | undefined;
      /** Sent with every delivery. Values read as `…f3a9`; one that is sent back as it was read stays as it is. */
      headers?: Record<string, string> | undefined;
      timeout_ms?: number | undefined;
      rate_limit?: number | null | undefined;
      rate_limit_period?: "second" | "minute" | "hour" | undefined;
      concurrency?: number | undefined;
      /** `fifo`: one event at a time, in the order in which the requests came. `by_key`: so for each value of `ordering_key`, and the values beside each other. */
      ordering?: "none" | "fifo" | "by_key" | undefined;
      /** A place in the request as it is delivered, such as `body.data.id`. Requests that have nothing there share one key. */
      ordering_key?: string | null | undefined;
      /** When an event has failed for good. `block`: later ones of its key wait until somebody retries or cancels it. `skip`: they go on. */
      on_order_failure?: "block" | "skip" | undefined;
      /** Used where a connection has no retry rule. */
      retry?: {
        strategy: "exponential" | "linear" | "custom";
        interval?: number | undefined;
        count?: number | undefined;
        schedule?: number[] | undefined;
        response_status_codes?: string[] | undefined;
      } | null | undefined;
      /** Another destination of the team. An event that fails for good is told to it once, as an event of its own: with the request, the event and its last attempts. */
      dead_letter_destination_id?: string | null | undefined;
      breaker?: {
        /** `auto`: it opens and closes by itself. `open`: everything is held, and nothing is probed. `closed`: everything goes, and failures are only counted. `off`: there is no breaker. */
        mode?: "auto" | "open" | "closed" | "off" | undefined;
        /** It opens after so many failures in a row: no connection, no answer in time, 5xx or 429. Any other answer ends the row. Null: it does not. */
        consecutive_failures?: number | null | undefined;
        /** It opens when so large a share of the tries of the last `window_ms` failed. Null: it does not. */
        failure_share?: number | null | undefined;
        window_ms?: number | undefined;
        /** A share of fewer tries than these says nothing. */
        min_tries?: number | undefined;
        /** Whether a try without an answer is a failure: a time-out, or a connection that failed or broke. */
        count_timeouts?: boolean | undefined;
        /** From opening to the first probe. The wait doubles with each probe that fails. */
        probe_min_ms?: number | undefined;
        /** The wait grows no longer than this. */
        probe_max_ms?: number | undefined;
        /** It closes after so many probes in a row that went well. */
        good_probes?: number | undefined;
        /** From closing until the whole concurrency is used: it grows evenly from one. While it grows, as many failures in a row as `good_probes` open the breaker again. 0: at once. */
        ramp_ms?: number | undefined;
      } | undefined;
      /** While one lasts, events are held with `maintenance`: nothing is tried and no retry is spent. After it they go out as after a breaker that has closed: the concurrency grows from one within `breaker.ramp_ms`. Windows may touch and not overlap. */
      maintenance_windows?: Array<{
        kind: "once";
        from: string;
        until: string;
      } | {
        kind: "weekly";
        days: Array<"mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun">;
        start: string;
        /** Not part of it. `24:00` is the end of the day. */
        end: string | "24:00";
        /** The zone of the clock by which it starts and ends. */
        time_zone: string;
      }> | undefined;
      groups?: {
        /** A place in the request as it is delivered, such as `body.customer_id`. Requests that have nothing there are one group, whose value is empty. */
        key?: string | undefined;
        rate_limit?: number | null | undefined;
        rate_limit_period?: "second" | "minute" | "hour" | undefined;
        concurrency?: number | null | undefined;
        /** By value: other limits than those of all groups, and whether the group is paused. Replaced whole. */
        overrides?: Record<string, {
            rate_limit?: number | null | undefined;
            rate_limit_period?: "second" | "minute" | "hour" | undefined;
            concurrency?: number | null | undefined;
            paused?: boolean | undefined;
          }> | undefined;
      } | null | undefined;
      auth_type?: "SWITCHYARD_SIGNATURE" | "CUSTOM_SIGNATURE" | "BASIC_AUTH" | "API_KEY" | "BODY_KEY" | "BEARER_TOKEN" | "SECRET_PATH" | "NONE" | undefined;
      /** `access_key_id` and `secret_access_key`. */
      auth?: Record<string, unknown> | undefined;
      status?: number | undefined;
      /** From the start of the attempt to the answer. */
      latency_ms?: number | undefined;
      body?: string | undefined;
      /** The attempt fails with it, and there is no answer. */
      error_code?: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "PROTOCOL_ERROR" | null | undefined;
      /** In turn: the first attempt of an event gets the first, and those after the last get the last. What one leaves out is as above. */
      answers?: Array<{
        status?: number | undefined;
        /** From the start of the attempt to the answer. */
        latency_ms?: number | undefined;
        body?: string | undefined;
        /** The attempt fails with it, and there is no answer. */
        error_code?: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "PROTOCOL_ERROR" | null | undefined;
      }> | undefined;
      bucket?: string | undefined;
      region?: string | undefined;
      /** The address of a store that is not AWS; null: that of AWS in the region. */
      endpoint?: string | null | undefined;
      /** With an endpoint: whether the bucket stands in the path of the URL, or before its host. */
      is_path_style?: boolean | undefined;
      /** `event`: one object per event, its body byte for byte. `ndjson`: many events in one file, a line of JSON each. */
      format?: "event" | "ndjson" | undefined;
      /** The name of an object, with fields such as `{date}/{source}/{event_id}.json`. Null: a usual one for the format. */
      key?: string | null | undefined;
      /** With gzip, names end in `.gz`. */
      compression?: "none" | "gzip" | undefined;
      /** A file is closed when its first event has waited this long. For `ndjson`. */
      batch_wait_ms?: number | undefined;
      /** A file is closed when the bodies and headers in it have this many bytes. For `ndjson`. */
      batch_bytes?: number | undefined;
      /** Each confirmed for the team before: see POST /mail-addresses. */
      to?: string[] | undefined;
    } | undefined;
    /** Left out: a new one is enabled, and one that exists stays as it is. */
    disabled?: boolean | undefined;
  } | undefined;
}

export interface ConnectionsUpsertInput {
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  /** A note for people. */
  description?: string | null | undefined;
  /** What is done on the way, at most one of each type. They run in one order, whatever order they are sent in. */
  rules?: RulesInput | undefined;
  /** True: its events are held, without an end. Left out: as with `disabled`. */
  paused?: boolean | undefined;
  /** Left out: a new one is enabled, and one that exists stays as it is. */
  disabled?: boolean | undefined;
  /** The id of a source, which begins with `src_`. */
  source_id?: string | undefined;
  /** A source that is made along with it, in the place of `source_id`. */
  source?: {
    /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
    name: string;
    description?: string | null | undefined;
    /** WEBHOOK where it is left out. */
    type?: SourceType | undefined;
    config?: {
      auth_type?: SourceAuthType | undefined;
      /** Depends on `auth_type`. Secrets read as `whsec_…f3a9`. */
      auth?: Record<string, unknown> | undefined;
      allowed_http_methods?: Array<"GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS"> | undefined;
      custom_response?: {
        status?: number | undefined;
        content_type?: string | undefined;
        body?: string | undefined;
      } | null | undefined;
      deduplicate_provider_events?: boolean | undefined;
      body_limit_bytes?: number | undefined;
      /** Requests that it takes in any `rate_limit_period`, over all gateways. More are answered 429. */
      rate_limit?: number | null | undefined;
      rate_limit_period?: "second" | "minute" | "hour" | undefined;
      /** What stands there in a request is shown to nobody, and replaced where it is stored when the last event of the request has ended. Delivered as it came until then. Holds for requests from now on, besides what the team masks in all sources (`PATCH /retention`). */
      masked_paths?: string[] | undefined;
    } | undefined;
    /** Left out: a new one is enabled, and one that exists stays as it is. */
    disabled?: boolean | undefined;
  } | undefined;
  /** The id of a destination, which begins with `des_`. */
  destination_id?: string | undefined;
  /** A destination that is made along with it, in the place of `destination_id`. */
  destination?: {
    /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
    name: string;
    description?: string | null | undefined;
    /** HTTP where it is left out; then config.url is required. S3 writes objects into a bucket. EMAIL tells people of issues. MOCK sends nothing and answers as configured. */
    type?: "HTTP" | "MOCK" | "S3" | "EMAIL" | undefined;
    config?: {
      /** http or https; private addresses are refused unless EGRESS_ALLOW names them. */
      url?: string | undefined;
      /** Null: as received. */
      http_method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | null | undefined;
      /** False: the path after the source's URL and its query are appended. */
      path_forwarding_disabled?: boolean | undefined;
      /** Sent with every delivery. Values read as `…f3a9`; one that is sent back as it was read stays as it is. */
      headers?: Record<string, string> | undefined;
      timeout_ms?: number | undefined;
      rate_limit?: number | null | undefined;
      rate_limit_period?: "second" | "minute" | "hour" | undefined;
      concurrency?: number | undefined;
      /** `fifo`: one event at a time, in the order in which the requests came. `by_key`: so for each value of `ordering_key`, and the values beside each other. */
      ordering?: "none" | "fifo" | "by_key" | undefined;
      /** A place in the request as it is delivered, such as `body.data.id`. Requests that have nothing there share one key. */
      ordering_key?: string | null | undefined;
      /** When an event has failed for good. `block`: later ones of its key wait until somebody retries or cancels it. `skip`: they go on. */
      on_order_failure?: "block" | "skip" | undefined;
      /** Used where a connection has no retry rule. */
      retry?: {
        strategy: "exponential" | "linear" | "custom";
        interval?: number | undefined;
        count?: number | undefined;
        schedule?: number[] | undefined;
        response_status_codes?: string[] | undefined;
      } | null | undefined;
      /** Another destination of the team. An event that fails for good is told to it once, as an event of its own: with the request, the event and its last attempts. */
      dead_letter_destination_id?: string | null | undefined;
      breaker?: {
        /** `auto`: it opens and closes by itself. `open`: everything is held, and nothing is probed. `closed`: everything goes, and failures are only counted. `off`: there is no breaker. */
        mode?: "auto" | "open" | "closed" | "off" | undefined;
        /** It opens after so many failures in a row: no connection, no answer in time, 5xx or 429. Any other answer ends the row. Null: it does not. */
        consecutive_failures?: number | null | undefined;
        /** It opens when so large a share of the tries of the last `window_ms` failed. Null: it does not. */
        failure_share?: number | null | undefined;
        window_ms?: number | undefined;
        /** A share of fewer tries than these says nothing. */
        min_tries?: number | undefined;
        /** Whether a try without an answer is a failure: a time-out, or a connection that failed or broke. */
        count_timeouts?: boolean | undefined;
        /** From opening to the first probe. The wait doubles with each probe that fails. */
        probe_min_ms?: number | undefined;
        /** The wait grows no longer than this. */
        probe_max_ms?: number | undefined;
        /** It closes after so many probes in a row that went well. */
        good_probes?: number | undefined;
        /** From closing until the whole concurrency is used: it grows evenly from one. While it grows, as many failures in a row as `good_probes` open the breaker again. 0: at once. */
        ramp_ms?: number | undefined;
      } | undefined;
      /** While one lasts, events are held with `maintenance`: nothing is tried and no retry is spent. After it they go out as after a breaker that has closed: the concurrency grows from one within `breaker.ramp_ms`. Windows may touch and not overlap. */
      maintenance_windows?: Array<{
        kind: "once";
        from: string;
        until: string;
      } | {
        kind: "weekly";
        days: Array<"mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun">;
        start: string;
        /** Not part of it. `24:00` is the end of the day. */
        end: string | "24:00";
        /** The zone of the clock by which it starts and ends. */
        time_zone: string;
      }> | undefined;
      groups?: {
        /** A place in the request as it is delivered, such as `body.customer_id`. Requests that have nothing there are one group, whose value is empty. */
        key?: string | undefined;
        rate_limit?: number | null | undefined;
        rate_limit_period?: "second" | "minute" | "hour" | undefined;
        concurrency?: number | null | undefined;
        /** By value: other limits than those of all groups, and whether the group is paused. Replaced whole. */
        overrides?: Record<string, {
            rate_limit?: number | null | undefined;
            rate_limit_period?: "second" | "minute" | "hour" | undefined;
            concurrency?: number | null | undefined;
            paused?: boolean | undefined;
          }> | undefined;
      } | null | undefined;
      auth_type?: "SWITCHYARD_SIGNATURE" | "CUSTOM_SIGNATURE" | "BASIC_AUTH" | "API_KEY" | "BODY_KEY" | "BEARER_TOKEN" | "SECRET_PATH" | "NONE" | undefined;
      /** `access_key_id` and `secret_access_key`. */
      auth?: Record<string, unknown> | undefined;
      status?: number | undefined;
      /** From the start of the attempt to the answer. */
      latency_ms?: number | undefined;
      body?: string | undefined;
      /** The attempt fails with it, and there is no answer. */
      error_code?: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "PROTOCOL_ERROR" | null | undefined;
      /** In turn: the first attempt of an event gets the first, and those after the last get the last. What one leaves out is as above. */
      answers?: Array<{
        status?: number | undefined;
        /** From the start of the attempt to the answer. */
        latency_ms?: number | undefined;
        body?: string | undefined;
        /** The attempt fails with it, and there is no answer. */
        error_code?: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "PROTOCOL_ERROR" | null | undefined;
      }> | undefined;
      bucket?: string | undefined;
      region?: string | undefined;
      /** The address of a store that is not AWS; null: that of AWS in the region. */
      endpoint?: string | null | undefined;
      /** With an endpoint: whether the bucket stands in the path of the URL, or before its host. */
      is_path_style?: boolean | undefined;
      /** `event`: one object per event, its body byte for byte. `ndjson`: many events in one file, a line of JSON each. */
      format?: "event" | "ndjson" | undefined;
      /** The name of an object, with fields such as `{date}/{source}/{event_id}.json`. Null: a usual one for the format. */
      key?: string | null | undefined;
      /** With gzip, names end in `.gz`. */
      compression?: "none" | "gzip" | undefined;
      /** A file is closed when its first event has waited this long. For `ndjson`. */
      batch_wait_ms?: number | undefined;
      /** A file is closed when the bodies and headers in it have this many bytes. For `ndjson`. */
      batch_bytes?: number | undefined;
      /** Each confirmed for the team before: see POST /mail-addresses. */
      to?: string[] | undefined;
    } | undefined;
    /** Left out: a new one is enabled, and one that exists stays as it is. */
    disabled?: boolean | undefined;
  } | undefined;
}

export interface ConnectionsUpdateInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name?: string | undefined;
  /** A note for people. */
  description?: string | null | undefined;
  /** What is done on the way, at most one of each type. They run in one order, whatever order they are sent in. */
  rules?: RulesInput | undefined;
  /** True: its events are held, without an end. Left out: as with `disabled`. */
  paused?: boolean | undefined;
  /** Left out: a new one is enabled, and one that exists stays as it is. */
  disabled?: boolean | undefined;
  /** The id of a source, which begins with `src_`. */
  source_id?: string | undefined;
  /** The id of a destination, which begins with `des_`. */
  destination_id?: string | undefined;
}

export interface ConnectionsEnableInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
}

export interface ConnectionsDisableInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
}

export interface ConnectionsPauseInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
  /** When it resumes by itself: an ISO 8601 time to come, at most 30 days away. Without one it is paused until somebody resumes it. */
  until?: string | null | undefined;
}

export interface ConnectionsUnpauseInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
}

export interface ConnectionsDryRunInput {
  /** The id of the resource. */
  id: string;
  /** The drafted rules, all of them. Without: the present rules. */
  rules?: RulesInput | undefined;
  /** The number of the source's newest accepted requests that are judged. */
  limit?: number | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
}

export interface ConnectionsDryRunSourceInput {
  /** The id of a source, which begins with `src_`. */
  source_id: string;
  /** What is done on the way, at most one of each type. They run in one order, whatever order they are sent in. */
  rules: RulesInput;
  /** The number of the source's newest accepted requests that are judged. */
  limit?: number | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
}

export interface RoutesPutInput {
  /** Which sources go where, each by globs. */
  routes: Array<{
    /** Its connections are called `<name>-<source>`: a second call of the name changes those. */
    name: string;
    /** A source's name or type, or a glob such as `stripe-*`; `*` is every source. Case does not count. */
    source: string;
    /** A glob such as `payment.*`, or several; `*` is every event. */
    event_type: string | string[];
    destination_id?: string | undefined;
    /** Made, or changed by its name. */
    destination?: {
      /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
      name: string;
      description?: string | null | undefined;
      /** HTTP where it is left out; then config.url is required. S3 writes objects into a bucket. EMAIL tells people of issues. MOCK sends nothing and answers as configured. */
      type?: "HTTP" | "MOCK" | "S3" | "EMAIL" | undefined;
      config?: {
        /** http or https; private addresses are refused unless EGRESS_ALLOW names them. */
        url?: string | undefined;
        /** Null: as received. */
        http_method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | null | undefined;
        /** False: the path after the source's URL and its query are appended. */
        path_forwarding_disabled?: boolean | undefined;
        /** Sent with every delivery. Values read as `…f3a9`; one that is sent back as it was read stays as it is. */
        headers?: Record<string, string> | undefined;
        timeout_ms?: number | undefined;
        rate_limit?: number | null | undefined;
        rate_limit_period?: "second" | "minute" | "hour" | undefined;
        concurrency?: number | undefined;
        /** `fifo`: one event at a time, in the order in which the requests came. `by_key`: so for each value of `ordering_key`, and the values beside each other. */
        ordering?: "none" | "fifo" | "by_key" | undefined;
        /** A place in the request as it is delivered, such as `body.data.id`. Requests that have nothing there share one key. */
        ordering_key?: string | null | undefined;
        /** When an event has failed for good. `block`: later ones of its key wait until somebody retries or cancels it. `skip`: they go on. */
        on_order_failure?: "block" | "skip" | undefined;
        /** Used where a connection has no retry rule. */
        retry?: {
          strategy: "exponential" | "linear" | "custom";
          interval?: number | undefined;
          count?: number | undefined;
          schedule?: number[] | undefined;
          response_status_codes?: string[] | undefined;
        } | null | undefined;
        /** Another destination of the team. An event that fails for good is told to it once, as an event of its own: with the request, the event and its last attempts. */
        dead_letter_destination_id?: string | null | undefined;
        breaker?: {
          /** `auto`: it opens and closes by itself. `open`: everything is held, and nothing is probed. `closed`: everything goes, and failures are only counted. `off`: there is no breaker. */
          mode?: "auto" | "open" | "closed" | "off" | undefined;
          /** It opens after so many failures in a row: no connection, no answer in time, 5xx or 429. Any other answer ends the row. Null: it does not. */
          consecutive_failures?: number | null | undefined;
          /** It opens when so large a share of the tries of the last `window_ms` failed. Null: it does not. */
          failure_share?: number | null | undefined;
          window_ms?: number | undefined;
          /** A share of fewer tries than these says nothing. */
          min_tries?: number | undefined;
          /** Whether a try without an answer is a failure: a time-out, or a connection that failed or broke. */
          count_timeouts?: boolean | undefined;
          /** From opening to the first probe. The wait doubles with each probe that fails. */
          probe_min_ms?: number | undefined;
          /** The wait grows no longer than this. */
          probe_max_ms?: number | undefined;
          /** It closes after so many probes in a row that went well. */
          good_probes?: number | undefined;
          /** From closing until the whole concurrency is used: it grows evenly from one. While it grows, as many failures in a row as `good_probes` open the breaker again. 0: at once. */
          ramp_ms?: number | undefined;
        } | undefined;
        /** While one lasts, events are held with `maintenance`: nothing is tried and no retry is spent. After it they go out as after a breaker that has closed: the concurrency grows from one within `breaker.ramp_ms`. Windows may touch and not overlap. */
        maintenance_windows?: Array<{
          kind: "once";
          from: string;
          until: string;
        } | {
          kind: "weekly";
          days: Array<"mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun">;
          start: string;
          /** Not part of it. `24:00` is the end of the day. */
          end: string | "24:00";
          /** The zone of the clock by which it starts and ends. */
          time_zone: string;
        }> | undefined;
        groups?: {
          /** A place in the request as it is delivered, such as `body.customer_id`. Requests that have nothing there are one group, whose value is empty. */
          key?: string | undefined;
          rate_limit?: number | null | undefined;
          rate_limit_period?: "second" | "minute" | "hour" | undefined;
          concurrency?: number | null | undefined;
          /** By value: other limits than those of all groups, and whether the group is paused. Replaced whole. */
          overrides?: Record<string, {
              rate_limit?: number | null | undefined;
              rate_limit_period?: "second" | "minute" | "hour" | undefined;
              concurrency?: number | null | undefined;
              paused?: boolean | undefined;
            }> | undefined;
        } | null | undefined;
        auth_type?: "SWITCHYARD_SIGNATURE" | "CUSTOM_SIGNATURE" | "BASIC_AUTH" | "API_KEY" | "BODY_KEY" | "BEARER_TOKEN" | "SECRET_PATH" | "NONE" | undefined;
        /** `access_key_id` and `secret_access_key`. */
        auth?: Record<string, unknown> | undefined;
        status?: number | undefined;
        /** From the start of the attempt to the answer. */
        latency_ms?: number | undefined;
        body?: string | undefined;
        /** The attempt fails with it, and there is no answer. */
        error_code?: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "PROTOCOL_ERROR" | null | undefined;
        /** In turn: the first attempt of an event gets the first, and those after the last get the last. What one leaves out is as above. */
        answers?: Array<{
          status?: number | undefined;
          /** From the start of the attempt to the answer. */
          latency_ms?: number | undefined;
          body?: string | undefined;
          /** The attempt fails with it, and there is no answer. */
          error_code?: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "PROTOCOL_ERROR" | null | undefined;
        }> | undefined;
        bucket?: string | undefined;
        region?: string | undefined;
        /** The address of a store that is not AWS; null: that of AWS in the region. */
        endpoint?: string | null | undefined;
        /** With an endpoint: whether the bucket stands in the path of the URL, or before its host. */
        is_path_style?: boolean | undefined;
        /** `event`: one object per event, its body byte for byte. `ndjson`: many events in one file, a line of JSON each. */
        format?: "event" | "ndjson" | undefined;
        /** The name of an object, with fields such as `{date}/{source}/{event_id}.json`. Null: a usual one for the format. */
        key?: string | null | undefined;
        /** With gzip, names end in `.gz`. */
        compression?: "none" | "gzip" | undefined;
        /** A file is closed when its first event has waited this long. For `ndjson`. */
        batch_wait_ms?: number | undefined;
        /** A file is closed when the bodies and headers in it have this many bytes. For `ndjson`. */
        batch_bytes?: number | undefined;
        /** Each confirmed for the team before: see POST /mail-addresses. */
        to?: string[] | undefined;
      } | undefined;
      /** Left out: a new one is enabled, and one that exists stays as it is. */
      disabled?: boolean | undefined;
    } | undefined;
  }>;
}

export interface RoutesPutOutput {
  routes: Array<{
    name: string;
    destination_id: string;
    /** One for each source that fits now. */
    connections: Connection[];
  }>;
}

export interface EndpointsListInput {
  /** The most items in one answer. */
  limit?: number | undefined;
  /** What a list is ordered by. */
  order_by?: "created_at" | undefined;
  /** `desc`: the newest first. */
  dir?: "asc" | "desc" | undefined;
  /** The `pagination.next` of an earlier answer. */
  next?: string | undefined;
  /** The `pagination.prev` of an earlier answer. */
  prev?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** The whole name. */
  name?: string | undefined;
  /** A text in the URL or name, or a whole event type. */
  search?: string | undefined;
  /** The id of a source, which begins with `src_`. */
  source_id?: string | undefined;
  /** Whether it is held. */
  held?: string | boolean | undefined;
}

export interface EndpointsListItem {
  /** Of its destination. */
  id: string;
  team_id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  description: string | null;
  url: string;
  event_types: string[];
  is_of_every_source: boolean;
  connections: Array<{
    id: string;
    source_id: string;
  }>;
  /** All of its connections are paused. */
  paused: boolean;
  disabled_at: string | null;
  /** `lease_expired` or `endpoint_unverified`: why it gets nothing for now. */
  hold_reason: "connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified" | null;
  ttl: number | null;
  lease_until: string | null;
  /** Its lease has run out: when it goes, unless it renews. */
  removed_at: string | null;
  renewals: number;
  /** The last ten renewals, the oldest first. */
  renewed_at: string[];
  /** Null where no challenge was asked for. */
  verification: {
    state: "pending" | "failed" | "confirmed";
    detail: string | null;
    asked_at: string | null;
  } | null;
  /** Events that are queued, scheduled, retrying or held. */
  waiting_count: number;
  retrying_count: number;
  failed_count: number;
  delivered_in_hour: number;
  /** The minute of its last attempt in the last hour. */
  last_attempt_at: string | null;
  key_last_four: string | null;
  made_by_kind: string;
  made_by_id: string;
  made_by_name: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
}

export interface EndpointsGoneOutput {
  data: Array<{
    id: string;
    url: string;
    because: "lease_ran_out" | "removed" | "unregistered_itself";
    cancelled_count: number;
    /** ISO 8601 in UTC, with milliseconds. */
    gone_at: string;
  }>;
}

export interface EndpointsCreateInput {
  /** Requests go to exactly this URL. */
  url: string;
  /** Globs such as `payment.*`; `*` is every event, also one without a type. */
  eventTypes?: string[] | undefined;
  /** Globs such as `payment.*`; `*` is every event, also one without a type. */
  event_types?: string[] | undefined;
  /** A source's id or name. `*`, or left out: every source of the team, those made later too. */
  source?: string | undefined;
  /** Left out, it is made of the URL. An endpoint of this name is changed. */
  name?: string | undefined;
  /** A note for people. */
  description?: string | null | undefined;
  /** The seconds of a lease. */
  ttl?: number | null | undefined;
  /** True: its events are held until the URL has given back a challenge, which is sent at once. */
  verify?: boolean | undefined;
}

export interface EndpointsCreateOutput {
  /** Of its destination. */
  id: string;
  team_id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  description: string | null;
  url: string;
  event_types: string[];
  is_of_every_source: boolean;
  connections: Array<{
    id: string;
    source_id: string;
  }>;
  /** All of its connections are paused. */
  paused: boolean;
  disabled_at: string | null;
  /** `lease_expired` or `endpoint_unverified`: why it gets nothing for now. */
  hold_reason: "connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified" | null;
  ttl: number | null;
  lease_until: string | null;
  /** Its lease has run out: when it goes, unless it renews. */
  removed_at: string | null;
  renewals: number;
  /** The last ten renewals, the oldest first. */
  renewed_at: string[];
  /** Null where no challenge was asked for. */
  verification: {
    state: "pending" | "failed" | "confirmed";
    detail: string | null;
    asked_at: string | null;
  } | null;
  /** Events that are queued, scheduled, retrying or held. */
  waiting_count: number;
  retrying_count: number;
  failed_count: number;
  delivered_in_hour: number;
  /** The minute of its last attempt in the last hour. */
  last_attempt_at: string | null;
  key_last_four: string | null;
  made_by_kind: string;
  made_by_id: string;
  made_by_name: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
  /** False: it was registered before, and this call renewed it. */
  is_new: boolean;
  /** Shown once: an API key with the right to nothing but this endpoint. */
  key: string;
  /** Shown once: what its deliveries are signed with. Null where it was registered before. */
  secret: string | null;
}

export interface EndpointsGetOutput {
  /** Of its destination. */
  id: string;
  team_id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  description: string | null;
  url: string;
  event_types: string[];
  is_of_every_source: boolean;
  connections: Array<{
    id: string;
    source_id: string;
  }>;
  /** All of its connections are paused. */
  paused: boolean;
  disabled_at: string | null;
  /** `lease_expired` or `endpoint_unverified`: why it gets nothing for now. */
  hold_reason: "connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified" | null;
  ttl: number | null;
  lease_until: string | null;
  /** Its lease has run out: when it goes, unless it renews. */
  removed_at: string | null;
  renewals: number;
  /** The last ten renewals, the oldest first. */
  renewed_at: string[];
  /** Null where no challenge was asked for. */
  verification: {
    state: "pending" | "failed" | "confirmed";
    detail: string | null;
    asked_at: string | null;
  } | null;
  /** Events that are queued, scheduled, retrying or held. */
  waiting_count: number;
  retrying_count: number;
  failed_count: number;
  delivered_in_hour: number;
  /** The minute of its last attempt in the last hour. */
  last_attempt_at: string | null;
  key_last_four: string | null;
  made_by_kind: string;
  made_by_id: string;
  made_by_name: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
}

export interface EndpointsUpdateInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
  /** An http or https URL. */
  url?: string | undefined;
  /** Globs such as `payment.*`; `*` is every event, also one without a type. */
  eventTypes?: string[] | undefined;
  /** Globs such as `payment.*`; `*` is every event, also one without a type. */
  event_types?: string[] | undefined;
  /** A new lease begins now; null: it has none any more. */
  ttl?: number | null | undefined;
  /** Whether it is paused. */
  paused?: boolean | undefined;
  /** A note for people. */
  description?: string | null | undefined;
}

export interface EndpointsUpdateOutput {
  /** Of its destination. */
  id: string;
  team_id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  description: string | null;
  url: string;
  event_types: string[];
  is_of_every_source: boolean;
  connections: Array<{
    id: string;
    source_id: string;
  }>;
  /** All of its connections are paused. */
  paused: boolean;
  disabled_at: string | null;
  /** `lease_expired` or `endpoint_unverified`: why it gets nothing for now. */
  hold_reason: "connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified" | null;
  ttl: number | null;
  lease_until: string | null;
  /** Its lease has run out: when it goes, unless it renews. */
  removed_at: string | null;
  renewals: number;
  /** The last ten renewals, the oldest first. */
  renewed_at: string[];
  /** Null where no challenge was asked for. */
  verification: {
    state: "pending" | "failed" | "confirmed";
    detail: string | null;
    asked_at: string | null;
  } | null;
  /** Events that are queued, scheduled, retrying or held. */
  waiting_count: number;
  retrying_count: number;
  failed_count: number;
  delivered_in_hour: number;
  /** The minute of its last attempt in the last hour. */
  last_attempt_at: string | null;
  key_last_four: string | null;
  made_by_kind: string;
  made_by_id: string;
  made_by_name: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
}

export interface EndpointsDeleteOutput {
  id: string;
  /** Events that waited, and are cancelled. */
  cancelled_count: number;
}

export interface EndpointsRenewOutput {
  /** Of its destination. */
  id: string;
  ttl: number | null;
  lease_until: string | null;
  /** `lease_expired` or `endpoint_unverified`: why it gets nothing for now. */
  hold_reason: "connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified" | null;
}

export interface EndpointsVerifyOutput {
  /** Of its destination. */
  id: string;
  team_id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  description: string | null;
  url: string;
  event_types: string[];
  is_of_every_source: boolean;
  connections: Array<{
    id: string;
    source_id: string;
  }>;
  /** All of its connections are paused. */
  paused: boolean;
  disabled_at: string | null;
  /** `lease_expired` or `endpoint_unverified`: why it gets nothing for now. */
  hold_reason: "connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified" | null;
  ttl: number | null;
  lease_until: string | null;
  /** Its lease has run out: when it goes, unless it renews. */
  removed_at: string | null;
  renewals: number;
  /** The last ten renewals, the oldest first. */
  renewed_at: string[];
  /** Null where no challenge was asked for. */
  verification: {
    state: "pending" | "failed" | "confirmed";
    detail: string | null;
    asked_at: string | null;
  } | null;
  /** Events that are queued, scheduled, retrying or held. */
  waiting_count: number;
  retrying_count: number;
  failed_count: number;
  delivered_in_hour: number;
  /** The minute of its last attempt in the last hour. */
  last_attempt_at: string | null;
  key_last_four: string | null;
  made_by_kind: string;
  made_by_id: string;
  made_by_name: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  updated_at: string;
}

export interface TransformationsListInput {
  /** The most items in one answer. */
  limit?: number | undefined;
  /** What a list is ordered by. */
  order_by?: "created_at" | undefined;
  /** `desc`: the newest first. */
  dir?: "asc" | "desc" | undefined;
  /** The `pagination.next` of an earlier answer. */
  next?: string | undefined;
  /** The `pagination.prev` of an earlier answer. */
  prev?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** The whole name. */
  name?: string | undefined;
  /** A text in the name or the description, in any case. */
  search?: string | undefined;
}

export interface TransformationsCreateInput {
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  /** A note for people. */
  description?: string | null | undefined;
  /** The JavaScript. */
  code: string;
  /** `context.env` of the code. Values read as `…f3a9`; one that is sent back as it was read stays as it is. */
  env?: Record<string, string> | undefined;
}

export interface TransformationsUpsertInput {
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  /** A note for people. */
  description?: string | null | undefined;
  /** The JavaScript. */
  code: string;
  /** `context.env` of the code. Values read as `…f3a9`; one that is sent back as it was read stays as it is. */
  env?: Record<string, string> | undefined;
}

export interface TransformationsRunInput {
  /** The id of a transformation, which begins with `trs_`. */
  transformation_id?: string | undefined;
  /** The JavaScript. */
  code?: string | undefined;
  /** `context.env` of the code. Values read as `…f3a9`; one that is sent back as it was read stays as it is. */
  env?: Record<string, string> | undefined;
  /** The id of a request, which begins with `req_`. */
  request_id?: string | undefined;
  /** A request, as a transformation sees it. */
  request?: TransformRequestInput | undefined;
}

export interface TransformationsRunOutput {
  /** What the code returned; null when it failed. */
  request: {
    headers: Record<string, string>;
    body?: unknown;
    query: Record<string, unknown>;
    path: string;
    method: string;
    created_at?: string | undefined;
  } | null;
  error: {
    kind: "threw" | "timed_out" | "out_of_memory" | "no_return_value" | "bad_output" | "syntax_error";
    message: string;
    line: number | null;
  } | null;
  console: Array<{
    level: "log" | "info" | "warn" | "error" | "debug";
    text: string;
  }>;
  duration_ms: number;
}

export interface TransformationsDryRunInput {
  /** The id of the resource. */
  id: string;
  /** The drafted code, with the saved env. Without: the code that runs. */
  code?: string | undefined;
  /** The number of requests that it is tried on. */
  limit?: number | undefined;
}

export interface TransformationsDryRunOutput {
  /** The version that runs now; `present` is what it does. */
  version: number;
  /** The requests that it was tried on. */
  requests: number;
  present: {
    returned: number;
    failed: number;
  };
  draft: {
    returned: number;
    failed: number;
  };
  /** Requests that the draft fails on, the newest first. */
  failures: Array<{
    request_id: string;
    event_type: string | null;
    /** ISO 8601 in UTC, with milliseconds. */
    created_at: string;
    error: {
      kind: "threw" | "timed_out" | "out_of_memory" | "no_return_value" | "bad_output" | "syntax_error";
      message: string;
      line: number | null;
    };
  }>;
  /** Why it was tried on fewer requests than there are; the newest were. */
  stopped_by: "time" | "size" | null;
  /** Requests that were left out because of a body over 1 MiB. */
  too_large: number;
  duration_ms: number;
}

export interface TransformationsUsageOutput {
  data: Array<{
    transformation_id: string;
    /** Connections whose transform rule names it. */
    connections_count: number;
    /** Requests of the last 24 hours that it failed on, at the connections that name it today. */
    failed_24h_count: number;
  }>;
}

export interface TransformationsUpdateInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name?: string | undefined;
  /** A note for people. */
  description?: string | null | undefined;
  /** The JavaScript. */
  code?: string | undefined;
  /** `context.env` of the code. Values read as `…f3a9`; one that is sent back as it was read stays as it is. */
  env?: Record<string, string> | undefined;
}

export interface TransformationsVersionsInput {
  /** The id of the resource. */
  id: string;
  /** The most items in one answer. */
  limit?: number | undefined;
  /** Only versions below this number. */
  before?: number | undefined;
}

export interface TransformationsRestoreInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
  /** The number of a version. */
  version: number;
}

export interface TransformationsDuplicateInput {
  /** The id of the resource. */
  id: string;
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
}

export interface FlowsListOutput {
  data: Array<{
    id: string;
    team_id: string;
    /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
    name: string;
    /** Its document of the file. */
    text: string;
    /** ISO 8601 in UTC, with milliseconds. */
    applied_at: string;
    applied_by: {
      actor_kind: string;
      actor_id: string;
      /** What the actor is called today; null where it has no name. */
      actor_name: string | null;
    };
    resources: Array<{
      kind: "source" | "destination" | "connection" | "transformation";
      id: string;
      name: string;
      /** Somebody has deleted it. */
      is_gone: boolean;
      drift: Array<{
        /** Such as `config.rate_limit` or `rules.retry.count`. */
        path: string;
        /** What the file said when it was applied. */
        file: unknown;
        /** Null where nothing is set; secrets masked. */
        runs: unknown;
        /** By the audit log; null where that does not say. */
        changed_by: {
          actor_kind: string;
          actor_id: string;
          /** What the actor is called today; null where it has no name. */
          actor_name: string | null;
          /** ISO 8601 in UTC, with milliseconds. */
          at: string;
        } | null;
      }>;
    }>;
    /** How many of its resources are not as the file says. */
    drifted_count: number;
  }>;
}

export interface FlowsExportInput {
  /** Only the flow of this source. */
  source_id?: string | undefined;
}

export interface FlowsExportOutput {
  text: string;
}

export interface FlowsPlanInput {
  /** YAML or JSON; several documents are parted by lines of `---`. */
  text: string;
  /** Deletes what these flows own and their file does not declare any more. */
  prune?: boolean | undefined;
  /** Makes what is not there under its name, and leaves what is there as it runs. No flow is kept: what it makes belongs to nobody. For a move from elsewhere. */
  only_new?: boolean | undefined;
  /** The values that `secretFrom: {env: NAME}` names in the file. They are stored with their resource alone. */
  secrets?: Record<string, string> | undefined;
}

export interface FlowsPlanOutput {
  /** While there is one, nothing of the file can be applied. */
  problems: Array<{
    /** From 1; null where it is of no one place. */
    line: number | null;
    column: number | null;
    /** As the file spells it, such as `spec.destinations[1].retry.interval`. */
    path: string;
    message: string;
  }>;
  /** Send it with the file: it is applied only if it would still do this. Null with problems. */
  fingerprint: string | null;
  /** What runs is what the file says. */
  is_empty: boolean;
  flows: Array<{
    name: string;
    is_new: boolean;
    line: number | null;
  }>;
  changes: Array<{
    action: "create" | "update" | "delete";
    kind: "source" | "destination" | "connection" | "transformation";
    /** Null of what is to be made. */
    id: string | null;
    name: string;
    flow: string;
    line: number | null;
    /** Of what is to be made: those that are not as usual. Of what is deleted: none. */
    fields: Array<{
      /** Such as `config.rate_limit` or `rules.retry.count`. */
      path: string;
      /** Null where nothing is set; secrets masked. */
      before: unknown;
      /** Null where nothing is set; secrets masked. */
      after: unknown;
      /** Set where somebody has changed it since the file was applied: it needs a choice. */
      drift: {
        /** What the file said when it was applied. */
        file: unknown;
        /** By the audit log; null where that does not say. */
        changed_by: {
          actor_kind: string;
          actor_id: string;
          /** What the actor is called today; null where it has no name. */
          actor_name: string | null;
          /** ISO 8601 in UTC, with milliseconds. */
          at: string;
        } | null;
      } | null;
      /** Where the file says it; null where it leaves it out. */
      line: number | null;
    }>;
    losses: Array<{
      kind: "pending_events" | "failed_events" | "url" | "order" | "senders" | "address" | "held_events" | "settings";
      count: number | null;
      says: string;
    }>;
  }>;
  unchanged_count: number;
  /** Owned by these flows and not in the file any more. With `prune` they are deleted. */
  left: Array<{
    kind: "source" | "destination" | "connection" | "transformation";
    id: string;
    name: string;
    flow: string;
  }>;
  /** With `only_new`: what is there already and stays. */
  existing: Array<{
    kind: "source" | "destination" | "connection" | "transformation";
    id: string;
    name: string;
    /** Where it is not as the file says. */
    paths: string[];
  }>;
  warnings: Array<{
    /** From 1; null where it is of no one place. */
    line: number | null;
    column: number | null;
    /** As the file spells it, such as `spec.destinations[1].retry.interval`. */
    path: string;
    message: string;
  }>;
}

export interface FlowsApplyFileInput {
  /** YAML or JSON; several documents are parted by lines of `---`. */
  text: string;
  /** Deletes what these flows own and their file does not declare any more. */
  prune?: boolean | undefined;
  /** Makes what is not there under its name, and leaves what is there as it runs. No flow is kept: what it makes belongs to nobody. For a move from elsewhere. */
  only_new?: boolean | undefined;
  /** The values that `secretFrom: {env: NAME}` names in the file. They are stored with their resource alone. */
  secrets?: Record<string, string> | undefined;
  /** Of a plan. When the configuration has changed since, nothing is saved and the answer is a 409. */
  fingerprint?: string | undefined;
  /** One for each drifted field of the plan. */
  choices?: Array<{
    kind: "source" | "destination" | "connection" | "transformation";
    /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
    name: string;
    path: string;
    /** `file`: what the file says. `runs`: it stays as it runs, and drifted. */
    take: "file" | "runs";
  }> | undefined;
  /** The choice for drifted fields that `choices` does not name. */
  drift?: "file" | "runs" | undefined;
}

export interface FlowsApplyFileOutput {
  is_changed: boolean;
  changes: Array<{
    action: "create" | "update" | "delete";
    kind: "source" | "destination" | "connection" | "transformation";
    name: string;
    flow: string;
    id: string;
  }>;
  unchanged_count: number;
  /** Signing secrets of new destinations, shown this once. */
  made_secrets: Array<{
    destination_id: string;
    name: string;
    signing_secret: string;
  }>;
  warnings: Array<{
    /** From 1; null where it is of no one place. */
    line: number | null;
    column: number | null;
    /** As the file spells it, such as `spec.destinations[1].retry.interval`. */
    path: string;
    message: string;
  }>;
}

export interface PublishEventsInput {
  /** A source of type PUBLISH, by its name or id. */
  source: string;
  /** For 24 h the same key with the same events gets the first answer, and publishes nothing. */
  idempotency_key?: string | undefined;
  /** Committed together or not at all. For one event its fields may stand beside `source`. */
  events?: Array<{
    /** Such as `order.paid`: its `event_type`. */
    type: string;
    /** The publisher's own. A second event of this id within 48 h is a duplicate, unless the source says otherwise. Left out, one is made. */
    id?: string | undefined;
    /** When it happened; ISO 8601. Left out: now. */
    occurred_at?: string | undefined;
    /** What it is about, such as an order. */
    resource_id?: string | undefined;
    /** `application/json` where there is data and it is left out. */
    content_type?: string | undefined;
    /** The body: as JSON, or a text where `content_type` is another one. */
    data?: unknown;
    /** The body as bytes, in the place of `data`. */
    data_base64?: string | undefined;
    /** More attributes of CloudEvents, such as `source` or `dataschema`: sent on as `ce-…`. */
    attributes?: Record<string, string> | undefined;
  }> | undefined;
  /** Such as `order.paid`: its `event_type`. */
  type?: string | undefined;
  /** The publisher's own. A second event of this id within 48 h is a duplicate, unless the source says otherwise. Left out, one is made. */
  id?: string | undefined;
  /** When it happened; ISO 8601. Left out: now. */
  occurred_at?: string | undefined;
  /** What it is about, such as an order. */
  resource_id?: string | undefined;
  /** `application/json` where there is data and it is left out. */
  content_type?: string | undefined;
  /** The body: as JSON, or a text where `content_type` is another one. */
  data?: unknown;
  /** The body as bytes, in the place of `data`. */
  data_base64?: string | undefined;
  /** More attributes of CloudEvents, such as `source` or `dataschema`: sent on as `ce-…`. */
  attributes?: Record<string, string> | undefined;
}

export interface PublishEventsOutput {
  /** Those that go on to the connections of the source. */
  published_count: number;
  duplicate_count: number;
  events: Array<{
    request_id: string;
    id: string;
    /** The request that brought this id first. */
    duplicate_of: string | null;
  }>;
}

export interface RequestsListInput {
  /** The most items in one answer. */
  limit?: number | undefined;
  /** What a list is ordered by. */
  order_by?: "created_at" | undefined;
  /** `desc`: the newest first. */
  dir?: "asc" | "desc" | undefined;
  /** The `pagination.next` of an earlier answer. */
  next?: string | undefined;
  /** The `pagination.prev` of an earlier answer. */
  prev?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** The state that it is in. */
  status?: "accepted" | "rejected" | undefined;
  /** With these results of verification alone. */
  verification?: Array<"verified" | "authenticated" | "failed" | "unattempted"> | undefined;
  /** Whether the sender was verified or authenticated. */
  verified?: string | boolean | undefined;
  /** Rejected for these causes alone. */
  rejection_cause?: Array<"SOURCE_DISABLED" | "METHOD_NOT_ALLOWED" | "RATE_LIMITED" | "VERIFICATION_FAILED" | "TIMESTAMP_OUT_OF_TOLERANCE" | "PAYLOAD_TOO_LARGE" | "BODY_TIMEOUT" | "UNSUPPORTED_CONTENT_ENCODING" | "HANDSHAKE" | "NO_CONNECTION"> | undefined;
  /** The whole type, or with `*` for any run of characters: `payment.*`. */
  event_type?: string | undefined;
  /** What the provider calls the event. */
  provider_event_id?: string | undefined;
  /** About these resources alone, as their senders call them. */
  resource_id?: string[] | undefined;
  /** Verified with these secrets alone. */
  verified_with?: Array<"secret" | "previous_secret"> | undefined;
  /** Repeats of what the provider had sent before, or all others. */
  duplicate?: string | boolean | undefined;
  /** Tests that were sent from here, or all others. */
  test?: string | boolean | undefined;
  /** JSON that the stored body must contain. */
  body?: unknown;
}

export interface RequestsHistogramInput {
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** The state that it is in. */
  status?: "accepted" | "rejected" | undefined;
  /** With these results of verification alone. */
  verification?: Array<"verified" | "authenticated" | "failed" | "unattempted"> | undefined;
  /** Whether the sender was verified or authenticated. */
  verified?: string | boolean | undefined;
  /** Rejected for these causes alone. */
  rejection_cause?: Array<"SOURCE_DISABLED" | "METHOD_NOT_ALLOWED" | "RATE_LIMITED" | "VERIFICATION_FAILED" | "TIMESTAMP_OUT_OF_TOLERANCE" | "PAYLOAD_TOO_LARGE" | "BODY_TIMEOUT" | "UNSUPPORTED_CONTENT_ENCODING" | "HANDSHAKE" | "NO_CONNECTION"> | undefined;
  /** The whole type, or with `*` for any run of characters: `payment.*`. */
  event_type?: string | undefined;
  /** What the provider calls the event. */
  provider_event_id?: string | undefined;
  /** About these resources alone, as their senders call them. */
  resource_id?: string[] | undefined;
  /** Verified with these secrets alone. */
  verified_with?: Array<"secret" | "previous_secret"> | undefined;
  /** Repeats of what the provider had sent before, or all others. */
  duplicate?: string | boolean | undefined;
  /** Tests that were sent from here, or all others. */
  test?: string | boolean | undefined;
  /** JSON that the stored body must contain. */
  body?: unknown;
  /** The bars that the time is cut into. */
  buckets?: number | undefined;
}

export interface RequestsHistogramOutput {
  /** ISO 8601 in UTC, with milliseconds. */
  from: string;
  /** ISO 8601 in UTC, with milliseconds. */
  to: string;
  bucket_ms: number;
  /** By status. Buckets without a row are there, without counts. */
  data: Array<{
    /** ISO 8601 in UTC, with milliseconds. */
    time_bucket: string;
    counts: Record<string, number>;
  }>;
  total: number;
  /** There is more in the range than is looked through: what came before `counted_from` is not counted. */
  is_at_least: boolean;
  /** ISO 8601 in UTC, with milliseconds. */
  counted_from: string;
  /** Of `total`: what the provider had sent before. */
  duplicate_count: number;
  /** Of `total`: accepted, with nowhere to go. */
  no_connection_count: number;
}

export interface RequestsGetInput {
  /** The id of the resource. */
  id: string;
  /** False leaves `body` null: for a reader that takes it from `body` when it is wanted. */
  with_body?: string | boolean | undefined;
}

export interface RequestsBodyInput {
  /** The id of the resource. */
  id: string;
  /** Of a body that has more bytes than this only the size is told. */
  max_bytes?: number | undefined;
}

export interface RequestsRuleRequestOutput {
  headers: Record<string, string>;
  body?: unknown;
  query: Record<string, unknown>;
  path: string;
  method: string;
  created_at?: string | undefined;
}

export interface RequestsVerificationOutput {
  /** The source's today; null where the source was deleted. */
  auth_type: SourceAuthType | null;
  /** In order. The form is read again by the source's present settings; the value is the door's own verdict. */
  checks: Array<{
    /** Is there a signature, was it made at about that time, has it the form of one, and does it belong to what was received and a secret of the source? */
    check: "header" | "time" | "length" | "value";
    outcome: "passed" | "failed" | "not_reached";
    detail: string;
  }>;
  /** What the checks that passed make likely; null where nothing failed. */
  conclusion: string | null;
}

export interface RequestsBranchesOutput {
  data: Array<{
    connection_name: string | null;
    destination_name: string | null;
    connection_id: string;
    destination_id: string;
    event: EventSummary | null;
    /** Null where there is an event. */
    ignored: IgnoredEvent | null;
  }>;
  /** True where there are more than the 255 that are listed. */
  is_cut: boolean;
}

export interface RequestsEventsInput {
  /** The most items in one answer. */
  limit?: number | undefined;
  /** What a list is ordered by. */
  order_by?: "created_at" | undefined;
  /** `desc`: the newest first. */
  dir?: "asc" | "desc" | undefined;
  /** The `pagination.next` of an earlier answer. */
  next?: string | undefined;
  /** The `pagination.prev` of an earlier answer. */
  prev?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** The id of a request, which begins with `req_`. */
  request_id: string;
}

export interface RequestsIgnoredEventsInput {
  /** The most items in one answer. */
  limit?: number | undefined;
  /** What a list is ordered by. */
  order_by?: "created_at" | undefined;
  /** `desc`: the newest first. */
  dir?: "asc" | "desc" | undefined;
  /** The `pagination.next` of an earlier answer. */
  next?: string | undefined;
  /** The `pagination.prev` of an earlier answer. */
  prev?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** The id of a request, which begins with `req_`. */
  request_id: string;
}

export interface RequestsPlanErasureOutput {
  events: number;
  /** Events that still wait, or that others of their order wait for: they are to be cancelled first. */
  unfinished_events: number;
  ignored_events: number;
  attempts: number;
  /** Where copies are that cannot be reached from here. */
  delivered: Array<{
    destination_id: string;
    destination_name: string | null;
    destination_type: string | null;
    events: number;
  }>;
  /** When it was erased before; null: never. */
  erased_at: string | null;
}

export interface RequestsEraseInput {
  /** The id of the resource. */
  id: string;
  /** For the audit log, which outlives the request: name no person in it. */
  reason: string;
  /** Cancels events that are not finished; without it they are a reason to refuse. */
  cancel_unfinished?: boolean | undefined;
}

export interface RequestsEraseOutput {
  events: number;
  ignored_events: number;
  attempts: number;
  /** Where copies are that cannot be reached from here. */
  delivered: Array<{
    destination_id: string;
    destination_name: string | null;
    destination_type: string | null;
    events: number;
  }>;
  /** ISO 8601 in UTC, with milliseconds. */
  erased_at: string;
  request_id: string;
  cancelled_events: number;
}

export interface RequestsRetryInput {
  /** The id of the resource. */
  id: string;
  /** On these connections alone. */
  connection_ids?: string[] | undefined;
  /** Passes over the filter of the connections, which then have to be named: for a request that they ignored. */
  send_anyway?: boolean | undefined;
}

export interface RequestsRetryOutput {
  request_id: string;
  connection_ids: string[];
}

export interface EventsListInput {
  /** The most items in one answer. */
  limit?: number | undefined;
  /** What a list is ordered by. */
  order_by?: "created_at" | undefined;
  /** `desc`: the newest first. */
  dir?: "asc" | "desc" | undefined;
  /** The `pagination.next` of an earlier answer. */
  next?: string | undefined;
  /** The `pagination.prev` of an earlier answer. */
  prev?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** Of these requests alone. */
  request_id?: string[] | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** Of these connections alone. */
  connection_id?: string[] | undefined;
  /** Of these destinations alone. */
  destination_id?: string[] | undefined;
  /** In these states alone. */
  status?: Array<"QUEUED" | "SCHEDULED" | "HOLD" | "RETRYING" | "DELIVERED" | "FAILED" | "CANCELLED"> | undefined;
  /** The whole type, or with `*` for any run of characters: `payment.*`. */
  event_type?: string | undefined;
  /** About these resources alone, as their senders call them. */
  resource_id?: string[] | undefined;
  /** With these codes alone. */
  error_code?: Array<"TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE"> | undefined;
  /** One, several, or ranges such as `500-599`. */
  response_status?: number[] | undefined;
  /** Held for these reasons alone. */
  hold_reason?: Array<"connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified"> | undefined;
  /** Ended for these reasons alone. */
  ended_because?: Array<"exhausted" | "gone" | "status_excluded" | "skipped_in_order" | "undeliverable"> | undefined;
  /** The value of the group that it belonged to when it was routed. */
  group?: string[] | undefined;
  /** JSON that the stored body must contain. */
  body?: unknown;
}

export interface EventsHistogramInput {
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** Of these requests alone. */
  request_id?: string[] | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** Of these connections alone. */
  connection_id?: string[] | undefined;
  /** Of these destinations alone. */
  destination_id?: string[] | undefined;
  /** In these states alone. */
  status?: Array<"QUEUED" | "SCHEDULED" | "HOLD" | "RETRYING" | "DELIVERED" | "FAILED" | "CANCELLED"> | undefined;
  /** The whole type, or with `*` for any run of characters: `payment.*`. */
  event_type?: string | undefined;
  /** About these resources alone, as their senders call them. */
  resource_id?: string[] | undefined;
  /** With these codes alone. */
  error_code?: Array<"TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE"> | undefined;
  /** One, several, or ranges such as `500-599`. */
  response_status?: number[] | undefined;
  /** Held for these reasons alone. */
  hold_reason?: Array<"connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified"> | undefined;
  /** Ended for these reasons alone. */
  ended_because?: Array<"exhausted" | "gone" | "status_excluded" | "skipped_in_order" | "undeliverable"> | undefined;
  /** The value of the group that it belonged to when it was routed. */
  group?: string[] | undefined;
  /** JSON that the stored body must contain. */
  body?: unknown;
  /** The bars that the time is cut into. */
  buckets?: number | undefined;
}

export interface EventsGetInput {
  /** The id of the resource. */
  id: string;
  /** False leaves `body` null: for a reader that takes it from `body` when it is wanted. */
  with_body?: string | boolean | undefined;
}

export interface EventsBodyInput {
  /** The id of the resource. */
  id: string;
  /** Of a body that has more bytes than this only the size is told. */
  max_bytes?: number | undefined;
}

export interface EventsFailureDiffOutput {
  /** The last attempt that was delivered before this event failed; null where none is found in 7 days. */
  good: {
    id: string;
    team_id: string;
    event_id: string;
    source_id: string;
    connection_id: string;
    destination_id: string;
    number: number;
    /** `PROBE`: an open breaker tried whether the receiver is well again. A probe that fails costs no retry. `DEAD_LETTER`: the event tells of another one that has failed for good. */
    trigger: "INITIAL" | "AUTOMATIC" | "MANUAL" | "BULK" | "UNPAUSE" | "PROBE" | "DEAD_LETTER";
    requested_url: string;
    http_method: string;
    /** As sent, with secrets masked. */
    request_headers: Array<[string, string]>;
    response_status: number | null;
    response_headers: Array<[string, string]> | null;
    /** The first 32 KiB, read as UTF-8. */
    response_body: string | null;
    error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
    /** What an object store's refusal means, and what to correct. Null elsewhere. */
    explanation: string | null;
    latency_ms: number;
    phases: {
      /** Looking the name up. */
      dns_ms: number;
      /** Connecting to the address. */
      connect_ms: number;
      /** The handshake. */
      tls_ms: number;
      /** Writing the request, and waiting for the head of the answer. */
      wait_ms: number;
      /** Reading the answer to its end. */
      read_ms: number;
    } | null;
    /** Its source masks, and the masks are not applied yet where it is stored: until then headers, answer and the URL behind its host are left out. */
    is_withheld: boolean;
    /** ISO 8601 in UTC, with milliseconds. */
    created_at: string;
    event_type: string | null;
  } | null;
  /** The first failed attempt to the destination after it; null where the event has not failed. */
  bad: {
    id: string;
    team_id: string;
    event_id: string;
    source_id: string;
    connection_id: string;
    destination_id: string;
    number: number;
    /** `PROBE`: an open breaker tried whether the receiver is well again. A probe that fails costs no retry. `DEAD_LETTER`: the event tells of another one that has failed for good. */
    trigger: "INITIAL" | "AUTOMATIC" | "MANUAL" | "BULK" | "UNPAUSE" | "PROBE" | "DEAD_LETTER";
    requested_url: string;
    http_method: string;
    /** As sent, with secrets masked. */
    request_headers: Array<[string, string]>;
    response_status: number | null;
    response_headers: Array<[string, string]> | null;
    /** The first 32 KiB, read as UTF-8. */
    response_body: string | null;
    error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
    /** What an object store's refusal means, and what to correct. Null elsewhere. */
    explanation: string | null;
    latency_ms: number;
    phases: {
      /** Looking the name up. */
      dns_ms: number;
      /** Connecting to the address. */
      connect_ms: number;
      /** The handshake. */
      tls_ms: number;
      /** Writing the request, and waiting for the head of the answer. */
      wait_ms: number;
      /** Reading the answer to its end. */
      read_ms: number;
    } | null;
    /** Its source masks, and the masks are not applied yet where it is stored: until then headers, answer and the URL behind its host are left out. */
    is_withheld: boolean;
    /** ISO 8601 in UTC, with milliseconds. */
    created_at: string;
    event_type: string | null;
  } | null;
}

export interface EventsResendInput {
  /** The id of the resource. */
  id: string;
  /** The id of a destination, which begins with `des_`. */
  destination_id: string;
  /** Sent in place of what the event brings. The copy says in its trace that it was edited. */
  edited?: {
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS";
    path: string;
    query?: string | undefined;
    headers: Array<[string, string]>;
    /** The exact bytes, at most 1 MiB. */
    body_base64: string;
  } | undefined;
}

export interface AttemptsListInput {
  /** The most items in one answer. */
  limit?: number | undefined;
  /** What a list is ordered by. */
  order_by?: "created_at" | undefined;
  /** `desc`: the newest first. */
  dir?: "asc" | "desc" | undefined;
  /** The `pagination.next` of an earlier answer. */
  next?: string | undefined;
  /** The `pagination.prev` of an earlier answer. */
  prev?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** Of these events alone. */
  event_id?: string[] | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** Of these connections alone. */
  connection_id?: string[] | undefined;
  /** Of these destinations alone. */
  destination_id?: string[] | undefined;
  /** `FAILED`: those with an `error_code`. */
  status?: Array<"DELIVERED" | "FAILED"> | undefined;
  /** Begun in these ways alone. */
  trigger?: Array<"INITIAL" | "AUTOMATIC" | "MANUAL" | "BULK" | "UNPAUSE" | "PROBE" | "DEAD_LETTER"> | undefined;
  /** Attempts that took no less. */
  min_latency_ms?: number | undefined;
  /** Attempts that took no longer. */
  max_latency_ms?: number | undefined;
  /** With these codes alone. */
  error_code?: Array<"TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE"> | undefined;
  /** One, several, or ranges such as `500-599`. */
  response_status?: number[] | undefined;
  /** The value of the group that it belonged to when it was routed. */
  group?: string[] | undefined;
  /** `false` leaves the response bodies out, which may be 32 KiB each: `response_body` is null. */
  with_body?: string | boolean | undefined;
}

export interface AttemptsHistogramInput {
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** Of these events alone. */
  event_id?: string[] | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** Of these connections alone. */
  connection_id?: string[] | undefined;
  /** Of these destinations alone. */
  destination_id?: string[] | undefined;
  /** `FAILED`: those with an `error_code`. */
  status?: Array<"DELIVERED" | "FAILED"> | undefined;
  /** Begun in these ways alone. */
  trigger?: Array<"INITIAL" | "AUTOMATIC" | "MANUAL" | "BULK" | "UNPAUSE" | "PROBE" | "DEAD_LETTER"> | undefined;
  /** Attempts that took no less. */
  min_latency_ms?: number | undefined;
  /** Attempts that took no longer. */
  max_latency_ms?: number | undefined;
  /** With these codes alone. */
  error_code?: Array<"TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE"> | undefined;
  /** One, several, or ranges such as `500-599`. */
  response_status?: number[] | undefined;
  /** The value of the group that it belonged to when it was routed. */
  group?: string[] | undefined;
  /** The bars that the time is cut into. */
  buckets?: number | undefined;
}

export interface TunnelsListOutput {
  data: Array<{
    /** Of its destination. */
    id: string;
    name: string;
    sources: Array<{
      id: string;
      name: string;
    }>;
    is_connected: boolean;
    /** When it last asked for events. */
    seen_at: string;
    /** ISO 8601 in UTC, with milliseconds. */
    created_at: string;
  }>;
}

export interface TunnelsOpenInput {
  /** Of the destination that stands for the listener in lists and on the graph. */
  name: string;
  /** Tells one listener from another of the same name. A listener that comes back brings its own. */
  session: string;
  /** Ids or names, or `*` for every source that there is now. */
  sources: string[];
  /** Only what passes becomes an event of the listener. */
  filter?: {
    type: "filter";
    /** Bare values mean equality, objects nest, and an object may hold the operators $eq, $neq, $gt, $gte, $lt, $lte, $in, $nin, $contains, $startsWith, $endsWith, $exist, $regex, $or, $and, $not, $ref. */
    body?: unknown;
    /** Bare values mean equality, objects nest, and an object may hold the operators $eq, $neq, $gt, $gte, $lt, $lte, $in, $nin, $contains, $startsWith, $endsWith, $exist, $regex, $or, $and, $not, $ref. */
    headers?: unknown;
    /** Bare values mean equality, objects nest, and an object may hold the operators $eq, $neq, $gt, $gte, $lt, $lte, $in, $nin, $contains, $startsWith, $endsWith, $exist, $regex, $or, $and, $not, $ref. */
    query?: unknown;
    /** Bare values mean equality, objects nest, and an object may hold the operators $eq, $neq, $gt, $gte, $lt, $lte, $in, $nin, $contains, $startsWith, $endsWith, $exist, $regex, $or, $and, $not, $ref. */
    path?: unknown;
    /** The facts of the event, whichever provider it is of: `type`, `id`, `occurred_at` (ISO 8601 in UTC) and `resource_id`. */
    event?: unknown;
    event_type?: string | string[] | undefined;
  } | undefined;
}

export interface TunnelsOpenOutput {
  /** Of its destination. */
  id: string;
  name: string;
  sources: Array<{
    id: string;
    name: string;
  }>;
  is_connected: boolean;
  /** When it last asked for events. */
  seen_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
}

export interface TunnelsGetOutput {
  /** Of its destination. */
  id: string;
  name: string;
  sources: Array<{
    id: string;
    name: string;
  }>;
  is_connected: boolean;
  /** When it last asked for events. */
  seen_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
}

export interface TunnelsNextInput {
  /** The id of the resource. */
  id: string;
  /** Tells one listener from another of the same name. A listener that comes back brings its own. */
  session: string;
  /** Ids of the events that are under way. */
  busy?: string[] | undefined;
  /** The most events in one answer. With 0 the call only keeps the listener's place and does not wait: its server is busy. */
  limit?: number | undefined;
  /** How long to wait for an event. */
  wait_ms?: number | undefined;
  /** Events of other methods are cancelled, as somebody would who does not want them. */
  methods?: Array<"GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS"> | undefined;
  /** Likewise: those of verified requests only, or of others only. */
  verified?: boolean | undefined;
}

export interface TunnelsNextOutput {
  /** To be sent with the answers. A new one: another had the lane meanwhile. */
  token: string;
  events: Array<{
    id: string;
    request_id: string;
    source_id: string;
    source_name: string;
    connection_id: string;
    event_type: string | null;
    /** Of the attempt that begins now; its answer names it. */
    attempt_id: string;
    attempt: number;
    /** `PROBE`: an open breaker tried whether the receiver is well again. A probe that fails costs no retry. `DEAD_LETTER`: the event tells of another one that has failed for good. */
    trigger: "INITIAL" | "AUTOMATIC" | "MANUAL" | "BULK" | "UNPAUSE" | "PROBE" | "DEAD_LETTER";
    is_verified: boolean;
    method: string;
    path: string;
    query: string;
    headers: Array<[string, string]>;
    body_base64: string;
  }>;
}

export interface TunnelsAnswerInput {
  /** The id of the resource. */
  id: string;
  /** The id of an event, which begins with `evt_`. */
  event_id: string;
  /** The id of an attempt, which begins with `att_`. */
  attempt_id: string;
  /** As it came with the event. */
  token: string;
  /** The local URL that was called. */
  requested_url: string;
  /** The method that it was called with. */
  http_method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | string;
  /** The headers that were sent. */
  request_headers: Array<[string, string]>;
  /** Null where there was no answer. */
  response_status: number | null;
  /** Null where there was no answer. */
  response_headers: Array<[string, string]> | null;
  /** Of the first 32 KiB. */
  response_body_base64: string | null;
  /** Null where the local server has answered to the end. */
  error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "PROTOCOL_ERROR" | "CANCELLED" | null;
  /** From the call to the end of its answer. */
  latency_ms: number;
}

export interface TunnelsAnswerOutput {
  event_id: string;
  attempt_id: string;
  /** Of the event, behind this attempt. */
  status: "QUEUED" | "SCHEDULED" | "HOLD" | "RETRYING" | "DELIVERED" | "FAILED" | "CANCELLED";
}

export interface BulkListInput {
  /** The most items in one answer. */
  limit?: number | undefined;
  /** What a list is ordered by. */
  order_by?: "created_at" | undefined;
  /** `desc`: the newest first. */
  dir?: "asc" | "desc" | undefined;
  /** The `pagination.next` of an earlier answer. */
  next?: string | undefined;
  /** The `pagination.prev` of an earlier answer. */
  prev?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** Of these kinds alone. */
  kind?: Array<"events_replay" | "events_retry" | "requests_retry" | "events_cancel"> | undefined;
  /** In these states alone. */
  state?: Array<"RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED"> | undefined;
}

export interface BulkPlanReplayInput {
  /** Id or name of a source. */
  source?: string | undefined;
  /** A glob of event types, such as `payment.*`. */
  event_type_pattern?: string | string[] | undefined;
  /** When the earliest request came; relative times are resolved once, at the call. */
  from: string;
  /** When the latest came. What comes after the call is not added. */
  to?: string | undefined;
  /** In these states alone. */
  status?: Array<"QUEUED" | "SCHEDULED" | "HOLD" | "RETRYING" | "DELIVERED" | "FAILED" | "CANCELLED"> | undefined;
  /** One connection. Requests that came before it was made are routed to it: a backfill, unless `status` is given. */
  connection_id?: string | undefined;
  /** The id of a destination, which begins with `des_`. */
  destination_id?: string | undefined;
  /** The operation's own cap. Without one only the destinations limit it. */
  rate_limit?: number | undefined;
  /** The time that `rate_limit` counts. */
  rate_limit_period?: "second" | "minute" | "hour" | undefined;
}

export interface BulkReplayInput {
  /** Id or name of a source. */
  source?: string | undefined;
  /** A glob of event types, such as `payment.*`. */
  event_type_pattern?: string | string[] | undefined;
  /** When the earliest request came; relative times are resolved once, at the call. */
  from: string;
  /** When the latest came. What comes after the call is not added. */
  to?: string | undefined;
  /** In these states alone. */
  status?: Array<"QUEUED" | "SCHEDULED" | "HOLD" | "RETRYING" | "DELIVERED" | "FAILED" | "CANCELLED"> | undefined;
  /** One connection. Requests that came before it was made are routed to it: a backfill, unless `status` is given. */
  connection_id?: string | undefined;
  /** The id of a destination, which begins with `des_`. */
  destination_id?: string | undefined;
  /** The operation's own cap. Without one only the destinations limit it. */
  rate_limit?: number | undefined;
  /** The time that `rate_limit` counts. */
  rate_limit_period?: "second" | "minute" | "hour" | undefined;
}

export interface BulkPlanEventsRetryInput {
  /** When the earliest request came; relative times are resolved once, at the call. */
  from: string;
  /** When the latest came. What comes after the call is not added. */
  to?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** Of these connections alone. */
  connection_id?: string[] | undefined;
  /** Of these destinations alone. */
  destination_id?: string[] | undefined;
  /** In these states alone. */
  status?: Array<"QUEUED" | "SCHEDULED" | "HOLD" | "RETRYING" | "DELIVERED" | "FAILED" | "CANCELLED"> | undefined;
  /** The whole type, or with `*` for any run of characters: `payment.*`. */
  event_type?: string | undefined;
  /** With these codes alone. */
  error_code?: Array<"TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE"> | undefined;
  /** One, several, or ranges such as `500-599`. */
  response_status?: number[] | undefined;
  /** Held for these reasons alone. */
  hold_reason?: Array<"connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified"> | undefined;
  /** Ended for these reasons alone. */
  ended_because?: Array<"exhausted" | "gone" | "status_excluded" | "skipped_in_order" | "undeliverable"> | undefined;
  /** The value of the group that it belonged to when it was routed. */
  group?: string[] | undefined;
  /** The operation's own cap. Without one only the destinations limit it. */
  rate_limit?: number | undefined;
  /** The time that `rate_limit` counts. */
  rate_limit_period?: "second" | "minute" | "hour" | undefined;
}

export interface BulkRetryEventsInput {
  /** When the earliest request came; relative times are resolved once, at the call. */
  from: string;
  /** When the latest came. What comes after the call is not added. */
  to?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** Of these connections alone. */
  connection_id?: string[] | undefined;
  /** Of these destinations alone. */
  destination_id?: string[] | undefined;
  /** In these states alone. */
  status?: Array<"QUEUED" | "SCHEDULED" | "HOLD" | "RETRYING" | "DELIVERED" | "FAILED" | "CANCELLED"> | undefined;
  /** The whole type, or with `*` for any run of characters: `payment.*`. */
  event_type?: string | undefined;
  /** With these codes alone. */
  error_code?: Array<"TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE"> | undefined;
  /** One, several, or ranges such as `500-599`. */
  response_status?: number[] | undefined;
  /** Held for these reasons alone. */
  hold_reason?: Array<"connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified"> | undefined;
  /** Ended for these reasons alone. */
  ended_because?: Array<"exhausted" | "gone" | "status_excluded" | "skipped_in_order" | "undeliverable"> | undefined;
  /** The value of the group that it belonged to when it was routed. */
  group?: string[] | undefined;
  /** The operation's own cap. Without one only the destinations limit it. */
  rate_limit?: number | undefined;
  /** The time that `rate_limit` counts. */
  rate_limit_period?: "second" | "minute" | "hour" | undefined;
}

export interface BulkPlanEventsCancelInput {
  /** When the earliest request came; relative times are resolved once, at the call. */
  from: string;
  /** When the latest came. What comes after the call is not added. */
  to?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** Of these connections alone. */
  connection_id?: string[] | undefined;
  /** Of these destinations alone. */
  destination_id?: string[] | undefined;
  /** In these states alone. */
  status?: Array<"QUEUED" | "SCHEDULED" | "HOLD" | "RETRYING" | "DELIVERED" | "FAILED" | "CANCELLED"> | undefined;
  /** The whole type, or with `*` for any run of characters: `payment.*`. */
  event_type?: string | undefined;
  /** With these codes alone. */
  error_code?: Array<"TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE"> | undefined;
  /** One, several, or ranges such as `500-599`. */
  response_status?: number[] | undefined;
  /** Held for these reasons alone. */
  hold_reason?: Array<"connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified"> | undefined;
  /** Ended for these reasons alone. */
  ended_because?: Array<"exhausted" | "gone" | "status_excluded" | "skipped_in_order" | "undeliverable"> | undefined;
  /** The value of the group that it belonged to when it was routed. */
  group?: string[] | undefined;
}

export interface BulkCancelEventsInput {
  /** When the earliest request came; relative times are resolved once, at the call. */
  from: string;
  /** When the latest came. What comes after the call is not added. */
  to?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** Of these connections alone. */
  connection_id?: string[] | undefined;
  /** Of these destinations alone. */
  destination_id?: string[] | undefined;
  /** In these states alone. */
  status?: Array<"QUEUED" | "SCHEDULED" | "HOLD" | "RETRYING" | "DELIVERED" | "FAILED" | "CANCELLED"> | undefined;
  /** The whole type, or with `*` for any run of characters: `payment.*`. */
  event_type?: string | undefined;
  /** With these codes alone. */
  error_code?: Array<"TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE"> | undefined;
  /** One, several, or ranges such as `500-599`. */
  response_status?: number[] | undefined;
  /** Held for these reasons alone. */
  hold_reason?: Array<"connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified"> | undefined;
  /** Ended for these reasons alone. */
  ended_because?: Array<"exhausted" | "gone" | "status_excluded" | "skipped_in_order" | "undeliverable"> | undefined;
  /** The value of the group that it belonged to when it was routed. */
  group?: string[] | undefined;
}

export interface BulkPlanRequestsRetryInput {
  /** When the earliest request came; relative times are resolved once, at the call. */
  from: string;
  /** When the latest came. What comes after the call is not added. */
  to?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** The state that it is in. */
  status?: "accepted" | "rejected" | undefined;
  /** Whether the sender was verified or authenticated. */
  verified?: string | boolean | undefined;
  /** The whole type, or with `*` for any run of characters: `payment.*`. */
  event_type?: string | undefined;
  /** On these connections alone. */
  connection_ids?: string[] | undefined;
  /** The operation's own cap. Without one only the destinations limit it. */
  rate_limit?: number | undefined;
  /** The time that `rate_limit` counts. */
  rate_limit_period?: "second" | "minute" | "hour" | undefined;
}

export interface BulkRetryRequestsInput {
  /** When the earliest request came; relative times are resolved once, at the call. */
  from: string;
  /** When the latest came. What comes after the call is not added. */
  to?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** The state that it is in. */
  status?: "accepted" | "rejected" | undefined;
  /** Whether the sender was verified or authenticated. */
  verified?: string | boolean | undefined;
  /** The whole type, or with `*` for any run of characters: `payment.*`. */
  event_type?: string | undefined;
  /** On these connections alone. */
  connection_ids?: string[] | undefined;
  /** The operation's own cap. Without one only the destinations limit it. */
  rate_limit?: number | undefined;
  /** The time that `rate_limit` counts. */
  rate_limit_period?: "second" | "minute" | "hour" | undefined;
}

export interface BulkChangeInput {
  /** The id of the resource. */
  id: string;
  /** The most that is sent in any `rate_limit_period`. */
  rate_limit?: number | null | undefined;
  /** The time that `rate_limit` counts. */
  rate_limit_period?: "second" | "minute" | "hour" | undefined;
}

export interface IssuesListInput {
  /** The most items in one answer. */
  limit?: number | undefined;
  /** What a list is ordered by. */
  order_by?: "created_at" | undefined;
  /** `desc`: the newest first. */
  dir?: "asc" | "desc" | undefined;
  /** The `pagination.next` of an earlier answer. */
  next?: string | undefined;
  /** The `pagination.prev` of an earlier answer. */
  prev?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** In these states alone. */
  state?: Array<"open" | "snoozed" | "resolved"> | undefined;
  /** Of these kinds alone. */
  kind?: Array<"connection_failing" | "transform_errors" | "breaker_open" | "backlog" | "signature_failures" | "source_silent" | "payload_drift"> | undefined;
  /** Of a source, connection, destination or transformation. */
  subject_id?: string[] | undefined;
}

export interface IssuesCountOutput {
  open_count: number;
  /** Of the open ones. */
  needs_person_count: number;
  snoozed_count: number;
}

export interface IssuesRulesOutput {
  rules: {
    breaker_open: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched: boolean;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids: string[];
    };
    connection_failing: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched: boolean;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids: string[];
      /** Attempts since the last delivery. */
      failed_in_a_row: number;
      /** Events whose retries were spent, in five minutes. */
      ended_failed: number;
    };
    signature_failures: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched: boolean;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids: string[];
      /** In five minutes. */
      failures: number;
      /** Of a source's requests of five minutes, where at least five fail. */
      share: number;
    };
    source_silent: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched: boolean;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids: string[];
      /** How many times as long as it is usually quiet at that time. */
      factor: number;
    };
    backlog: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched: boolean;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids: string[];
      /** How late the first event in line is. */
      late_ms: number;
    };
    transform_errors: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched: boolean;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids: string[];
      /** In five minutes. */
      errors: number;
      /** Of the runs of an hour, where at least three throw. */
      share: number;
    };
    payload_drift: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched: boolean;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids: string[];
    };
  };
  /** How often each kind has opened in 30 days. */
  opened: Record<string, number>;
  /** Null: they are the usual ones. */
  updated_at: string | null;
}

export interface IssuesUpdateRulesInput {
  /** What is left out of a kind, or of all, stays as it is. */
  rules: {
    breaker_open?: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched?: boolean | undefined;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids?: string[] | undefined;
    } | undefined;
    connection_failing?: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched?: boolean | undefined;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids?: string[] | undefined;
      /** Attempts since the last delivery. */
      failed_in_a_row?: number | undefined;
      /** Events whose retries were spent, in five minutes. */
      ended_failed?: number | undefined;
    } | undefined;
    signature_failures?: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched?: boolean | undefined;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids?: string[] | undefined;
      /** In five minutes. */
      failures?: number | undefined;
      /** Of a source's requests of five minutes, where at least five fail. */
      share?: number | undefined;
    } | undefined;
    source_silent?: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched?: boolean | undefined;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids?: string[] | undefined;
      /** How many times as long as it is usually quiet at that time. */
      factor?: number | undefined;
    } | undefined;
    backlog?: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched?: boolean | undefined;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids?: string[] | undefined;
      /** How late the first event in line is. */
      late_ms?: number | undefined;
    } | undefined;
    transform_errors?: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched?: boolean | undefined;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids?: string[] | undefined;
      /** In five minutes. */
      errors?: number | undefined;
      /** Of the runs of an hour, where at least three throw. */
      share?: number | undefined;
    } | undefined;
    payload_drift?: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched?: boolean | undefined;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids?: string[] | undefined;
    } | undefined;
  };
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
}

export interface IssuesUpdateRulesOutput {
  rules: {
    breaker_open: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched: boolean;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids: string[];
    };
    connection_failing: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched: boolean;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids: string[];
      /** Attempts since the last delivery. */
      failed_in_a_row: number;
      /** Events whose retries were spent, in five minutes. */
      ended_failed: number;
    };
    signature_failures: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched: boolean;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids: string[];
      /** In five minutes. */
      failures: number;
      /** Of a source's requests of five minutes, where at least five fail. */
      share: number;
    };
    source_silent: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched: boolean;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids: string[];
      /** How many times as long as it is usually quiet at that time. */
      factor: number;
    };
    backlog: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched: boolean;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids: string[];
      /** How late the first event in line is. */
      late_ms: number;
    };
    transform_errors: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched: boolean;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids: string[];
      /** In five minutes. */
      errors: number;
      /** Of the runs of an hour, where at least three throw. */
      share: number;
    };
    payload_drift: {
      /** False: no issue of this kind opens, and those that are open end. */
      is_watched: boolean;
      /** Sources, connections, destinations or transformations of which this kind is not said. */
      muted_ids: string[];
    };
  };
  /** How often each kind has opened in 30 days. */
  opened: Record<string, number>;
  /** Null: they are the usual ones. */
  updated_at: string | null;
}

export interface IssuesTryRuleInput {
  /** The kind, one of those listed. */
  kind: "connection_failing" | "signature_failures" | "source_silent" | "backlog" | "transform_errors";
  /** Failed attempts, one after the other. */
  failed_in_a_row?: number | undefined;
  /** Events that ended failed. */
  ended_failed?: number | undefined;
  /** Signatures that failed. */
  failures?: number | undefined;
  /** The share that fails, from 0 to 1. */
  share?: number | undefined;
  /** Times the usual silence. */
  factor?: number | undefined;
  /** How late events are. */
  late_ms?: number | undefined;
  /** Errors of a transformation. */
  errors?: number | undefined;
}

export interface IssuesTryRuleOutput {
  kind: "connection_failing" | "signature_failures" | "source_silent" | "backlog" | "transform_errors";
  /** How often an issue would have opened. */
  opened: number;
  /** Whether there was more to look at than was looked at. */
  is_at_least: boolean;
  /** ISO 8601 in UTC, with milliseconds. */
  from: string;
  /** ISO 8601 in UTC, with milliseconds. */
  to: string;
}

export interface IssuesSnoozeInput {
  /** The id of the resource. */
  id: string;
  /** From now on, at most 30 days. It still resolves by itself meanwhile. */
  for_ms: number;
}

export interface NotificationsListOutput {
  data: Notification[];
}

export interface NotificationsResultsOutput {
  /** Of each notification that was ever tried, while it is kept. */
  data: Array<{
    /** Of the notification. */
    id: string;
    attempt_id: string;
    event_id: string;
    is_delivered: boolean;
    response_status: number | null;
    error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
    /** ISO 8601 in UTC, with milliseconds. */
    created_at: string;
  }>;
}

export interface NotificationsCreateInput {
  /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
  name: string;
  /** `webhook`: signed as every delivery. `chat`: an incoming webhook of Slack or what takes the same. `pager`: events as PagerDuty takes them. `email`: to addresses that were confirmed before. */
  channel?: "webhook" | "chat" | "pager" | "email" | undefined;
  /** For a pager https://events.pagerduty.com/v2/enqueue where it is left out. Of a chat everything after the host is a credential: it is encrypted at rest and never shown again. */
  url?: string | undefined;
  /** Of a pager: sent as the body's routing_key, encrypted at rest and stored in no event. */
  routing_key?: string | undefined;
  /** Of the channel email. */
  addresses?: string[] | undefined;
  /** The kinds of issues that it tells of; left out: all. */
  kinds?: Array<"connection_failing" | "transform_errors" | "breaker_open" | "backlog" | "signature_failures" | "source_silent" | "payload_drift"> | undefined;
}

export interface NotificationsUpdateInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
  /** In the place of the kinds that it tells of now; null: all. */
  kinds?: Array<"connection_failing" | "transform_errors" | "breaker_open" | "backlog" | "signature_failures" | "source_silent" | "payload_drift"> | null | undefined;
  /** When it tells nothing; what came then is told afterwards, in one message. Null: it has none. Not of a pager. */
  quiet_hours?: {
    from: string;
    /** On the next day where it is before `from`. */
    until: string;
    time_zone: string;
    /** `errors`: what waits for a person is told at once. `nothing`: it waits, too. */
    passes?: "nothing" | "errors" | undefined;
  } | null | undefined;
}

export interface NotificationsTestOutput {
  request_id: string;
}

export interface MailAddressesListOutput {
  data: MailAddress[];
  /** Why this installation sends no e-mail; null: it does. */
  unavailable_because: string | null;
}

export interface MailAddressesAskInput {
  /** The address that gets a code. */
  address: string;
}

export interface MailAddressesConfirmInput {
  /** The id of the resource. */
  id: string;
  /** As the mail holds it. */
  code: string;
}

export interface MetricsRequestsInput {
  /** The time that is counted. */
  date_range?: {
    /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
    start?: string | undefined;
    /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
    end?: string | undefined;
  } | undefined;
  /** `total` is the whole range in one bucket, from its first minute on. */
  granularity?: "1m" | "5m" | "15m" | "1h" | "6h" | "1d" | "total" | undefined;
  /** Adds the range of the same length that ends where this one starts. */
  compare?: "previous" | undefined;
  /** Days begin at midnight here. All other buckets lie on multiples of the granularity in UTC. */
  time_zone?: string | undefined;
  /** Counted for each of these by itself. */
  dimensions?: Array<"source_id" | "connection_id" | "destination_id"> | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** Of these connections alone. */
  connection_id?: string[] | undefined;
  /** Of these destinations alone. */
  destination_id?: string[] | undefined;
}

export interface MetricsEventsInput {
  /** The time that is counted. */
  date_range?: {
    /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
    start?: string | undefined;
    /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
    end?: string | undefined;
  } | undefined;
  /** `total` is the whole range in one bucket, from its first minute on. */
  granularity?: "1m" | "5m" | "15m" | "1h" | "6h" | "1d" | "total" | undefined;
  /** Adds the range of the same length that ends where this one starts. */
  compare?: "previous" | undefined;
  /** Days begin at midnight here. All other buckets lie on multiples of the granularity in UTC. */
  time_zone?: string | undefined;
  /** Counted for each of these by itself. */
  dimensions?: Array<"source_id" | "connection_id" | "destination_id"> | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** Of these connections alone. */
  connection_id?: string[] | undefined;
  /** Of these destinations alone. */
  destination_id?: string[] | undefined;
}

export interface MetricsAttemptsInput {
  /** The time that is counted. */
  date_range?: {
    /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
    start?: string | undefined;
    /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
    end?: string | undefined;
  } | undefined;
  /** `total` is the whole range in one bucket, from its first minute on. */
  granularity?: "1m" | "5m" | "15m" | "1h" | "6h" | "1d" | "total" | undefined;
  /** Adds the range of the same length that ends where this one starts. */
  compare?: "previous" | undefined;
  /** Days begin at midnight here. All other buckets lie on multiples of the granularity in UTC. */
  time_zone?: string | undefined;
  /** Counted for each of these by itself. */
  dimensions?: Array<"source_id" | "connection_id" | "destination_id"> | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** Of these connections alone. */
  connection_id?: string[] | undefined;
  /** Of these destinations alone. */
  destination_id?: string[] | undefined;
}

export interface MetricsQueueInput {
  /** The time that is counted. */
  date_range?: {
    /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
    start?: string | undefined;
    /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
    end?: string | undefined;
  } | undefined;
  /** `total` is the whole range in one bucket, from its first minute on. */
  granularity?: "1m" | "5m" | "15m" | "1h" | "6h" | "1d" | "total" | undefined;
  /** Adds the range of the same length that ends where this one starts. */
  compare?: "previous" | undefined;
  /** Days begin at midnight here. All other buckets lie on multiples of the granularity in UTC. */
  time_zone?: string | undefined;
  /** Counted for each of these by itself. */
  dimensions?: Array<"source_id" | "connection_id" | "destination_id"> | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** Of these connections alone. */
  connection_id?: string[] | undefined;
  /** Of these destinations alone. */
  destination_id?: string[] | undefined;
}

export interface MetricsBacklogInput {
  /** The time that is counted. */
  date_range?: {
    /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
    start?: string | undefined;
    /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
    end?: string | undefined;
  } | undefined;
  /** `total` is the whole range in one bucket, from its first minute on. */
  granularity?: "1m" | "5m" | "15m" | "1h" | "6h" | "1d" | "total" | undefined;
  /** Adds the range of the same length that ends where this one starts. */
  compare?: "previous" | undefined;
  /** Days begin at midnight here. All other buckets lie on multiples of the granularity in UTC. */
  time_zone?: string | undefined;
  /** Counted for each of these by itself. */
  dimensions?: Array<"source_id" | "connection_id" | "destination_id"> | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
  /** Of these connections alone. */
  connection_id?: string[] | undefined;
  /** Of these destinations alone. */
  destination_id?: string[] | undefined;
}

export interface MetricsEventTypesInput {
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** Of these sources alone. */
  source_id?: string[] | undefined;
}

export interface MetricsEventTypesOutput {
  /** The most accepted first; at most 100. */
  data: Array<{
    event_type: string | null;
    source_id: string;
    accepted_count: number;
    duplicate_count: number;
    event_count: number;
    delivered_count: number;
    failed_count: number;
  }>;
  /** More requests came: the newest 10,000 are counted. */
  are_requests_at_least: boolean;
  /** There are more events: the newest 10,000 are counted. */
  are_events_at_least: boolean;
}

export interface MetricsDeadLettersInput {
  /** Of these connections alone. */
  connection_id?: string[] | undefined;
  /** Of these destinations alone. */
  destination_id?: string[] | undefined;
  /** Ended for these reasons alone. */
  ended_because?: Array<"exhausted" | "gone" | "status_excluded" | "skipped_in_order" | "undeliverable"> | undefined;
}

export interface MetricsDeadLettersOutput {
  /** The most first. */
  data: Array<{
    connection_id: string;
    destination_id: string;
    ended_because: "exhausted" | "gone" | "status_excluded" | "skipped_in_order" | "undeliverable" | null;
    count: number;
    last_attempt_at: string | null;
  }>;
  /** There are more; the newest 10,000 are counted. */
  is_at_least: boolean;
}

export interface TopologyGetOutput {
  sources: Array<{
    id: string;
    /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
    name: string;
    /** What its owner has to mend before it works; else null. */
    unusable_because: string | null;
    disabled_at: string | null;
    /** ISO 8601 in UTC, with milliseconds. */
    updated_at: string;
    type: SourceType;
    url: string;
    auth_type: SourceAuthType;
    /** How its senders prove themselves: a shared secret does not vouch for the body. `missing`: it has no secret yet, so it refuses everything. */
    verification: "signature" | "shared_secret" | "missing" | "none";
  }>;
  connections: Array<{
    id: string;
    /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
    name: string;
    source_id: string;
    destination_id: string;
    rules: {
      deduplicate?: {
        window: number;
      } | undefined;
      transform?: {
        transformation_id: string;
        name: string;
        version: number;
      } | undefined;
      filter?: {
        /** Null where the rules are too long to be counted. */
        clause_count: number | null;
      } | undefined;
      delay?: {
        delay: number;
      } | undefined;
      retry?: {
        strategy: "exponential" | "linear" | "custom";
        count: number;
      } | undefined;
    };
    paused_at: string | null;
    paused_until: string | null;
    disabled_at: string | null;
    /** ISO 8601 in UTC, with milliseconds. */
    updated_at: string;
  }>;
  destinations: Array<{
    id: string;
    /** 1 to 155 letters, digits, `.`, `-` or `_`; unique within the team and kind. */
    name: string;
    /** What its owner has to mend before it works; else null. */
    unusable_because: string | null;
    disabled_at: string | null;
    /** ISO 8601 in UTC, with milliseconds. */
    updated_at: string;
    type: "HTTP" | "MOCK" | "S3" | "EMAIL" | "CLI";
    /** Null: as received, or of a type that sends nothing. */
    http_method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | null;
    /** With its port, where that is not the usual one. */
    host: string | null;
    path: string | null;
    rate_limit: number | null;
    rate_limit_period: "second" | "minute" | "hour";
    concurrency: number;
    ordering: "none" | "fifo" | "by_key";
    has_groups: boolean;
    /** While one lasts, events are held with `maintenance`: nothing is tried and no retry is spent. After it they go out as after a breaker that has closed: the concurrency grows from one within `breaker.ramp_ms`. Windows may touch and not overlap. */
    maintenance_windows: Array<{
      kind: "once";
      from: string;
      until: string;
    } | {
      kind: "weekly";
      days: Array<"mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun">;
      start: string;
      /** Not part of it. `24:00` is the end of the day. */
      end: string | "24:00";
      /** The zone of the clock by which it starts and ends. */
      time_zone: string;
    }>;
    /** Of a consumer that registered itself. */
    endpoint: {
      ttl: number | null;
      hold_reason: "connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified" | null;
    } | null;
  }>;
  /** False where there are more than are listed: the oldest are. */
  is_whole: boolean;
}

export interface OverviewGetInput {
  /** How far back the numbers reach from now. */
  window?: "24h" | "7d" | "30d" | undefined;
}

export interface OverviewGetOutput {
  /** ISO 8601 in UTC, with milliseconds. */
  now: string;
  window: "24h" | "7d" | "30d";
  totals: {
    accepted_count: number;
    rejected_count: number;
    duplicate_count: number;
    ignored_count: number;
    delivered_count: number;
    failed_count: number;
    /** Delivered of all events that ended, 0 to 1. */
    success_rate: number | null;
    /** Of all attempts, in milliseconds. */
    latency_p95: number | null;
  };
  /** Of as long a time before. */
  previous: {
    accepted_count: number;
    rejected_count: number;
    duplicate_count: number;
    ignored_count: number;
    delivered_count: number;
    failed_count: number;
    /** Delivered of all events that ended, 0 to 1. */
    success_rate: number | null;
    /** Of all attempts, in milliseconds. */
    latency_p95: number | null;
  };
  /** 48 equal spans that end now, oldest first. */
  spans: Array<{
    accepted_count: number;
    rejected_count: number;
    duplicate_count: number;
    ignored_count: number;
    delivered_count: number;
    failed_count: number;
    /** Delivered of all events that ended, 0 to 1. */
    success_rate: number | null;
    /** Of all attempts, in milliseconds. */
    latency_p95: number | null;
  }>;
  sources_count: number;
  connections_count: number;
  destinations_count: number;
  latest_events: Array<{
    id: string;
    team_id: string;
    request_id: string;
    source_id: string;
    connection_id: string;
    destination_id: string;
    status: "QUEUED" | "SCHEDULED" | "HOLD" | "RETRYING" | "DELIVERED" | "FAILED" | "CANCELLED";
    event_type: string | null;
    /** When it happened, as its provider says. */
    occurred_at: string | null;
    /** What it is about, as its provider says. */
    resource_id: string | null;
    attempts: number;
    /** What the next attempt, or the last one, is owed to. */
    trigger: "INITIAL" | "AUTOMATIC" | "MANUAL" | "BULK" | "UNPAUSE" | "PROBE" | "DEAD_LETTER";
    next_attempt_at: string | null;
    last_attempt_at: string | null;
    delivered_at: string | null;
    response_status: number | null;
    error_code: "TIMEOUT" | "CONNECTION_REFUSED" | "CONNECTION_RESET" | "DNS_LOOKUP_FAILED" | "TLS_ERROR" | "BLOCKED_ADDRESS" | "TOO_MANY_REDIRECTS" | "INVALID_URL" | "PROTOCOL_ERROR" | "BAD_RESPONSE" | "CANCELLED" | "INTERNAL" | "REQUEST_GONE" | null;
    /** Why the event is held; null unless its status is HOLD. */
    hold_reason: "connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified" | null;
    /** Why it was given up; null unless its status is FAILED, and of events that failed before this was kept. */
    ended_because: "exhausted" | "gone" | "status_excluded" | "skipped_in_order" | "undeliverable" | null;
    /** The failed event that this one tells of, where it is a dead letter. */
    dead_letter_of: string | null;
    /** The value of its group; empty where the request had none. Null where the destination had no groups. */
    group: string | null;
    /** The event of which this one is a debug copy. A copy is on no connection (its `connection_id` is `debug_copy`) and is sent once. */
    resent_from: string | null;
    /** ISO 8601 in UTC, with milliseconds. */
    created_at: string;
    source_name: string | null;
    destination_name: string | null;
  }>;
  gateway_url: string;
  /** The newest source that takes unsigned requests, if any. */
  open_source_url: string | null;
}

export interface OverviewAttentionOutput {
  /** ISO 8601 in UTC, with milliseconds. */
  now: string;
  items: Array<{
    kind: "destination_failing";
    id: string;
    name: string;
    attempt_count: number;
    delivered_count: number;
  } | {
    kind: "events_failed";
    id: string;
    name: string;
    destination_id: string;
    destination_name: string;
    /** Of the last 24 hours; at most 1,001: then there is more. */
    failed_count: number;
    /** ISO 8601 in UTC, with milliseconds. */
    first_at: string;
    /** When the last of them was tried last. */
    last_at: string;
    /** The destination has taken an event since. */
    is_answering: boolean;
  } | {
    kind: "connection_held";
    id: string;
    name: string;
    reason: "connection_paused" | "destination_disabled" | "breaker_open" | "waits_for_order" | "group_paused" | "maintenance" | "not_connected" | "lease_expired" | "endpoint_unverified" | null;
    /** At most 1,001: then there is more. */
    hold_count: number;
    /** ISO 8601 in UTC, with milliseconds. */
    oldest_at: string;
  } | {
    kind: "source_silent";
    id: string;
    name: string;
    /** ISO 8601 in UTC, with milliseconds. */
    last_at: string;
    /** Between two of its requests, over the last day. */
    usual_interval_ms: number;
  } | {
    kind: "rejections_spike";
    id: string;
    name: string;
    rejected_count: number;
    /** In as long a time, over the day before. */
    usual_count: number;
  }>;
}

export interface DemoGetOutput {
  /** `sending`: signed webhooks come in through the door. `resting`: their time is over, and all that came of them is still there. `removing`: the resources are gone, and what came of them goes within seconds. */
  state: "none" | "sending" | "resting" | "removing";
  id: string | null;
  source_ids: string[];
  destination_ids: string[];
  transformation_ids: string[];
  /** The webhooks that it has sent. */
  sent_count: number;
  sends_until: string | null;
  /** Why its last webhooks did not arrive. */
  problem: string | null;
  loaded_at: string | null;
}

export interface DemoLoadOutput {
  /** `sending`: signed webhooks come in through the door. `resting`: their time is over, and all that came of them is still there. `removing`: the resources are gone, and what came of them goes within seconds. */
  state: "none" | "sending" | "resting" | "removing";
  id: string | null;
  source_ids: string[];
  destination_ids: string[];
  transformation_ids: string[];
  /** The webhooks that it has sent. */
  sent_count: number;
  sends_until: string | null;
  /** Why its last webhooks did not arrive. */
  problem: string | null;
  loaded_at: string | null;
}

export interface DemoRemoveOutput {
  /** `sending`: signed webhooks come in through the door. `resting`: their time is over, and all that came of them is still there. `removing`: the resources are gone, and what came of them goes within seconds. */
  state: "none" | "sending" | "resting" | "removing";
  id: string | null;
  source_ids: string[];
  destination_ids: string[];
  transformation_ids: string[];
  /** The webhooks that it has sent. */
  sent_count: number;
  sends_until: string | null;
  /** Why its last webhooks did not arrive. */
  problem: string | null;
  loaded_at: string | null;
}

export interface ApiKeysListInput {
  /** The most items in one answer. */
  limit?: number | undefined;
  /** What a list is ordered by. */
  order_by?: "created_at" | undefined;
  /** `desc`: the newest first. */
  dir?: "asc" | "desc" | undefined;
  /** The `pagination.next` of an earlier answer. */
  next?: string | undefined;
  /** The `pagination.prev` of an earlier answer. */
  prev?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** The whole name. */
  name?: string | undefined;
  /** Left out: both kinds. */
  revoked?: string | boolean | undefined;
}

export interface ApiKeysCreateInput {
  /** What people call it. */
  name: string;
  /** The most that the key may do. */
  scope?: "read" | "write" | undefined;
  /** Narrows the scope to these and `data.read`. No key may do more than whoever makes it. */
  capabilities?: Array<"data.read" | "source.write" | "destination.write" | "connection.write" | "connection.pause" | "transformation.write" | "transformation.run" | "event.publish" | "events.retry" | "events.cancel" | "payload.erase" | "issues.manage" | "view.write" | "resources.delete" | "secrets.rotate" | "keys.manage" | "members.manage" | "audit.read" | "team.manage" | "team.own" | "account.manage"> | undefined;
  /** ISO 8601 in UTC, with milliseconds. */
  expires_at?: string | undefined;
}

export interface ApiKeysCreateOutput {
  id: string;
  team_ids: string[];
  name: string;
  /** `write` includes `read`. */
  scope: "read" | "write";
  /** What the key may do besides reading; null: all that its scope holds. */
  capabilities: Array<"data.read" | "source.write" | "destination.write" | "connection.write" | "connection.pause" | "transformation.write" | "transformation.run" | "event.publish" | "events.retry" | "events.cancel" | "payload.erase" | "issues.manage" | "view.write" | "resources.delete" | "secrets.rotate" | "keys.manage" | "members.manage" | "audit.read" | "team.manage" | "team.own" | "account.manage"> | null;
  last_four: string;
  expires_at: string | null;
  last_used_at: string | null;
  /** The address of the caller when `last_used_at` was noted, which is at most once a minute. */
  last_used_ip: string | null;
  /** `user`, `api_key` or `system` (the command line); null where nobody noted it. */
  made_by_kind: string | null;
  made_by_id: string | null;
  /** What its maker is called today; null where it has no name. */
  made_by_name: string | null;
  revoked_at: string | null;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** Shown once. Keep it now. */
  key: string;
}

export interface TeamsCreateInput {
  /** What people call it. */
  name: string;
}

export interface TeamsUpdateInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
  /** What people call it. */
  name?: string | undefined;
}

export interface RetentionGetOutput {
  /** After so many days requests and what came of them are removed. */
  days: number;
  /** What the team has set; null: as the installation. */
  own_days: number | null;
  /** RETENTION_DAYS; nothing is kept longer. */
  installation_days: number;
  /** Masked in the requests of every source from now on, besides what the source masks itself: it cannot take these back. */
  masked_paths: string[];
  /** When the team was last changed. */
  updated_at: string;
  stored: Array<{
    kind: "request" | "event" | "attempt" | "ignored_event";
    rows: number;
    /** Whether `rows` follows from the counts of the metrics: there were too many to count. */
    is_rows_estimated: boolean;
    /** What the rows take, indexes left out. */
    bytes: number;
    /** Whether `bytes` follows from the sizes of some of the rows. */
    is_bytes_estimated: boolean;
    last_day_rows: number;
    last_day_bytes: number;
  }>;
  /** Each day from the oldest that is kept to today. */
  by_day: Array<{
    /** A day in UTC. */
    date: string;
    /** Requests of the day that are kept. */
    requests: number;
    /** Requests, events, attempts and ignored events of the day that are kept. */
    rows: number;
    /** What they take, indexes left out. */
    bytes: number;
  }>;
  /** The disk of the database; null where this process cannot see it (DATABASE_DISK names it). */
  disk: {
    total_bytes: number;
    free_bytes: number;
    /** When the traffic of all teams in the last 24 hours fills it; null: never. */
    full_in_days: number | null;
  } | null;
  /** When the oldest request that is kept came in. */
  oldest_at: string | null;
}

export interface RetentionPlanInput {
  /** Left out: as the installation. */
  days?: number | undefined;
}

export interface RetentionPlanOutput {
  /** After so many days requests and what came of them are removed. */
  days: number;
  /** What the team has set; null: as the installation. */
  own_days: number | null;
  /** RETENTION_DAYS; nothing is kept longer. */
  installation_days: number;
  removes: Array<{
    kind: "request" | "event" | "attempt" | "ignored_event";
    rows: number;
    /** Whether `rows` follows from the counts of the metrics: there were too many to count. */
    is_rows_estimated: boolean;
    /** What the rows take, indexes left out. */
    bytes: number;
    /** Whether `bytes` follows from the sizes of some of the rows. */
    is_bytes_estimated: boolean;
  }>;
  /** Events among them that failed and could then no longer be retried. */
  failed_events: number;
  is_failed_at_least: boolean;
  /** What came in before this goes. */
  removed_before: string;
  /** Whether an event that is not finished keeps what is younger than it beyond the days. */
  is_held_back: boolean;
  /** When what is past its time is removed next. */
  removed_at: string;
}

export interface RetentionExportInput {
  /** A day that is over, in UTC. */
  date: string;
  /** The kind, one of those listed. */
  kind: "request" | "event" | "attempt" | "ignored_event";
  /** The id of the last line that was read; an empty answer is the end of the day. */
  after?: string | undefined;
}

export interface RetentionUpdateInput {
  /** Null: as the installation. */
  days?: number | null | undefined;
  /** Masked in the requests of every source from now on, besides what the source masks itself: it cannot take these back. */
  masked_paths?: string[] | undefined;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
}

export interface RetentionUpdateOutput {
  /** After so many days requests and what came of them are removed. */
  days: number;
  /** What the team has set; null: as the installation. */
  own_days: number | null;
  /** RETENTION_DAYS; nothing is kept longer. */
  installation_days: number;
  /** Masked in the requests of every source from now on, besides what the source masks itself: it cannot take these back. */
  masked_paths: string[];
  /** When the team was last changed. */
  updated_at: string;
}

export interface MembersUpdateInput {
  /** The id of the resource. */
  id: string;
  /** What the person may do. */
  role: "viewer" | "member" | "admin" | "owner";
}

export interface InvitationsListInput {
  /** The most items in one answer. */
  limit?: number | undefined;
  /** What a list is ordered by. */
  order_by?: "created_at" | undefined;
  /** `desc`: the newest first. */
  dir?: "asc" | "desc" | undefined;
  /** The `pagination.next` of an earlier answer. */
  next?: string | undefined;
  /** The `pagination.prev` of an earlier answer. */
  prev?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
}

export interface InvitationsCreateInput {
  /** Of the person who is invited. */
  email: string;
  /** What the person may do. */
  role: "viewer" | "member" | "admin" | "owner";
  /** The days after which the invitation ends. */
  valid_days?: number | undefined;
}

export interface InvitationsCreateOutput {
  id: string;
  email: string;
  role: "viewer" | "member" | "admin" | "owner";
  state: "open" | "accepted" | "revoked" | "expired";
  /** The id of the person or the API key. */
  invited_by: string;
  /** ISO 8601 in UTC, with milliseconds. */
  expires_at: string;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  /** Below the dashboard's address: `/invite/…`. Shown once; send it to the person. */
  path: string;
}

export interface SessionsRevokeOthersOutput {
  count: number;
}

export interface AccountGetOutput {
  email: string;
  has_password: boolean;
  has_second_factor: boolean;
  passkeys: Array<{
    id: string;
    name: string;
    /** Kept by a provider of passkeys too, so it outlives the device. */
    is_backed_up: boolean;
    last_used_at: string | null;
    /** ISO 8601 in UTC, with milliseconds. */
    created_at: string;
  }>;
  /** Where the dashboard has to be open to add one; null: nowhere. */
  passkeys_at: string | null;
}

export interface AccountColumnsOutput {
  columns: Record<string, string[]>;
}

export interface AccountChooseColumnsInput {
  /** The list that it is of. */
  list: "requests" | "events" | "attempts";
  /** Null shows the usual ones again. */
  columns: string[] | null;
}

export interface AccountChooseColumnsOutput {
  columns: Record<string, string[]>;
}

export interface ViewsListInput {
  /** The list that it is of. */
  list?: "requests" | "events" | "attempts" | undefined;
}

export interface ViewsCreateInput {
  /** The list that it is of. */
  list: "requests" | "events" | "attempts";
  /** What people call it. */
  name: string;
  /** As they stand in the address of the list's page, such as `{status: FAILED, time: 7d}`. */
  filters: Record<string, string>;
}

export interface ViewsUpdateInput {
  /** The id of the resource. */
  id: string;
  /** The `updated_at` that you read. When the resource has changed since, nothing is saved and the answer is a 409 that says who changed what. */
  if_updated_at?: string | undefined;
  /** What people call it. */
  name?: string | undefined;
  /** As they stand in the address of the list's page, such as `{status: FAILED, time: 7d}`. */
  filters?: Record<string, string> | undefined;
}

export interface VersionsListInput {
  /** The most items in one answer. */
  limit?: number | undefined;
  /** Older than this version; the `pagination.next` of a page. */
  before?: number | undefined;
  /** Those that changed this resource. */
  resource_id?: string | undefined;
  /** Those that changed a resource of this kind. */
  resource_kind?: "source" | "destination" | "connection" | "transformation" | undefined;
}

export interface VersionsListItem {
  /** Counts up by one within the team. */
  number: number;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  actor_kind: string;
  actor_id: string;
  /** What the actor is called today. */
  actor_name: string | null;
  /** The flow whose file was applied, where one was. */
  flow: string | null;
  /** The version that it brought back, where it was a restore. */
  restored_from: number | null;
  changes_count: number;
  /** The first of them, with the first of their fields. */
  changes: Array<{
    resource_kind: "source" | "destination" | "connection" | "transformation";
    resource_id: string;
    resource_name: string;
    /** As in the audit log: `create`, `update`, `delete`, `pause`, … */
    action: string;
    fields: Array<{
      /** Such as `config.rate_limit` or `rules.retry.count`. */
      path: string;
      /** Null where it was not set. */
      before: unknown;
      /** Null where it is not set. */
      after: unknown;
      /** Its values are masked, and gone: a version keeps no secret, so it cannot be restored. */
      is_secret: boolean;
    }>;
  }>;
}

export interface VersionsGetInput {
  /** The number of a version. */
  number: number;
  /** The version to compare it with; the one before where it is left out. */
  against?: number | undefined;
}

export interface VersionsGetOutput {
  /** Counts up by one within the team. */
  number: number;
  /** ISO 8601 in UTC, with milliseconds. */
  created_at: string;
  actor_kind: string;
  actor_id: string;
  /** What the actor is called today. */
  actor_name: string | null;
  /** The flow whose file was applied, where one was. */
  flow: string | null;
  /** The version that it brought back, where it was a restore. */
  restored_from: number | null;
  changes_count: number;
  /** The version that `before` is of; 0 for nothing. */
  against: number;
  /** The version that runs. */
  newest: number;
  changes: Array<{
    resource_kind: "source" | "destination" | "connection" | "transformation";
    resource_id: string;
    resource_name: string;
    /** As in the audit log: `create`, `update`, `delete`, `pause`, … */
    action: string;
    fields: Array<{
      /** Such as `config.rate_limit` or `rules.retry.count`. */
      path: string;
      /** Null where it was not set. */
      before: unknown;
      /** Null where it is not set. */
      after: unknown;
      /** Its values are masked, and gone: a version keeps no secret, so it cannot be restored. */
      is_secret: boolean;
    }>;
  }>;
}

export interface VersionsFollowedInput {
  /** The number of a version. */
  number: number;
}

export interface VersionsFollowedOutput {
  window_minutes: number;
  /** Of the sources, destinations and connections that the version changed, the first few. */
  resources: Array<{
    resource_kind: "source" | "destination" | "connection" | "transformation";
    resource_id: string;
    resource_name: string;
    before: {
      delivered: number;
      failed: number;
    };
    after: {
      delivered: number;
      failed: number;
    };
    /** Minutes in which anything ended. */
    minutes: Array<{
      /** ISO 8601 in UTC, with milliseconds. */
      at: string;
      delivered: number;
      failed: number;
    }>;
  }>;
}

export interface VersionsPlanRestoreInput {
  /** The number of a version. */
  number: number;
  /** This resource alone; all of them without it. */
  resource_id?: string | undefined;
  /** These fields of the resource alone, and what stands below them. */
  fields?: string[] | undefined;
}

export interface VersionsPlanRestoreOutput {
  number: number;
  /** The version that the plan is made against. */
  newest: number;
  /** The first of them. */
  changes: Array<{
    resource_kind: "source" | "destination" | "connection" | "transformation";
    resource_id: string;
    resource_name: string;
    action: "create" | "update" | "delete";
    fields: Array<{
      /** Such as `config.rate_limit` or `rules.retry.count`. */
      path: string;
      /** Null where it was not set. */
      before: unknown;
      /** Null where it is not set. */
      after: unknown;
      /** Its values are masked, and gone: a version keeps no secret, so it cannot be restored. */
      is_secret: boolean;
    }>;
  }>;
  changes_count: number;
  /** What is lost for good, with its number. Nobody gets it back. */
  losses: string[];
  /** What is not brought back, or needs a hand afterwards. */
  notes: string[];
}

export interface VersionsRestoreInput {
  /** The number of a version. */
  number: number;
  /** This resource alone; all of them without it. */
  resource_id?: string | undefined;
  /** These fields of the resource alone, and what stands below them. */
  fields?: string[] | undefined;
  /** The `newest` of the plan. When the configuration has changed since, nothing is restored: 409. */
  if_newest: number;
}

export interface VersionsRestoreOutput {
  /** The version that the restore made; null where nothing differed. */
  number: number | null;
  changes_count: number;
  notes: string[];
}

export interface AuditListInput {
  /** The most items in one answer. */
  limit?: number | undefined;
  /** What a list is ordered by. */
  order_by?: "created_at" | undefined;
  /** `desc`: the newest first. */
  dir?: "asc" | "desc" | undefined;
  /** The `pagination.next` of an earlier answer. */
  next?: string | undefined;
  /** The `pagination.prev` of an earlier answer. */
  prev?: string | undefined;
  /** With these ids alone. */
  id?: string[] | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  from?: string | undefined;
  /** ISO 8601 (UTC where no offset is given), or `now`, `now-15m`, `now-24h`, `now-7d`. */
  to?: string | undefined;
  /** Who did it: keys, people, the system. */
  actor_kind?: string[] | undefined;
  /** Done by these keys or people alone. */
  actor_id?: string[] | undefined;
  /** What was done, such as `source.update`. */
  action?: string[] | undefined;
  /** Done to these kinds of resource alone. */
  resource_kind?: string[] | undefined;
  /** Done to these resources alone. */
  resource_id?: string[] | undefined;
}

export interface AuditVerifyOutput {
  /** Whether each entry that was checked is as it was written. */
  is_whole: boolean;
  /** How many of the newest entries were checked. */
  checked: number;
  /** Whether that reaches back to the first entry of the chain. */
  is_all: boolean;
  last_seq: number;
  /** Note it elsewhere: a later log that is whole goes on from it. */
  last_hash: string;
  /** Entries from before the chain began. */
  unchained: number;
  /** The first place that is not as it was written. */
  says: string | null;
}

export interface GuideSearchInput {
  /** The words that are searched for. */
  text?: string | undefined;
}

export interface GuideSearchOutput {
  data: Array<{
    href: string;
    /** The section; the page's own title where it is the top. */
    title: string;
    page: string;
    /** The text around the first word that was found. */
    before: string;
    found: string;
    after: string;
  }>;
}
