#!/usr/bin/env bash
# upstream.sh FILE out|in|add|remove UPSTREAM ADDRESS: changes which processes nginx asks, and reloads it.
#
# out     no new request goes there; what is under way ends. Then the process may be stopped.
# in      it is asked again. Call it when the process says it is ready (/readyz).
# add     a further process; remove: for good.
#
# NGINX is the command with its options (default: nginx). An unusable configuration changes nothing.
set -euo pipefail

usage() {
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
}

[ $# = 4 ] || usage
file=$1 act=$2 upstream=$3 address=$4
nginx=${NGINX:-nginx}

before=$(mktemp)
cp "$file" "$before"
trap 'rm -f "$before"' EXIT

case $act in
out) edit='s/^(\s*server '"$address"')( down)?\b(.*);/\1 down\3;/' ;;
in) edit='s/^(\s*server '"$address"') down\b/\1/' ;;
add) edit='s/^(\s*)least_conn;/&\n\1server '"$address"' max_fails=1 fail_timeout=2s;/' ;;
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
