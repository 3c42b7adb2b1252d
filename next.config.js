/** @type {import("next").NextConfig} */
export default {
  poweredByHeader: false,
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
