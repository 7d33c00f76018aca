#!/usr/bin/env bash
# upstream.sh FILE out|in|add|remove UPSTREAM ADDRESS: changes which processes nginx asks, and reloads it.
#
# out     no new request goes there, and what is under way is waited for. Then the process may be stopped.
# in      it is asked again. Call it when the process says it is ready (/readyz).
# add     a further process; remove: for good, as out.
#
# NGINX is the command with its options (default: nginx). An unusable configuration changes nothing.
# PATIENCE is how many seconds are waited for what is under way (default: 10): streams of events stay open for longer.
set -euo pipefail

usage() {
    sed -n '2,10s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

[ $# = 4 ] || usage
file=$1 act=$2 upstream=$3 address=$4
nginx=${NGINX:-nginx} patience=${PATIENCE:-10}

# The processes of nginx that answer. After a reload new ones do, and these end with their last request: until then
# they may still ask whom they knew before.
answering() {
    local pid_file
    # shellcheck disable=SC2086
    pid_file=$($nginx -T 2>/dev/null | sed -nE 's/^\s*pid\s+([^;]+);.*/\1/p' | tail -n 1)
    local master
    master=$(cat "${pid_file:-/run/nginx.pid}")
    cat "/proc/$master/task/$master/children"
}

wait_for_end_of() {
    local tenths=$((patience * 10)) process
    for process in "$@"; do
        while [ -d "/proc/$process" ] && [ $((tenths -= 1)) -ge 0 ]; do sleep 0.1; done
    done
}

# Asked before anything is changed.
leaving=
case $act in out | remove) leaving=$(answering) ;; esac

before=$(mktemp)
cp "$file" "$before"
trap 'rm -f "$before"' EXIT

case $act in
out) edit='s/^(\s*server '"$address"')( down)?\b(.*);/\1 down\3;/' ;;
in) edit='s/^(\s*server '"$address"') down\b/\1/' ;;
add) edit='s/^(\s*)least_conn;/&\n\1server '"$address"' max_fails=1 fail_timeout=1s;/' ;;
remove) edit='/^\s*server '"$address"'\b/d' ;;
*) usage ;;
esac

if [ "$act" != add ] && ! grep -qE "^\s*server $address\b" "$file"; then
    echo "upstream.sh: $address is not in $file" >&2
    exit 1
fi
sed -i -E "/^upstream $upstream \{/,/^\}/ { $edit }" "$file"
# shellcheck disable=SC2086
if ! $nginx -t -q; then
    cp "$before" "$file"
    echo "upstream.sh: nginx refuses the change; nothing was changed" >&2
    exit 1
fi
# shellcheck disable=SC2086
$nginx -s reload
# shellcheck disable=SC2086
wait_for_end_of $leaving
