#!/usr/bin/env bash
# Users who browse and upload, against real server processes with their databases. --users, --seconds, --think-ms,
# --families, --photos-per-family and --variants choose.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec cargo bench --locked --quiet --package picup-server --bench load -- "$@"
