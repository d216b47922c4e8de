FROM node:22.21-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY types types
COPY tools tools
COPY src src
COPY simulator simulator
RUN npm run build
# The SDK ships its native library for five platforms, 60 MB each; this image runs on one.
RUN npm prune --omit=dev --no-audit --no-fund \
  && find node_modules/@temporalio/core-bridge/releases -mindepth 1 -maxdepth 1 \
    ! -name "$(uname -m)-unknown-linux-gnu" -exec rm -r {} +

FROM node:22.21-bookworm-slim
# TLS to Temporal Cloud is done by the native library, which reads the system's certificates, not Node's.
RUN apt-get update \
  && apt-get install -y --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/*
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/lib lib
COPY bin bin
COPY docs/openapi-2.0.json docs/
# For the simulator's state; a volume mounted here inherits the owner.
RUN mkdir state && chown node:node state
USER node
ENV WORKER_HEALTH_ADDRESS=0.0.0.0:9090
EXPOSE 9090
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:9090/readyz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "lib/src/worker.js"]
