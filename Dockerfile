# One image for the api, the worker and the migrations; docker-compose.yml says which one a container is.
# Debian, not Alpine: Temporal's native core needs glibc.
FROM node:24-bookworm-slim AS base
WORKDIR /app

FROM base AS dependencies
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM dependencies AS program
COPY tsconfig.json ./
COPY config ./config
COPY domain ./domain
COPY policy ./policy
COPY store ./store
COPY activities ./activities
COPY workflows ./workflows
COPY worker ./worker
COPY api ./api
COPY admin ./admin
# Bundling the workflows once, here, lets every worker start in a second and run the very same code.
RUN node --import tsx worker/bundle/build.ts workflow-bundle.js

FROM base AS runtime
LABEL org.opencontainers.image.title="mente-accreditation" \
      org.opencontainers.image.description="门诊特殊疾病(门特)认定: api, worker and migrations" \
      org.opencontainers.image.licenses="MIT"
ENV NODE_ENV=production \
    WORKFLOW_BUNDLE=/app/workflow-bundle.js \
    FILES_DIR=/var/lib/mente/files
# A new volume takes over the owner of the folder that it is mounted on.
RUN install --directory --owner=node --group=node "$FILES_DIR"
COPY --from=program /app ./
USER node
EXPOSE 3000
CMD ["node", "--max-semi-space-size=32", "--import", "tsx", "api/main.ts"]
