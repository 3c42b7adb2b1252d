# syntax=docker/dockerfile:1
# One image for every role: without a command it migrates, prepares the first team and supervises the roles of SWITCHYARD_ROLES. See docs/guide/containers.md.
FROM node:24.21.0-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci
COPY . .
# npm prune would write the lock file anew, and the start would find the build stale. The cache of the build is half a gigabyte and serves nobody at run time.
RUN npm run build && npm ci --omit=dev && rm -rf .next/cache

FROM node:24.21.0-bookworm-slim
ENV NODE_ENV=production NEXT_TELEMETRY_DISABLED=1 HOST=0.0.0.0 DATA_DIR=/data NODE_COMPILE_CACHE=/app/.next/cache/node
WORKDIR /app
COPY --from=build /app ./
# /data holds the embedded Postgres and the secret where there is no DATABASE_URL; the cache keeps compiled modules between starts.
RUN mkdir -p /data .next/cache && chown node:node /data .next/cache
USER node
VOLUME /data
EXPOSE 3000 3001
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.GATEWAY_PORT || 3001) + '/readyz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--expose-gc", "server/start/main.ts"]
