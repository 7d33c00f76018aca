# ./dev screens and ./dev film: the screen of the frame, to be looked at.
#
# The pictures are what the tests of the screen keep on their way, so that no picture is of anything but what is tested.

take_screens() {
    local directory=${1:-$CACHE/screens}
    install_packages chromium fonts-noto-cjk
    install_node
    build_pages
    mkdir -p "$directory"
    rm -rf ui/test-results/frame-pictures
    say "taking the pictures"
    (cd ui && npx playwright test --config playwright.frame.config.ts screens gallery layouts family night places) >&2
    cp -r ui/test-results/frame-pictures/. "$directory"
    say "$(find "$directory" -name '*.png' | wc -l) pictures in $directory"
}

take_film() {
    local directory=${1:-$CACHE/film}
    # shellcheck disable=SC2086
    install_packages $BUILD_PACKAGES $RUN_PACKAGES $WINDOW_PACKAGES $TEST_PACKAGES
    install_rust
    install_node
    build_pages
    cargo build --locked --quiet --workspace --bins
    (cd ui && node tests/kiosk/film.mjs "$directory")
    say "the films are in $directory"
}
