# One image for every app; a target per app.
FROM node:20-bookworm-slim AS build
RUN apt-get update && apt-get install -y --no-install-recommends build-essential python3 && rm -rf /var/lib/apt/lists/*
WORKDIR /app
ENV CI=true TURBO_TELEMETRY_DISABLED=1
COPY . .
RUN npx -y pnpm@12.21.0 install --frozen-lockfile && npx -y pnpm@12.21.0 build
RUN npx -y pnpm@12.21.0 --filter @holdfast/cluster-sim deploy --prod --legacy /out/cluster-sim

FROM node:20-bookworm-slim AS cluster-sim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /out/cluster-sim ./
RUN mkdir /data && chown node:node /data
USER node
EXPOSE 8080
CMD ["node", "dist/main.js", "--host", "0.0.0.0"]
