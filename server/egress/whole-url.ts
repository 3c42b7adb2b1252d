import { DestinationAuth, type HttpDestinationConfig } from "#server/contracts/destination.ts";

/** The URL of a destination with its secrets in clear: where its path is one of them, that stands apart from `config.url`. */
export function wholeUrl({ url, auth_type, auth }: Pick<HttpDestinationConfig, "url" | "auth_type" | "auth">): string {
  if (auth_type !== "SECRET_PATH" || !URL.canParse(url)) return url;
  return `${new URL(url).origin}${DestinationAuth.SECRET_PATH.parse(auth).url_path}`;
}
