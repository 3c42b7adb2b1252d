// The providers' own retries when an address does not take their webhook. docs/decisions/044
import { PROVIDERS, type ProviderType } from "#server/contracts/provider.ts";

const OWN_RETRIES: Partial<Record<ProviderType, string>> = {
  STRIPE: "sends again for up to three days, with longer and longer waits",
  GITHUB: "does not send again by itself; a person can, for three days",
  GITLAB: "does not send again, and switches a webhook off that fails on and on",
  SHOPIFY: "sends again 8 times within 4 hours, then removes the subscription",
  SLACK: "sends again 3 times: almost at once, after a minute and after 5 minutes",
  PAYPAL: "sends again up to 25 times within 3 days",
  OKTA: "sends again once",
  TWILIO: "does not send again unless its address asks for it",
};

/** The provider's own retries in a sentence; null where they are not known. */
export function ownRetries(sourceType: string): string | null {
  const words = OWN_RETRIES[sourceType as ProviderType];
  return words === undefined ? null : `${PROVIDERS[sourceType as ProviderType].title} itself ${words}.`;
}
