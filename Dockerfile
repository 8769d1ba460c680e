# One image for every app; a target per app. The build stage installs and compiles once for all of them.
FROM node:20-bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends build-essential python3 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV CI=true TURBO_TELEMETRY_DISABLED=1
COPY . .
RUN npx -y pnpm@12.21.0 install --frozen-lockfile && npx -y pnpm@12.21.0 build
RUN for app in cluster-sim engine-mock job-cli; do \
      npx -y pnpm@12.21.0 --filter "@holdfast/$app" deploy --prod --legacy "/out/$app" || exit 1; \
    done

# What all have in common: no root, a folder for the data, and node itself as the process that signals reach.
FROM node:20-bookworm-slim AS base
ENV NODE_ENV=production HOLDFAST_DATA=/data
WORKDIR /app
RUN mkdir /data && chown node:node /data
USER node
VOLUME /data

FROM base AS cluster-sim
COPY --from=build /out/cluster-sim ./
ENV CLUSTER_PORT=8080 CLUSTER_DATA=/data/cluster
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=2s --retries=10 CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js", "--host", "0.0.0.0"]

FROM base AS engine-mock
COPY --from=build /out/engine-mock ./
ENV ENGINE_PORT=50051 ENGINE_ADMIN_PORT=50052 ENGINE_DATA=/data/engine
EXPOSE 50051 50052
HEALTHCHECK --interval=5s --timeout=2s --retries=10 CMD ["node", "-e", "fetch('http://127.0.0.1:50052/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/main.js", "--host", "0.0.0.0"]

# The `job` command; without arguments a worker, whose health is asked for inside of the container.
FROM base AS job
COPY --from=build /out/job-cli ./
ENV HOLDFAST_JOURNAL=/data/journal.db HOLDFAST_WORKER_PORT=9090
HEALTHCHECK --interval=5s --timeout=2s --start-period=10s --retries=10 CMD ["node", "-e", "fetch('http://127.0.0.1:9090/healthz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "dist/main.js"]
CMD ["work"]
