#!/usr/bin/env bash
# setup-replica.sh PRIMARY.cnf REPLICA.cnf HOST PORT
#
# Fills an empty replica from its primary and starts replication by GTID. HOST and PORT are where the replica reaches
# the primary. A replica that runs already is left alone.
#
# The password comes from the environment: REPLICATION_PASSWORD.
. "$(dirname "$(readlink -f "$0")")/common.sh"
[ $# = 4 ] || die "usage: setup-replica.sh PRIMARY.cnf REPLICA.cnf HOST PORT"
primary=$1 replica=$2 host=$3 port=$4
: "${REPLICATION_PASSWORD:?}"
text "$REPLICATION_PASSWORD"
text "$host"
[[ $port =~ ^[0-9]+$ ]] || die "not a port: $port"

[ "$(sql "$replica" 'SELECT @@read_only')" = 1 ] || die "the replica is not read-only: is replica.cnf in place?"
[ "$(sql "$replica" 'SELECT @@server_id')" != "$(sql "$primary" 'SELECT @@server_id')" ] ||
    die "both servers have the same server_id"
if running "$replica" ''; then
    say "this replica runs already"
    exit
fi

sql "$replica" "STOP REPLICA; RESET REPLICA ALL; RESET MASTER"
say "copying the primary; it goes on taking writes meanwhile"
seed=$(mktemp)
trap 'rm -f "$seed"' EXIT
# The accounts come with the mysql database. Written to a file first: a pipe would hide a dump that broke off.
# --gtid writes the position the copy stands for.
dump "$primary" --all-databases --single-transaction --quick --gtid --master-data=1 --routines --events \
    --flush-privileges >"$seed"
tail -n 1 "$seed" | grep -q '^-- Dump completed' || die "the copy is not complete"
{ echo 'SET SESSION sql_log_bin = 0;' && cat "$seed"; } | mariadb --defaults-file="$replica"

sql "$replica" "CHANGE MASTER TO MASTER_HOST='$host', MASTER_PORT=$port, MASTER_USER='picup_replication',
    MASTER_PASSWORD='$REPLICATION_PASSWORD', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1;
    START REPLICA"
wait_for "replication of $host:$port" running "$replica" ''
say "replicating $host:$port"
