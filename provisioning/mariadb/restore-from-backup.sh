#!/usr/bin/env bash
# restore-from-backup.sh BACKUP.cnf CONNECTION DATABASE NEW.cnf
#
# Fills a new, empty primary with one database from the central backup server, when its own primary and replicas are
# gone. Stops that one connection on the backup server first, so that what is copied stands still; the other goes on.
# A database that is there already is never overwritten.
. "$(dirname "$(readlink -f "$0")")/common.sh"
[ $# = 4 ] || die "usage: restore-from-backup.sh BACKUP.cnf CONNECTION DATABASE NEW.cnf"
backup=$1 connection=$2 database=$3 new=$4
name "$connection"
name "$database"

[ -n "$(sql "$backup" "SHOW DATABASES LIKE '$database'")" ] || die "the backup server has no $database"
[ -z "$(sql "$new" "SHOW DATABASES LIKE '$database'")" ] || die "the new server has a $database already"
[ "$(sql "$new" 'SELECT @@read_only')" = 0 ] || die "the new server is read-only: is replica.cnf in place?"

applied_received() {
    [ "$(status "$backup" "$connection" Slave_SQL_Running_State)" = 'Slave has read all relay log; waiting for more updates' ]
}
if [ -n "$(status "$backup" "$connection" Master_Host)" ]; then
    sql "$backup" "STOP REPLICA '$connection' IO_THREAD"
    wait_for "the backup server has applied everything it received" applied_received
    sql "$backup" "STOP REPLICA '$connection'"
fi

domain=$(sql "$new" 'SELECT @@gtid_domain_id')
position=$(sql "$backup" 'SELECT @@gtid_slave_pos' | tr ',' '\n' | grep "^$domain-" || true)
seed=$(mktemp)
trap 'rm -f "$seed"' EXIT
dump "$backup" --databases "$database" --single-transaction --quick --routines --events >"$seed"
tail -n 1 "$seed" | grep -q '^-- Dump completed' || die "the copy is not complete"
# The new server's history begins after the old one's: replicas and the backup server can follow it.
{ echo 'SET SESSION sql_log_bin = 0;' && cat "$seed"; } | mariadb --defaults-file="$new"
[ -z "$position" ] || sql "$new" "RESET MASTER; SET GLOBAL gtid_binlog_state='$position'; SET GLOBAL gtid_slave_pos=''"
say "$database is restored as of ${position:-an empty history}; next: setup-primary.sh, then setup-replica.sh and repoint-replica.sh"
