# ./dev test and ./dev check.
#
# Each suite writes its own output; its last counts are read from the runner's summary line and added up. A suite
# that prints no summary counts as failed: a test that did not run has not passed.

PASSED=0 FAILED=0 SKIPPED=0
SUMMARIES=()

# What a home's tests ask over HTTP: the library, every route for everybody, uploads, pictures, the client, a frame.
CLUSTER_TESTS='package(picup-server) & (binary(library) | binary(idor) - test(fuzz))
    | package(picup-server) & binary(bytes) & (test(tus_rules::) | test(media::))
    | package(picup-client) & binary(uploads)
    | package(picup-frame) & binary(frame) & test(remote::)'

run_tests() {
    # shellcheck disable=SC2086
    install_packages $BUILD_PACKAGES $RUN_PACKAGES $WINDOW_PACKAGES $TEST_PACKAGES
    install_rust
    install_node
    install_nextest
    build_pages
    lint
    say "building every part"
    # All targets, so that programs and tests share their dependencies' features and nothing is compiled twice.
    cargo build --locked --quiet --workspace --all-targets
    suite "rust" nextest_counts cargo nextest run --locked --workspace --no-fail-fast --status-level fail \
        --final-status-level fail
    # The same tests of accounts and library, on real servers in the place of files.
    PICUP_TEST_DATABASES=mariadb suite "mariadb" nextest_counts cargo nextest run --locked --workspace --no-fail-fast \
        --status-level fail --final-status-level fail -E 'package(picup-server) & (binary(accounts) | binary(library))'
    # The same once more on a whole cluster: two processes of each role behind nginx, on MariaDB, RabbitMQ, Redis and S3.
    PICUP_TEST_HOME=cluster suite "cluster" nextest_counts cargo nextest run --locked --workspace --no-fail-fast \
        --status-level fail --final-status-level fail -E "$CLUSTER_TESTS"
    suite "doc" cargo_counts cargo test --locked --quiet --doc --package picup-auth
    suite "bindings" cargo_counts cargo test --locked --quiet --package picup-api --features ts --test bindings
    suite "pages" vitest_counts npm run --prefix ui --silent test:unit
    suite "tus" node_counts npm run --prefix ui --silent test:tus
    suite "manager" playwright_counts npm run --prefix ui --silent test:manager
    suite "frame" playwright_counts npm run --prefix ui --silent test:frame
    suite "kiosk" node_counts npm run --prefix ui --silent test:kiosk
    summarise
}

run_checks() {
    # shellcheck disable=SC2086
    install_packages $BUILD_PACKAGES
    install_rust
    install_node
    install_nextest
    install_node_modules ui
    lint
    suite "rust units" nextest_counts cargo nextest run --locked --lib --bins --test tidy --no-fail-fast \
        --status-level fail --final-status-level fail
    suite "pages" vitest_counts npm run --prefix ui --silent test:unit
    summarise
}

# Formats, lints and types. Any finding ends the run.
lint() {
    say "format, lints, types"
    cargo fmt --all --check
    local scope=()
    # The window's lints need WebKitGTK's headers; the quick subset does without.
    if pkg-config --exists webkit2gtk-4.1 && [ -f ui/dist/frame.html ]; then scope=(--workspace); fi
    cargo clippy --locked --quiet "${scope[@]}" --all-targets -- -D warnings
    npm run --prefix ui --silent check >&2
}

# suite NAME COUNTS COMMAND...: runs the command, shows its output, and counts its tests.
suite() {
    local name=$1 counts=$2 log status=0 began=$SECONDS
    shift 2
    say "$name"
    log=$(mktemp)
    "$@" 2>&1 | tee "$log" || status=$?
    local passed=0 failed=0 skipped=0
    # Terminal colours would hide the figures.
    sed -i 's/\x1b\[[0-9;]*m//g' "$log"
    read -r passed failed skipped < <("$counts" "$log") || true
    rm -f "$log"
    if [ "${passed:-0}" = 0 ] && [ "${failed:-0}" = 0 ] || { [ "$status" != 0 ] && [ "${failed:-0}" = 0 ]; }; then
        failed=1
    fi
    PASSED=$((PASSED + passed)) FAILED=$((FAILED + failed)) SKIPPED=$((SKIPPED + skipped))
    SUMMARIES+=("$(printf '%-8s %5d passed %3d failed %3d skipped %5d s' "$name" "$passed" "$failed" "$skipped" "$((SECONDS - began))")")
}

# Each prints "passed failed skipped" from a runner's own summary.
first_number() { grep -oE "[0-9]+ $2" <<<"$1" | tail -n 1 | grep -oE '[0-9]+' || echo 0; }

nextest_counts() {
    local line
    line=$(grep -E 'Summary \[' "$1" | tail -n 1)
    echo "$(first_number "$line" passed) $(($(first_number "$line" failed) + $(first_number "$line" 'timed out'))) $(first_number "$line" skipped)"
}

cargo_counts() {
    awk '/^test result:/ { p += $4; f += $6; s += $8 } END { print p + 0, f + 0, s + 0 }' "$1"
}

vitest_counts() {
    local line
    line=$(grep -E '^ *Tests ' "$1" | tail -n 1)
    echo "$(first_number "$line" passed) $(first_number "$line" failed) $(first_number "$line" skipped)"
}

node_counts() {
    local pass fail skip
    pass=$(grep -E '^(#|ℹ) pass ' "$1" | awk '{ n += $3 } END { print n + 0 }')
    fail=$(grep -E '^(#|ℹ) fail ' "$1" | awk '{ n += $3 } END { print n + 0 }')
    skip=$(grep -E '^(#|ℹ) skipped ' "$1" | awk '{ n += $3 } END { print n + 0 }')
    echo "$pass $fail $skip"
}

playwright_counts() {
    local text
    text=$(tail -n 12 "$1")
    echo "$(first_number "$text" passed) $(first_number "$text" failed) $(first_number "$text" skipped)"
}

summarise() {
    say "all suites"
    printf '%s\n' "${SUMMARIES[@]}"
    printf '%d passed, %d failed, %d skipped\n' "$PASSED" "$FAILED" "$SKIPPED"
    [ "$FAILED" = 0 ]
}
