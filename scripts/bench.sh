# ./dev bench [NAME]: each bench prints ours, the comparator's and the ratio, measured in one run.

BENCHES="renditions upload paging load faults frame"

run_benches() {
    local name
    for name in "$@"; do
        [ -f "bench/$name/run.sh" ] || die "no bench called $name; there are: $BENCHES"
    done
    # shellcheck disable=SC2086
    install_packages $BUILD_PACKAGES $RUN_PACKAGES $DAEMON_PACKAGES
    install_rust
    install_node
    for name in ${*:-$BENCHES}; do
        if [ "$name" = frame ]; then build_window; else build_server; fi
        bash "bench/$name/run.sh"
    done
}

build_server() {
    say "building picup-server and its benches, optimised"
    # With our own benches, whose needs are the binary's features too: nothing is compiled twice.
    cargo bench --locked --quiet --package=picup-server --bench '*' --no-run
}

build_window() {
    # shellcheck disable=SC2086
    install_packages $WINDOW_PACKAGES $TEST_PACKAGES
    build_optimised
}
