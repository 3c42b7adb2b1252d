// Tokens of links that are good once. 256 random bits, so a plain hash keeps them.
import { createHash, randomBytes } from "node:crypto";

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

export const newToken = (): string => randomBytes(32).toString("base64url");
export const hashToken = (token: string): string => createHash("sha256").update(token).digest("hex");
export const isToken = (text: string): boolean => TOKEN.test(text);
