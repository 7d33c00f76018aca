#!/usr/bin/env bash
# The frame on a panel nobody sees, beside an ordinary slideshow in the same web engine. Builds nothing of ours:
# ./dev bench has built picup-kiosk and picup-server.
#
# PICUP_BENCH_SLIDES (10000) and PICUP_BENCH_PHOTOS (2000) make it shorter; PICUP_BENCH_PARTS names some of
# memory, cpu, bitmaps, start and browser.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
root=$(cd ../.. && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
# The photos are made with what the renditions bench is made with.
[ -d ../renditions/node_modules/sharp ] || (cd ../renditions && npm ci --silent --no-audit --no-fund)
export PICUP_KIOSK_BIN=${PICUP_KIOSK_BIN:-$target/frame/picup-kiosk}
export PICUP_SERVER_BIN=${PICUP_SERVER_BIN:-$target/release/picup-server}
exec node bench.mjs --fixtures "$root/crates/testkit/fixtures"
