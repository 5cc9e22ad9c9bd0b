#!/usr/bin/env bash
# Pictures of the full-screen view in real terminals, to be looked at: every state, five sizes, dark and light.
# Usage: tests/screens.sh [DIRECTORY=target/screens] [TERMINAL…=xterm]
# Terminals: xterm, terminus (xterm with that font), urxvt, kitty, konsole, sakura, gnome-terminal, qterminal, alacritty,
# st, mlterm, zutty; `all` for those that are installed. Needs Xvfb, xdotool and ImageMagick.
# SIZES, STATES, THEMES and FONT_SIZE choose less or more. THEMES=sixteen has 16 colors (xterm). Every picture in which a barcode should be seen is decoded.
set -euo pipefail
cd "$(dirname "$0")/.."

directory=${1:-target/screens}
shift || true
terminals=("${@:-xterm}")
if [ "${terminals[*]}" = all ]; then
    terminals=()
    for terminal in xterm terminus urxvt kitty konsole sakura gnome-terminal qterminal alacritty st mlterm zutty; do
        command -v "${terminal/terminus/xterm}" >/dev/null && terminals+=("$terminal")
    done
fi
read -ra sizes <<<"${SIZES:-60x20 80x24 100x30 120x40 160x50}"
read -ra states <<<"${STATES:-live stale expired refused}"
getcard=$PWD/${GETCARD:-target/debug/getcard}
decode=$PWD/tests/scan/decode.py
mkdir -p "$directory"
directory=$(realpath "$directory")

home=$(mktemp -d)
pids=()
finish() {
    for pid in "${pids[@]}"; do kill -- "-$pid" "$pid" 2>/dev/null || true; done
    rm -rf "$home"
}
trap finish EXIT

Xvfb -displayfd 3 -screen 0 1700x1100x24 -nolisten tcp 3>"$home/display" 2>/dev/null &
pids+=($!)
for _ in $(seq 100); do [ -s "$home/display" ] && break; sleep 0.1; done
DISPLAY=:$(cat "$home/display")
export DISPLAY

export HOME=$home GETCARD_STORE=file GETCARD_PASSPHRASE_FILE=$home/passphrase LANG=C.UTF-8 LIBGL_ALWAYS_SOFTWARE=1
(umask 077 && echo "screens of the tests" >"$home/passphrase")
unset TMUX STY SSH_CONNECTION SSH_CLIENT SSH_TTY COLORTERM
export XDG_RUNTIME_DIR=$home/run QT_QPA_PLATFORM=xcb
mkdir -m 700 "$XDG_RUNTIME_DIR"
# Some terminals set HOME for what they run.
export XDG_CONFIG_HOME=$home/.local/config XDG_DATA_HOME=$home/.local/share XDG_STATE_HOME=$home/.local/state XDG_CACHE_HOME=$home/.local/cache

# A simulated service of its own for each picture: the states change it.
serve() {
    "$getcard" sandbox --port 0 >"$home/sandbox" 2>/dev/null &
    service=$!
    pids+=("$service")
    for _ in $(seq 100); do [ -s "$home/sandbox" ] && break; sleep 0.1; done
    GETCARD_API_URL=$(jq -r .base_url "$home/sandbox")
    export GETCARD_API_URL
    jq -r .validated_url "$home/sandbox" | "$getcard" link - >/dev/null 2>&1
    # The header has the school's name from this list.
    "$getcard" schools >/dev/null
}

