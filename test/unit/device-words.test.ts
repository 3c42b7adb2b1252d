import { expect, test } from "vitest";
import { deviceWords } from "#components/settings/device-words.ts";

const MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)";

test.each([
  ["Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0", "Firefox on Linux"],
  [`${MAC} Chrome/142.0.0.0 Safari/537.36`, "Chrome on macOS"],
  [`${MAC} Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0`, "Edge on macOS"],
  [
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Safari on iPhone",
  ],
  ["Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36", "Chrome on Android"],
  ["curl/8.9.1", "curl"],
  ["", "An unknown browser"],
  [null, "An unknown browser"],
  ["<script>alert(1)</script>", "An unknown browser"],
])("%s is %s", (userAgent, words) => {
  expect(deviceWords(userAgent)).toBe(words);
});
