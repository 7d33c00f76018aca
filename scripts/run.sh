# ./dev run: a home on this machine. Stopped by Ctrl-C; started again, everything is still there.

PIDS=()

run() {
    local inbox=$HOME/Pictures/Picup data=$HOME/.local/share/picup window=yes
    while [ $# -gt 0 ]; do
        case $1 in
            --inbox) inbox=${2:?--inbox needs a directory} && shift ;;
            --data-dir) data=${2:?--data-dir needs a directory} && shift ;;
            --headless) window=no ;;
            *) die "run: unknown option $1 (see ./dev help)" ;;
        esac
        shift
    done
    [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || window=no
    prepare "$window"
    mkdir -p "$inbox" "$data"
    inbox=$(readlink -f "$inbox") data=$(readlink -f "$data")
    trap stop EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    start_server "$data"
    make_home "$data"
    start_frame "$data" "$inbox" "$window"
    pair_frame "$data"
    tell "$inbox" "$window"
    # Either one ending ends both: a half-running home helps nobody.
    wait -n "${PIDS[@]}" || true
}

prepare() {
    local window=$1 packages=(picup-server picup-frame)
    # shellcheck disable=SC2086
    install_packages $BUILD_PACKAGES $RUN_PACKAGES
    # shellcheck disable=SC2086
    [ "$window" = no ] || install_packages $WINDOW_PACKAGES
    install_rust
    install_node
    build_pages
    [ "$window" = no ] || packages+=(picup-kiosk)
    say "building ${packages[*]}"
    cargo build --locked --quiet "${packages[@]/#/--package=}"
}

LISTEN=${PICUP_LISTEN:-127.0.0.1:8520}
ADMIN_LISTEN=${PICUP_ADMIN_LISTEN:-127.0.0.1:8521}
BRIDGE=${PICUP_BRIDGE:-127.0.0.1:8530}
PUBLIC_URL=${PICUP_PUBLIC_URL:-http://localhost:${LISTEN##*:}}

server() {
    local data=$1
    shift
    PICUP__LOG__FORMAT=text "$BIN/picup-server" "$@" --data-dir "$data/server" --public-url "$PUBLIC_URL"
}

start_server() {
    local data=$1
    say "starting the server (log: $data/server.log)"
    PICUP__LOG__FORMAT=text PICUP__STORAGE__BACKUP__PATH=$data/backup \
        "$BIN/picup-server" serve --data-dir "$data/server" --public-url "$PUBLIC_URL" --listen "$LISTEN" \
        --admin-listen "$ADMIN_LISTEN" --web-dir "$PWD/ui/dist" >/dev/null 2>>"$data/server.log" &
    PIDS+=($!)
    wait_for "http://$LISTEN/readyz" "$data/server.log"
}

wait_for() {
    local url=$1 log=$2
    for _ in $(seq 150); do
        curl --silent --fail --output /dev/null "$url" && return
        for pid in "${PIDS[@]}"; do
            kill -0 "$pid" 2>/dev/null || { tail -n 5 "$log" >&2 && die "it ended at once; see $log"; }
        done
        sleep 0.2
    done
    die "no answer from $url; see $log"
}

# The first start makes a family and prints its owner's sign-in once.
make_home() {
    local data=$1 answer
    [ -f "$data/home.made" ] && return
    answer=$(server "$data" admin family create-home --email home@picup.local --display-name Home \
        --family-name Home --locale ko)
    printf '\nThe album manager: %s\n  e-mail    %s\n  password  %s\n(shown this once)\n\n' "$PUBLIC_URL" \
        "$(jq -r .email <<<"$answer")" "$(jq -r .password <<<"$answer")"
    touch "$data/home.made"
}

start_frame() {
    local data=$1 inbox=$2 window=$3
    local flags=(--data-dir "$data/frame" --server "http://$LISTEN" --inbox "$inbox" --bridge "$BRIDGE"
        --web-dir "$PWD/ui/dist")
    say "starting the frame (log: $data/frame.log)"
    if [ "$window" = yes ]; then
        "$BIN/picup-kiosk" "${flags[@]}" >/dev/null 2>>"$data/frame.log" &
    else
        "$BIN/picup-frame" run "${flags[@]}" >/dev/null 2>>"$data/frame.log" &
    fi
    PIDS+=($!)
    wait_for "http://$BRIDGE/" "$data/frame.log"
}

# Approves this machine's own frame, as a child would by typing the code it shows.
pair_frame() {
    local data=$1 status code
    for _ in $(seq 100); do
        status=$(curl --silent --fail -X POST -H 'content-type: application/json' -d '{}' "http://$BRIDGE/api/status") || status='{}'
        case $(jq -r '.state // ""' <<<"$status") in
            empty | showing) return ;;
        esac
        code=$(jq -r '.pairing.user_code // ""' <<<"$status")
        if [ -n "$code" ]; then
            server "$data" admin frame approve --user-code "$code" --name "$(hostname)" >/dev/null && return
        fi
        sleep 0.2
    done
    die "the frame asked for no pairing code; see $data/frame.log"
}

tell() {
    local inbox=$1 window=$2
    if [ "$window" = yes ]; then echo "The screen:        the window"; else echo "The screen:        http://$BRIDGE"; fi
    echo "The album manager: $PUBLIC_URL"
    echo "The inbox:         $inbox"
    echo "Ctrl-C stops."
}

# Ends what this script started, and waits until both have put everything down.
stop() {
    trap - EXIT
    local pid
    for pid in "${PIDS[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
    for pid in "${PIDS[@]}"; do wait "$pid" 2>/dev/null || true; done
}