# open TERMINAL COLUMNSxLINES THEME
open() {
    local background='#16181d' foreground='#d4d4d4' term=xterm-256color
    [ "$3" != light ] || { background='#fafafa' foreground='#383a42'; }
    [ "$3" != sixteen ] || term=ansi
    local columns=${2%x*} lines=${2#*x}
    local font='DejaVu Sans Mono' size=${FONT_SIZE:-8} view=("$getcard" barcode)
    case $1 in
        xterm) setsid xterm -tn "$term" -geometry "$2+0+0" -fa "$font" -fs "$size" -b 4 -bg "$background" -fg "$foreground" -e "${view[@]}" & ;;
        terminus) setsid xterm -geometry "$2+0+0" -fn '-*-terminus-medium-r-normal--16-*-*-*-*-*-iso10646-1' -b 4 -bg "$background" -fg "$foreground" -e "${view[@]}" & ;;
        konsole) setsid konsole --hide-menubar --hide-tabbar --geometry "$((columns * 9))x$((lines * 18))+0+0" -e "${view[@]}" >/dev/null 2>&1 & ;;
        sakura) setsid sakura -c "$columns" -r "$lines" -f "$font $size" -e "${view[@]}" >/dev/null 2>&1 & ;;
        gnome-terminal) setsid dbus-run-session -- gnome-terminal --wait --hide-menubar --geometry "$2+0+0" -- "${view[@]}" >/dev/null 2>&1 & ;;
        qterminal) setsid qterminal --geometry "$((columns * 9))x$((lines * 18))+0+0" -e "${view[*]}" >/dev/null 2>&1 & ;;
        alacritty) setsid alacritty -o "window.dimensions.columns=$columns" -o "window.dimensions.lines=$lines" -o "font.size=$size" -e "${view[@]}" >/dev/null 2>&1 & ;;
        st) setsid st -f "$font:size=$size" -g "$2+0+0" -e "${view[@]}" >/dev/null 2>&1 & ;;
        mlterm) setsid mlterm -g "$2+0+0" -w "$((size * 2))" -e "${view[@]}" >/dev/null 2>&1 & ;;
        zutty) setsid zutty -geometry "$2" -fontsize "$((size * 2))" -e "${view[@]}" >/dev/null 2>&1 & ;;
        urxvt) setsid urxvt -geometry "$2+0+0" -fn "xft:$font:size=$size" -b 4 -bg "$background" -fg "$foreground" +sb -e "${view[@]}" & ;;
        kitty) setsid kitty -c NONE -o font_size="$size" -o remember_window_size=no -o initial_window_width="${columns}c" -o initial_window_height="${lines}c" \
            -o background="$background" -o foreground="$foreground" -o confirm_os_window_close=0 "${view[@]}" >/dev/null 2>&1 & ;;
        *) echo "unknown terminal: $1" >&2; exit 2 ;;
    esac
    window=$!
    pids+=("$window")
}

press() { xdotool mousemove 20 20 key --clearmodifiers "$1"; }

# Brings the view into a state.
enter() {
    # The first code; zutty's font, for one, may never show one that can be read.
    for _ in $(seq 20); do
        import -window root png:- | python3 "$decode" >/dev/null 2>&1 && break
        sleep 0.5
    done
    case $1 in
        live) sleep 2 ;;
        charged)
            "$getcard" probe sandbox charge --no-session --params '{"amount":4.5}' >/dev/null
            sleep 12 ;;
        stale) kill "$service"; press r; sleep 2 ;;
        expired) kill "$service"; sleep 63 ;;
        refused)
            "$getcard" probe sandbox revokeDevices --no-session >/dev/null
            press r; sleep 3 ;;
        help) press question; sleep 1 ;;
    esac
}

failed=0
for terminal in "${terminals[@]}"; do
    for theme in ${THEMES:-dark light}; do
        for size in "${sizes[@]}"; do
            for state in "${states[@]}"; do
                serve
                open "$terminal" "$size" "$theme"
                enter "$state"
                picture=$directory/$terminal-$theme-$size-$state.png
                import -window root -trim +repage "$picture"
                # A terminal may have more processes than one.
                kill -- "-$window" 2>/dev/null || true
                kill "$service" 2>/dev/null || true
                wait "$window" "$service" 2>/dev/null || true
                rm -rf "$home/.local" "$home/sandbox"
                seen=-
                if [ "$state" = live ] || [ "$state" = stale ]; then
                    seen=$(python3 "$decode" <"$picture" 2>/dev/null || true)
                    [ -n "$seen" ] || { seen="no barcode"; failed=1; }
                fi
                printf '%s: %s\n' "${picture##*/}" "$seen"
            done
        done
    done
done
exit $failed
