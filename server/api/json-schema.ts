/** JSON Schema, or a part of the OpenAPI document. */
export type Json = Record<string, unknown>;
