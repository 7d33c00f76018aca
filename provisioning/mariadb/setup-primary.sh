#!/usr/bin/env bash
# setup-primary.sh PRIMARY.cnf DATABASE
#
# Makes the database, the account of picup-server and the account of the replicas on a primary that runs with
# primary.cnf. Run again, it changes nothing but the passwords.
#
# Passwords come from the environment: PICUP_DB_PASSWORD, REPLICATION_PASSWORD.
. "$(dirname "$(readlink -f "$0")")/common.sh"
[ $# = 2 ] || die "usage: setup-primary.sh PRIMARY.cnf DATABASE"
primary=$1 database=$2
name "$database"
: "${PICUP_DB_PASSWORD:?}" "${REPLICATION_PASSWORD:?}"
text "$PICUP_DB_PASSWORD"
text "$REPLICATION_PASSWORD"

[ "$(sql "$primary" 'SELECT @@read_only')" = 0 ] || die "this server is read-only: a replica?"
[ "$(sql "$primary" 'SELECT @@log_bin')" = 1 ] || die "this server has no binary log: is primary.cnf in place?"

mariadb --defaults-file="$primary" <<SQL
CREATE DATABASE IF NOT EXISTS \`$database\` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER IF NOT EXISTS 'picup_$database'@'%' IDENTIFIED BY '$PICUP_DB_PASSWORD';
ALTER USER 'picup_$database'@'%' IDENTIFIED BY '$PICUP_DB_PASSWORD';
GRANT ALL ON \`$database\`.* TO 'picup_$database'@'%';
CREATE USER IF NOT EXISTS 'picup_replication'@'%' IDENTIFIED BY '$REPLICATION_PASSWORD';
ALTER USER 'picup_replication'@'%' IDENTIFIED BY '$REPLICATION_PASSWORD';
GRANT REPLICATION SLAVE, REPLICATION SLAVE ADMIN, SLAVE MONITOR ON *.* TO 'picup_replication'@'%';
SQL
say "$database is ready on $(sql "$primary" 'SELECT @@hostname'), GTID domain $(sql "$primary" 'SELECT @@gtid_domain_id')"
