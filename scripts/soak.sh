# ./dev soak: a week in the life of a frame, in some minutes, judged by what is on its panel.

soak() {
    # shellcheck disable=SC2086
    install_packages $BUILD_PACKAGES $RUN_PACKAGES $WINDOW_PACKAGES $TEST_PACKAGES
    install_rust
    install_node
    build_optimised
    local programs=("PICUP_SERVER_BIN=$CARGO_TARGET_DIR/release/picup-server" "PICUP_KIOSK_BIN=$CARGO_TARGET_DIR/frame/picup-kiosk")
    # The frame's disk is a file system of its own, which root alone may mount.
    as_root env "PATH=$PATH" "${programs[@]}" node ui/tests/kiosk/soak.mjs "$@"
}
