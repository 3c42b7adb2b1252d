/** A reason not to start that the operator can remedy: `message` is one sentence that says how, and is shown without a stack. */
export class StartError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StartError";
  }
}

/** The `code` of a system or driver error (`EADDRINUSE`, `28P01`), if it has one. */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

export const isErrorCode = (error: unknown, ...codes: string[]) => codes.includes(errorCode(error) ?? "");
