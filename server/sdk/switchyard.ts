// The package's entry: what its users may import.
export type { CallOptions, ClientOptions, Fetch } from "./call.ts";
export { createClient } from "./client.ts";
export { type ClientErrorCode, type FieldIssue, SwitchyardError } from "./errors.ts";
export { OPERATIONS } from "./operations.ts";
export type * from "./types.ts";
export {
  type CustomSignature,
  type Payload,
  type VerifiedWebhook,
  type VerifyOptions,
  verifyCustomSignature,
  verifyWebhook,
  type WebhookFault,
  type WebhookHeaders,
  WebhookVerificationError,
} from "./verify-webhook.ts";
