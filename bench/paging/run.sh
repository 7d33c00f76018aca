#!/usr/bin/env bash
# Pages at depth beside OFFSET, on a MariaDB of its own and an embedded file, both swept away afterwards.
# --photos, --embedded-photos, --runs, --buffer-pool make it smaller; it needs 9 GB where temporary files go.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec cargo bench --locked --quiet --package picup-server --bench paging -- "$@"
