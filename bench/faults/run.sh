#!/usr/bin/env bash
# The fault table: a row for each fault of a whole cluster. FAULT_SECONDS=8, FAULTS="s3-down redis-down …" for some rows.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
target=${CARGO_TARGET_DIR:-$root/target}
cargo build --locked --quiet --workspace --example faults --manifest-path "$root/Cargo.toml"
# shellcheck disable=SC2086
PICUP_SERVER_BIN=$target/release/picup-server exec "$target/debug/examples/faults" ${FAULTS:-}
