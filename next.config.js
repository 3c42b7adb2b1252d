/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
  // No page has pictures to shrink, and the optimiser would decode whatever bytes a stranger's URL on this origin answers.
  images: { unoptimized: true },
  // `npm run verify` owns the types of the whole project; a start on somebody's machine should not wait for them again.
  typescript: { ignoreBuildErrors: true },
  serverExternalPackages: [
    "@prisma/adapter-pg",
    "@prisma/client",
    "graphile-worker",
    "pg",
    "pino",
    "quickjs-emscripten",
  ],
};
