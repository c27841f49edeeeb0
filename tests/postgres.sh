#!/bin/sh
# tests/postgres.sh start FOLDER: a PostgreSQL of our own (the newest that is installed) on
# loopback, in FOLDER; prints its URL. tests/postgres.sh stop FOLDER ends it. The server refuses to run as
# root, so as root it runs as the user postgres.
set -eu
action=$1 folder=$2
binaries=$(for each in /usr/lib/postgresql/*/bin; do [ -x "$each/initdb" ] && echo "$each"; done | sort -V | tail -n 1)
[ -n "$binaries" ] || { echo "tests/postgres.sh: PostgreSQL is not installed" >&2; exit 1; }
as_postgres() { if [ "$(id -u)" = 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
case $action in
  start)
    rm -rf "$folder"; mkdir -p "$folder"
    [ "$(id -u)" = 0 ] && chown postgres "$folder"
    port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    cd /
    as_postgres "$binaries/initdb" -D "$folder/data" -U resident --auth=trust --encoding=UTF8 --locale=C >"$folder/log" 2>&1
    as_postgres "$binaries/pg_ctl" -D "$folder/data" -w -l "$folder/server.log" \
      -o "-h 127.0.0.1 -p $port -k $folder -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c wal_level=minimal -c max_wal_senders=0" start >>"$folder/log" 2>&1
    as_postgres "$binaries/createdb" -h 127.0.0.1 -p "$port" -U resident resident
    echo "postgresql://resident@127.0.0.1:$port/resident" ;;
  stop)
    cd /
    as_postgres "$binaries/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1 || true ;;
esac
