# ./dev screens: pictures of every screen of the frame, to be looked at.
#
# They are what the tests of the screen keep on their way, so that no picture is of anything but what is tested.

take_screens() {
    local directory=${1:-$CACHE/screens}
    install_packages chromium fonts-noto-cjk
    install_node
    build_pages
    mkdir -p "$directory"
    rm -rf ui/test-results/frame-pictures
    say "taking the pictures"
    (cd ui && npx playwright test --config playwright.frame.config.ts screens gallery layouts family night) >&2
    cp -r ui/test-results/frame-pictures/. "$directory"
    say "$(find "$directory" -name '*.png' | wc -l) pictures in $directory"
}
