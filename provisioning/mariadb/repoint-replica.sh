#!/usr/bin/env bash
# repoint-replica.sh REPLICA.cnf CONNECTION HOST PORT
#
# Lets a replica, or one connection of the backup server, follow another primary of the same data from where it
# stands. CONNECTION is '' on a replica.
#
# The password comes from the environment: REPLICATION_PASSWORD.
. "$(dirname "$(readlink -f "$0")")/common.sh"
[ $# = 4 ] || die "usage: repoint-replica.sh REPLICA.cnf CONNECTION HOST PORT"
replica=$1 connection=$2 host=$3 port=$4
: "${REPLICATION_PASSWORD:?}"
text "$REPLICATION_PASSWORD"
text "$host"
[ -z "$connection" ] || name "$connection"
[[ $port =~ ^[0-9]+$ ]] || die "not a port: $port"

sql "$replica" "STOP REPLICA '$connection';
    CHANGE MASTER '$connection' TO MASTER_HOST='$host', MASTER_PORT=$port, MASTER_USER='picup_replication',
    MASTER_PASSWORD='$REPLICATION_PASSWORD', MASTER_USE_GTID=slave_pos, MASTER_CONNECT_RETRY=1;
    START REPLICA '$connection'"
wait_for "replication of $host:$port" running "$replica" "$connection"
say "replicating $host:$port"
