// Limits of rules that forms need as well. Apart from the schemas, whose library reaches no page.
export const MAX_DELAY_MS = 7 * 86_400_000;
export const MAX_RETRIES = 50;
export const MAX_WAIT_MS = 7 * 86_400_000;
export const MAX_DRY_RUN_REQUESTS = 1_000;
