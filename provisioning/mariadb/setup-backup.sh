#!/usr/bin/env bash
# setup-backup.sh BACKUP.cnf CONNECTION PRIMARY.cnf DATABASE HOST PORT
#
# Adds one source to the central backup server: run it once for accounts and once for library. CONNECTION is the
# source's name on the backup server. A source that runs already is left alone; the other is not disturbed.
#
# The password comes from the environment: REPLICATION_PASSWORD.
. "$(dirname "$(readlink -f "$0")")/common.sh"
[ $# = 6 ] || die "usage: setup-backup.sh BACKUP.cnf CONNECTION PRIMARY.cnf DATABASE HOST PORT"
backup=$1 connection=$2 primary=$3 database=$4 host=$5 port=$6
: "${REPLICATION_PASSWORD:?}"
text "$REPLICATION_PASSWORD"
text "$host"
name "$connection"
name "$database"
[[ $port =~ ^[0-9]+$ ]] || die "not a port: $port"

[ "$(sql "$backup" 'SELECT @@read_only')" = 1 ] || die "the backup server is not read-only: is backup.cnf in place?"
if running "$backup" "$connection"; then
    say "$connection is replicated already"
    exit
fi

seed=$(mktemp)
trap 'rm -f "$seed"' EXIT
say "copying $database; its primary goes on taking writes meanwhile"
# The position is written as a comment (2): it is merged below with that of the other source.
dump "$primary" --databases "$database" --single-transaction --quick --gtid --master-data=2 --routines --events >"$seed"
tail -n 1 "$seed" | grep -q '^-- Dump completed' || die "the copy is not complete"
position=$(sed -n "s/.*SET GLOBAL gtid_slave_pos='\([0-9,-]*\)'.*/\1/p" "$seed" | head -n 1)
[ -n "$position" ] || die "the copy names no GTID position: has the primary written anything yet?"
{ echo 'SET SESSION sql_log_bin = 0;' && cat "$seed"; } | mariadb --defaults-file="$backup"

# Every domain of the new source replaces its own entry; the other source's entries stay.
merged=$(sql "$backup" 'SELECT @@gtid_slave_pos' | tr ',' '\n' | grep -v '^$' || true)
for gtid in ${position//,/ }; do
    merged=$(printf '%s\n' "$merged" | grep -v "^${gtid%%-*}-" || true)
    merged=$(printf '%s\n%s\n' "$merged" "$gtid")
done
merged=$(printf '%s\n' "$merged" | grep -v '^$' | paste -sd, -)
sql "$backup" "STOP ALL REPLICAS"
sql "$backup" "SET GLOBAL gtid_slave_pos='$merged';
    CHANGE MASTER '$connection' TO MASTER_HOST='$host', MASTER_PORT=$port, MASTER_USER='picup_replication',
    MASTER_PASSWORD='$REPLICATION_PASSWORD', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1"
# Accounts of the primary are not the backup server's: only the source's own database is replicated.
sql "$backup" "SET GLOBAL $connection.replicate_do_db='$database'"
sql "$backup" "START ALL REPLICAS"
wait_for "replication of $connection" running "$backup" "$connection"
say "$connection is replicated from $host:$port"
