#!/usr/bin/env bash
# Renditions beside sharp's. Builds nothing of ours: ./dev bench has built picup-server.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$(cd ../.. && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
[ -d node_modules/sharp ] || npm ci --silent --no-audit --no-fund
exec node bench.mjs --program "$target/release/picup-server" --fixtures "$root/crates/testkit/fixtures" "$@"
