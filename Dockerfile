# One image for every service; a container's command says which it is, and SERVICE is what it is without a command:
#   docker build --build-arg SERVICE=relay-agent --tag chat-relays:0.5.0 .
ARG NODE_IMAGE=node:22-bookworm-slim

FROM ${NODE_IMAGE} AS base
WORKDIR /app
ENV NPM_CONFIG_UPDATE_NOTIFIER=false

# Only what npm reads: the layers below stay cached until a dependency changes.
FROM base AS manifests
COPY . /checkout
RUN cd /checkout && mkdir /manifests \
  && find . \( -name package.json -o -name package-lock.json -o -name .npmrc \) -exec cp --parents {} /manifests \;

FROM base AS build
COPY --from=manifests /manifests ./
RUN npm ci --ignore-scripts
COPY . .
RUN npx tsc -b && mkdir /built && find libs apps -name dist -prune -exec cp -r --parents {} /built \;

FROM base AS packages
COPY --from=manifests /manifests ./
RUN npm ci --omit=dev --ignore-scripts

FROM base
ARG SERVICE=smp-server
ENV SERVICE=${SERVICE} NODE_ENV=production NODE_OPTIONS=--enable-source-maps HTTP_PORT=8080
COPY --from=packages /app ./
COPY --from=build /built ./
USER node
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=6 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.HTTP_PORT}/health/ready`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["sh", "-c", "exec node --import @chat-relays/telemetry/register apps/$SERVICE/dist/main.js"]
