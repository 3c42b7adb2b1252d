import { hashPassword } from "better-auth/crypto";

/** A password as the log-in library keeps it: scrypt with a salt of its own. */
export const hashOf = (password: string): Promise<string> => hashPassword(password);
