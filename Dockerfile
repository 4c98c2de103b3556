# digi-persona in a container: main with the permissions written below, as a user without rights.
# Everything that is to be kept lies in /data. docs/operations.md says how to run it.

FROM node:22-bookworm-slim AS build
RUN npm install --global --no-audit --no-fund deno@2.9.6 \
  && install -m 755 "$(deno eval 'console.log(Deno.execPath())')" /usr/local/bin/deno-2.9.6
ENV DENO_DIR=/deno DENO_NO_UPDATE_CHECK=1
WORKDIR /app
COPY deno.json deno.lock ./
COPY main.ts config.ts LICENSE ./
COPY actors actors
COPY db db
COPY media media
COPY routes routes
COPY start start
COPY static static
# What is installed is what deno.lock says, or nothing. It is in node_modules: the archives that it came from are not needed.
RUN deno install --frozen --entrypoint main.ts start/healthy.ts actors/cell/main.ts actors/persona/worker.ts \
  && rm -rf /deno/npm

FROM debian:bookworm-slim
COPY --from=build /usr/local/bin/deno-2.9.6 /usr/local/bin/deno
RUN groupadd --gid 10001 digi-persona \
  && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin digi-persona \
  && install --directory --owner=10001 --group=10001 --mode=700 /data
# Deno keeps compiled code in its cache: it may write there, and in /data, and nowhere else.
COPY --from=build --chown=10001:10001 /deno /deno
COPY --from=build /app /app
WORKDIR /app
USER 10001:10001
ENV DENO_DIR=/deno DENO_NO_UPDATE_CHECK=1 NO_COLOR=1 HOST=0.0.0.0 DATA_DIR=/data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
  CMD ["deno", "run", "--quiet", "--no-prompt", "--cached-only", "--allow-net=127.0.0.1", "--allow-env=PORT", "start/healthy.ts"]
# The same permissions as `deno task start`; secrets may be files in /run/secrets. A test compares.
CMD ["deno", "run", "--quiet", "--no-prompt", "--cached-only", "--allow-net", \
  "--allow-sys=hostname,statfs", \
  "--allow-read=.env,actors,db,media,static,node_modules,/data,/run/secrets", \
  "--allow-write=/data", \
  "--allow-run=sh,/bin/sh,/usr/bin/sh,/usr/local/bin/deno", \
  "--allow-env=PORT,HOST,PUBLIC_URL,TRUST_PROXY,DATABASE_URL,DATABASE_URL_FILE,TAKE_OVER,DATA_DIR,DIGI_PERSONA_KEY,DIGI_PERSONA_KEY_FILE,ADMIN_TOKEN,ADMIN_TOKEN_FILE,RESET_ACCESS,OPENAI_API_KEY,OPENAI_API_KEY_FILE,OPENAI_BASE_URL,OPENAI_MODEL,OPENAI_TIMEOUT_SECONDS,ALLOWED_ORIGINS,PLC_URL,X_CLIENT_ID,X_CLIENT_SECRET,X_CLIENT_SECRET_FILE,X_API_ORIGIN,X_WEB_ORIGIN,LINKEDIN_CLIENT_ID,LINKEDIN_CLIENT_SECRET,LINKEDIN_CLIENT_SECRET_FILE,LINKEDIN_VERSION,LINKEDIN_CALLS_A_DAY,LINKEDIN_MEMBER_ANALYTICS,LINKEDIN_API_ORIGIN,LINKEDIN_WEB_ORIGIN,SANDBOX_AUDIENCE,APPROVAL_DAYS,REQUIRE_ALT_TEXT,SLOT_GRACE_MINUTES,MAX_LIVE,IDLE_MINUTES,LISTEN_MINUTES,WATCHDOG_SECONDS,ACTOR_HEAP_MB,CELL_MEMORY_MB,MIN_FREE_MB,DIGI_PERSONA_CRASH,HOME,DENO_DIR,XDG_CACHE_HOME,PG*,NODE_*,USER", \
  "main.ts"]
