import { sendDemo } from "#server/demo/send-demo.ts";
import { httpUrl } from "#server/env.ts";
import { task } from "#worker/task.ts";

export const sendDemoTask = task("send-demo", ({ pool, config, env, now }, payload) => {
  const { publicGatewayUrl, host, gatewayPort } = env;
  // A worker beside a gateway needs no name for it; another one reaches it as a producer does.
  const doorUrls = [httpUrl(host, gatewayPort), publicGatewayUrl];
  return sendDemo({ pool, config, publicGatewayUrl, doorUrls, now }, payload);
});
