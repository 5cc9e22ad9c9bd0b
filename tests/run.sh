#!/usr/bin/env bash
# Formatting, lints and every test, on a fresh Debian machine too: it installs what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."

need=()
command -v dbus-daemon >/dev/null || need+=(dbus-daemon)
command -v dbus-send >/dev/null || need+=(dbus-bin)
command -v gnome-keyring-daemon >/dev/null || need+=(gnome-keyring)
command -v cc >/dev/null || need+=(gcc libc6-dev)
command -v man >/dev/null || need+=(man-db)
command -v jq >/dev/null || need+=(jq)
command -v zsh >/dev/null || need+=(zsh)
command -v fish >/dev/null || need+=(fish)
command -v elvish >/dev/null || need+=(elvish)
command -v promtool >/dev/null || need+=(prometheus)
command -v hledger >/dev/null || need+=(hledger)
command -v python3 >/dev/null || need+=(python3)
[ -x /usr/bin/time ] || need+=(time)
# Real terminals, to read the view from screenshots.
command -v Xvfb >/dev/null || need+=(xvfb)
command -v xdotool >/dev/null || need+=(xdotool)
command -v xterm >/dev/null || need+=(xterm)
command -v urxvt >/dev/null || need+=(rxvt-unicode)
command -v kitty >/dev/null || need+=(kitty)
command -v konsole >/dev/null || need+=(konsole)
command -v sakura >/dev/null || need+=(sakura)
fonts=/usr/share/fonts
[ -e $fonts/truetype/dejavu/DejaVuSansMono.ttf ] || need+=(fonts-dejavu-core)
[ -e $fonts/X11/misc/9x15-ISO8859-1.pcf.gz ] || need+=(xfonts-base)
[ -e $fonts/X11/misc/ter-u16n_unicode.pcf.gz ] || need+=(xfonts-terminus)
python3 -c 'import ensurepip, venv' 2>/dev/null || need+=(python3-venv)
if [ ${#need[@]} -gt 0 ]; then
    sudo=$([ "$(id -u)" = 0 ] || echo sudo)
    $sudo apt-get update -qq
    DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${need[@]}"
fi

# The barcode decoders, bookkeeping and JSON Schema, in an environment of their own.
venv=target/scan-venv
if ! "$venv/bin/python3" -c 'import zxingcpp, pdf417decoder, PIL, numpy, beancount, jsonschema, fontTools' 2>/dev/null; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check -r tests/scan/requirements.txt
fi
export PATH="$PWD/$venv/bin:$PATH"

cargo fmt --check
cargo clippy --locked --all-targets -- -D warnings
# Most end-to-end tests wait more than they compute, but getcard's own limits of time need a machine that can keep up.
RUST_TEST_THREADS=$(($(nproc) + 1)) INSTA_UPDATE=no cargo test --locked

# Banned crates, licenses, sources; advisories where their database is there (`cargo deny fetch` gets it).
if command -v cargo-deny >/dev/null; then
    cargo deny --offline check bans licenses sources
    # A fetch that failed leaves the directory without a database.
    if compgen -G "${CARGO_HOME:-$HOME/.cargo}/advisory-dbs/*/" >/dev/null; then
        cargo deny --offline check advisories
    else
        echo "skipped: there is no advisory database (cargo deny fetch gets it)" >&2
    fi
else
    echo "skipped: cargo-deny is not installed, so licenses and advisories are not checked" >&2
fi

# The code for Windows and macOS: quick where its dependencies have been compiled.
if [ -d target/platforms/x86_64-pc-windows-gnu ] && [ -d target/platforms/aarch64-apple-darwin ]; then
    tests/platforms.sh check
else
    echo "skipped: tests/platforms.sh has not run here, so the code for Windows and macOS is not compiled" >&2
fi

# The fuzz targets are a workspace of their own, which nothing above compiles.
if command -v cargo-fuzz >/dev/null; then
    cargo check --quiet --locked --manifest-path fuzz/Cargo.toml --target-dir target/fuzz
else
    echo "skipped: cargo-fuzz is not installed, so the fuzz targets are not compiled" >&2
fi
