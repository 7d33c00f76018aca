#!/usr/bin/env bash
# promote-replica.sh REPLICA.cnf OLD-PRIMARY.cnf [OTHER-REPLICA.cnf ...]
#
# Makes a replica the primary. Refuses while the old primary could still take a write: two primaries lose photos, a
# minute without one does not. A promoted replica is left alone.
#
# A commit was answered when one replica had it, which need not be this one: name all the others, and the one that
# received most is asked for.
#
# An old primary that cannot be reached is not proof that it is gone. Switch it off or cut its network, then say so:
#   OLD_PRIMARY_IS_FENCED=yes promote-replica.sh ...
# One that still answers is made read-only here, which also ends its open transactions.
. "$(dirname "$(readlink -f "$0")")/common.sh"
[ $# -ge 2 ] || die "usage: promote-replica.sh REPLICA.cnf OLD-PRIMARY.cnf [OTHER-REPLICA.cnf ...]"
replica=$1 old=$2
shift 2

if [ "$(sql "$replica" 'SELECT @@read_only')" = 0 ] && [ -z "$(status "$replica" '' Master_Host)" ]; then
    say "this server is a primary already"
    exit
fi
[ -n "$(status "$replica" '' Master_Host)" ] || die "this server has never been a replica"
[ "$(status "$replica" '' Slave_SQL_Running)" = Yes ] ||
    die "the replica does not apply what it received: $(status "$replica" '' Last_SQL_Error)"

# The highest number of the primary's domain that a server has received or applied.
received() {
    local domain
    domain=$(sql "$1" 'SELECT @@gtid_domain_id')
    { status "$1" '' Gtid_IO_Pos && sql "$1" 'SELECT @@gtid_current_pos'; } | tr -d ' ' | tr ',' '\n' |
        awk -F- -v domain="$domain" '$1 == domain && $3 > most { most = $3 } END { print most + 0 }'
}

applied_all() {
    [ "$(sql "$replica" 'SELECT @@gtid_slave_pos')" = "$(sql "$old" 'SELECT @@gtid_binlog_pos')" ]
}

if sql "$old" 'SELECT 1' >/dev/null 2>&1; then
    say "the old primary answers: it takes no more writes"
    sql "$old" 'SET GLOBAL read_only = 1'
    wait_for "the replica has everything the old primary wrote" applied_all
elif [ "${OLD_PRIMARY_IS_FENCED:-no}" != yes ]; then
    die "the old primary does not answer. Switch it off or cut its network, then run this with OLD_PRIMARY_IS_FENCED=yes"
fi

for other in "$@"; do
    [ "$(received "$other")" -le "$(received "$replica")" ] || die "$other received more than this replica: promote that one"
done

# What was received is in the relay log; nothing of it may be left behind.
sql "$replica" "STOP REPLICA IO_THREAD"
applied_received() {
    # The applier says so itself once the relay log is read to its end.
    [ "$(status "$replica" '' Slave_SQL_Running_State)" = 'Slave has read all relay log; waiting for more updates' ] &&
        [ "$(status "$replica" '' Gtid_IO_Pos)" = "$(sql "$replica" 'SELECT @@gtid_slave_pos')" ]
}
wait_for "the replica has applied everything it received" applied_received

sql "$replica" "STOP REPLICA; RESET REPLICA ALL;
    SET GLOBAL rpl_semi_sync_slave_enabled = 0;
    SET GLOBAL rpl_semi_sync_master_enabled = 1;
    SET GLOBAL rpl_semi_sync_master_wait_point = 'AFTER_SYNC';
    SET GLOBAL read_only = 0"
say "promoted at $(sql "$replica" 'SELECT @@gtid_binlog_pos')"
say "next: remove replica.cnf from this server, run repoint-replica.sh for the other replicas and the backup server"
