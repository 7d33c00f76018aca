# ./dev bench [NAME]: each bench prints ours, the comparator's and the ratio, measured in one run.

BENCHES="renditions upload"

run_benches() {
    local name
    for name in "$@"; do
        [ -f "bench/$name/run.sh" ] || die "no bench called $name; there are: $BENCHES"
    done
    # shellcheck disable=SC2086
    install_packages $BUILD_PACKAGES $RUN_PACKAGES
    install_rust
    install_node
    say "building picup-server, optimised"
    cargo build --locked --quiet --release --package=picup-server
    for name in ${*:-$BENCHES}; do
        bash "bench/$name/run.sh"
    done
}
