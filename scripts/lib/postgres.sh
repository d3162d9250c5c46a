# A PostgreSQL server for this run alone: a temporary folder, a free port, loopback, no password.
# PostgreSQL refuses to run as root, so root hands it to an ordinary user.

pg_dir=

as_postgres() {
    if [ "$(id -u)" != 0 ]; then "$@"; return; fi
    local user=postgres
    id "$user" >/dev/null 2>&1 || user=nobody
    (cd / && setpriv --reuid="$user" --regid="$(id -g "$user")" --clear-groups "$@")
}

start_postgres() {
    if [ -n "${ENLIST_TEST_POSTGRES:-}" ]; then echo "given: server of ENLIST_TEST_POSTGRES"; return; fi
    local bin port try
    bin=$(postgres_bin)
    pg_dir=$(mktemp -d)
    if [ "$(id -u)" = 0 ]; then
        local user=postgres
        id "$user" >/dev/null 2>&1 || user=nobody
        chown "$user" "$pg_dir"
    fi
    as_postgres "$bin/initdb" -D "$pg_dir/data" -U postgres -A trust -E UTF8 --locale=C -N >/dev/null
    for try in 1 2 3 4 5 6 7 8; do
        port=$((20000 + RANDOM % 30000))
        if as_postgres "$bin/pg_ctl" -D "$pg_dir/data" -l "$pg_dir/log" -w -t 60 start >/dev/null 2>&1 -o \
            "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=300 \
             -c shared_buffers=256MB -c max_wal_size=4GB"; then
            export ENLIST_TEST_POSTGRES="postgres://postgres@127.0.0.1:$port/postgres"
            echo "PostgreSQL on port $port"
            return
        fi
    done
    cat "$pg_dir/log" >&2
    echo "PostgreSQL did not start" >&2
    exit 1
}

stop_postgres() {
    [ -n "$pg_dir" ] || return 0
    as_postgres "$(postgres_bin)/pg_ctl" -D "$pg_dir/data" -m immediate -w stop >/dev/null 2>&1 || true
    rm -rf "$pg_dir"
    pg_dir=
}
