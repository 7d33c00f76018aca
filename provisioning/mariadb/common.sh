# What the scripts for MariaDB share. They are for MariaDB 10.11 and later; MySQL has other words for GTIDs.
#
# A server is named by an option file for the client, with host or socket, port, user and password:
#   [client]
#   host=10.0.0.11
#   user=root
#   password=...
# so that no password stands on a command line, where everybody on the machine can read it.
set -euo pipefail

say() { printf '%s\n' "$*" >&2; }
die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

# sql FILE STATEMENTS: rows as lines, columns parted by tabs.
sql() { mariadb --defaults-file="$1" --batch --skip-column-names --execute "$2"; }

# dump FILE ARGUMENTS...
dump() { local file=$1 && shift && mariadb-dump --defaults-file="$file" "$@"; }

# status FILE CONNECTION FIELD: one field of the replication status, nothing when there is no such connection. A
# replica's own connection has the empty name.
status() {
    mariadb --defaults-file="$1" --execute 'SHOW ALL REPLICAS STATUS\G' | awk -v connection="$2" -v field="$3" '
        $1 == "Connection_name:" { here = ($2 == connection) }
        here && $1 == field ":" { sub("^ *[^:]*: ?", ""); print; exit }'
}

# A word of SQL that came from outside: a name, nothing else.
name() { [[ $1 =~ ^[A-Za-z0-9_]+$ ]] || die "not a plain name: $1"; }
text() { [[ $1 != *[\'\\]* ]] || die "a quote or backslash stands in: $1"; }

# wait_for WHAT COMMAND...: asks each half second until the command succeeds.
wait_for() {
    local what=$1 deadline=$((SECONDS + ${WAIT_SECONDS:-120}))
    shift
    until "$@"; do
        [ $SECONDS -lt $deadline ] || die "did not happen in time: $what"
        sleep 0.5
    done
}

running() {
    [ "$(status "$1" "$2" Slave_IO_Running)" = Yes ] && [ "$(status "$1" "$2" Slave_SQL_Running)" = Yes ]
}
