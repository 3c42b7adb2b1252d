"use client";

import { type ReactNode, useState } from "react";
import { CodeSamples } from "./code-samples.tsx";

const NODE = `import { Webhook } from "standardwebhooks";

const webhook = new Webhook(process.env.WEBHOOK_SECRET);

app.post("/hooks", raw(), (req, res) => {
  // Throws if a byte, the time or the secret differs.
  const event = webhook.verify(req.body, req.headers);
  // The id stays the same on every attempt.
  const id = req.headers["webhook-id"];
  if (!seen(id)) handle(event);
  res.end();
});`;

const PYTHON = `import os
from standardwebhooks import Webhook

webhook = Webhook(os.environ["WEBHOOK_SECRET"])

@app.post("/hooks")
def receive():
    # Raises if a byte, the time or the secret differs.
    body, headers = request.get_data(), request.headers
    event = webhook.verify(body, headers)
    # The id stays the same on every attempt.
    if not seen(headers["webhook-id"]):
        handle(event)
    return "", 204`;

const GO = `webhook, err := standardwebhooks.NewWebhook(
  os.Getenv("WEBHOOK_SECRET"))

func receive(w http.ResponseWriter, r *http.Request) {
  body, _ := io.ReadAll(r.Body)
  // Fails if a byte, the time or the secret differs.
  if webhook.Verify(body, r.Header) != nil {
    w.WriteHeader(http.StatusUnauthorized)
    return
  }
  // The id stays the same on every attempt.
  if !seen(r.Header.Get("webhook-id")) {
    handle(body)
  }
}`;

const SHELL = `# The key is the secret without whsec_, out of base64.
key=$(printf %s "\${WEBHOOK_SECRET#whsec_}" \\
  | base64 -d | xxd -p -c 256)

printf %s "$WEBHOOK_ID.$WEBHOOK_TIMESTAMP.$BODY" \\
  | openssl dgst -sha256 -mac HMAC \\
      -macopt "hexkey:$key" -binary \\
  | base64
# Compare with what follows v1, in webhook-signature.`;

const SAMPLES = [
  { value: "node", label: "Node", code: NODE },
  { value: "python", label: "Python", code: PYTHON },
  { value: "go", label: "Go", code: GO },
  { value: "shell", label: "Shell", code: SHELL },
] as const;
type Language = (typeof SAMPLES)[number]["value"];

/** How a receiver checks a delivery, to be copied; below it what checks one here. */
export function VerifySample({ children }: { children?: ReactNode }) {
  const [language, setLanguage] = useState<Language>("node");
  return (
    <CodeSamples
      label="How to check a signature"
      kind="Language"
      samples={SAMPLES}
      value={language}
      onChange={setLanguage}
    >
      {children}
    </CodeSamples>
  );
}
