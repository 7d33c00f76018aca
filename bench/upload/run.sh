#!/usr/bin/env bash
# Uploads beside sha256sum and two cp. Builds nothing of ours: ./dev bench has built picup-server.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$(cd ../.. && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
# The photos are made with what the renditions bench is made with.
[ -d ../renditions/node_modules/sharp ] || (cd ../renditions && npm ci --silent --no-audit --no-fund)
exec node bench.mjs --program "$target/release/picup-server" --fixtures "$root/crates/testkit/fixtures" "$@"
