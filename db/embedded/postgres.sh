#!/bin/sh
# Runs the PostgreSQL that npm carries, as a user that PostgreSQL accepts, under a guard that stops it when our input ends.
#   postgres.sh init NEW_CLUSTER FLAG…      makes a cluster with the database digi_persona
#   postgres.sh serve CLUSTER SETTING…      serves it until input ends, then shuts it down; exits with the server's code
# Environment: PG_NATIVE (the package's native folder), PG_HOME (ours: links, socket, cluster), PG_LINKS ("target=source" lines),
# PG_USER (the superuser's name), PG_DATABASE, PG_REMOVE (a folder to remove at the end, or empty).
# Lines for the program that started this begin with "digi-persona:".
set -u
umask 077
libraries=$PG_HOME/lib
nobody=65534

refuse() {
  echo "digi-persona: $1" >&2
  exit 78
}

# PostgreSQL refuses root: in a user namespace it is not root, yet opens the files that root may open.
choose_user() {
  owner=
  if [ "$(id -u)" != 0 ]; then
    mode=direct
  elif [ "${PG_MODE:-namespace}" = namespace ] && unshare --user --map-user=$nobody --map-group=$nobody true 2>/dev/null; then
    mode=namespace owner=0
  elif drop true 2>/dev/null; then
    mode=drop owner=$nobody
  elif drop_keeping_paths true 2>/dev/null; then
    mode=keep owner=$nobody
  else
    refuse "PostgreSQL does not run as root, and neither a user namespace (unshare) nor another user (setpriv) is possible here: start as another user, or set DATABASE_URL to a PostgreSQL 15 or newer"
  fi
  mkdir -p "$PG_HOME/run"
  if [ -n "$owner" ] && [ "$(stat -c %u "$PG_HOME/run")" != "$owner" ]; then
    chown -R "$owner:$owner" "$PG_HOME" || refuse "cannot give $PG_HOME to the user $owner: set DATABASE_URL to a PostgreSQL 15 or newer"
  fi
  if [ -n "$owner" ] && [ -n "$PG_REMOVE" ]; then
    chown "$owner:$owner" "$PG_REMOVE"
  fi
  if [ "$mode" = drop ] && ! drop test -x "$PG_NATIVE/bin/postgres" -a -x "$PG_HOME"; then
    mode=keep
    drop_keeping_paths test -x "$PG_NATIVE/bin/postgres" -a -x "$PG_HOME" 2>/dev/null ||
      refuse "PostgreSQL does not run as root, and the user $nobody may not enter $PG_NATIVE or $PG_HOME: start as another user, or set DATABASE_URL to a PostgreSQL 15 or newer"
  fi
}

drop() { setpriv --reuid=$nobody --regid=$nobody --clear-groups "$@"; }

# Another user that may still enter every folder: for a checkout or a DATA_DIR below root's home.
drop_keeping_paths() {
  setpriv --reuid=$nobody --regid=$nobody --clear-groups --securebits=+no_setuid_fixup --inh-caps=+dac_override --ambient-caps=+dac_override "$@"
}

become() {
  export LD_LIBRARY_PATH="$libraries"
  case $mode in
    direct) exec "$@" ;;
    namespace) exec unshare --user --map-user=$nobody --map-group=$nobody "$@" ;;
    drop) exec setpriv --reuid=$nobody --regid=$nobody --clear-groups "$@" ;;
    keep) exec setpriv --reuid=$nobody --regid=$nobody --clear-groups --securebits=+no_setuid_fixup --inh-caps=+dac_override --ambient-caps=+dac_override "$@" ;;
  esac
}

# npm packages carry no links: the libraries' short names are missing. They are made again when the package has moved.
link_libraries() {
  [ "$(readlink "$libraries/.package" 2>/dev/null)" = "$PG_NATIVE" ] && return
  rm -rf "$libraries"
  umask 022
  mkdir -p "$libraries"
  for file in "$PG_NATIVE"/lib/*.so*; do
    ln -s "$file" "$libraries/${file##*/}"
  done
  echo "$PG_LINKS" | while IFS='=' read -r target source; do
    [ -n "$target" ] && ln -sfn "$PG_NATIVE/lib/${source##*/}" "$libraries/${target##*/}"
  done
  ln -s "$PG_NATIVE" "$libraries/.package"
  umask 077
}

pause() { sleep 0.05 2>/dev/null || sleep 1; }

is_server_of() { # PID CLUSTER
  kill -0 "$1" 2>/dev/null || return 1
  if [ -r "/proc/$1/cmdline" ]; then
    command=$(tr '\0' ' ' <"/proc/$1/cmdline" 2>/dev/null)
  else
    command=$(ps -o args= -p "$1" 2>/dev/null)
  fi
  case $command in
    *"$PG_NATIVE/bin/postgres -D $2 "*) return 0 ;;
    *"/postgres -D $2 "*) return 0 ;;
    *) return 1 ;;
  esac
}

# Whoever runs this holds the lock on DATA_DIR, so a server that still lives has lost its program: it is stopped.
# A file left by a power cut may name a process that is now another one: PostgreSQL would refuse to start because of it.
end_orphan() { # CLUSTER
  pid=
  read -r pid <"$1/postmaster.pid" 2>/dev/null
  [ -n "$pid" ] || return 0
  signal=INT waited=0
  while is_server_of "$pid" "$1"; do
    [ $((waited % 600)) -eq 0 ] && kill -$signal "$pid" 2>/dev/null && signal=QUIT
    waited=$((waited + 1))
    [ $waited -le 1200 ] || refuse "an earlier PostgreSQL (process $pid) on $1 does not stop: end it by hand"
    pause
  done
  rm -f "$1/postmaster.pid"
}

init() { # NEW_CLUSTER FLAG…
  (become "$PG_NATIVE/bin/initdb" -D "$@" -U "$PG_USER" --auth=trust --encoding=UTF8 --locale=C --no-instructions) \
    >/dev/null || exit 1
  echo "create database $PG_DATABASE" | (become "$PG_NATIVE/bin/postgres" --single -D "$1" postgres) >/dev/null
}

serve() { # CLUSTER SETTING…
  end_orphan "$1"
  exec 3<&0
  (become "$PG_NATIVE/bin/postgres" -D "$@") </dev/null 3<&- &
  server=$!
  # A TERM ends a server that has not yet set its handlers, and the INT after it makes a fast, clean shutdown of one that has.
  (
    trap '' TERM INT HUP
    read -r _ <&3
    kill -TERM $server
    kill -INT $server
  ) >/dev/null 2>&1 &
  guard=$!
  exec 3<&-
  trap : TERM INT HUP
  while :; do
    wait $server
    code=$?
    kill -0 $server 2>/dev/null || break
  done
  kill -KILL $guard 2>/dev/null
  [ -n "$PG_REMOVE" ] && rm -rf "$PG_REMOVE"
  exit $code
}

choose_user
link_libraries
"$@"
