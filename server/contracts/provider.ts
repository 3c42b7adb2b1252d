/**
 * The providers that a source can be of, with what the dashboard draws of each. The names stand apart from the providers'
 * code, since contracts reach the browser and that code needs `node:crypto`; `server/providers/list.ts` has one file for each.
 */
export const PROVIDERS = {
  STRIPE: { title: "Stripe", tile: "St" },
  GITHUB: { title: "GitHub", tile: "Gh" },
  GITLAB: { title: "GitLab", tile: "GL" },
  OKTA: { title: "Okta", tile: "Ok" },
  PAYPAL: { title: "PayPal", tile: "PP" },
  SHOPIFY: { title: "Shopify", tile: "Sh" },
  TWILIO: { title: "Twilio", tile: "Tw" },
  SLACK: { title: "Slack", tile: "Sl" },
} as const satisfies Record<string, { title: string; tile: string }>;
export type ProviderType = keyof typeof PROVIDERS;

export const PROVIDER_TYPES = Object.keys(PROVIDERS) as ProviderType[];
