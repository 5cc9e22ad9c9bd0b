#!/usr/bin/env bash
# What can be known on one Debian machine about the other platforms: lints for Windows and macOS, the Windows program
# and its unit tests under Wine, a static program in an empty root directory, and the packages that a release makes.
#
#     tests/platforms.sh [windows|macos|static|packages]...     all of them when none is named
#     tests/platforms.sh check                                  whether it compiles for Windows and macOS, no more
#
# On a fresh Debian machine it installs what is missing, as root or with sudo. The compiler is Debian's rustc-web with the
# standard library's source, from which each target's own is built. Not seen here: a console that draws, macOS at run time.
set -euo pipefail
cd "$(dirname "$0")/.."

build=$PWD/target/platforms
venv=$build/venv
windows=x86_64-pc-windows-gnu
macos=aarch64-apple-darwin
static=x86_64-unknown-linux-musl
summary=()

main() {
    local parts=("$@")
    [ $# -gt 0 ] || parts=(windows macos static packages)
    mkdir -p "$build"
    trap 'report $?' EXIT
    step "install what is missing" install_tools
    set_environment
    for part in "${parts[@]}"; do
        case $part in
            windows)
                step "Windows: clippy" clippy_windows
                step "Windows: build" cargo_for "$windows" build
                step "Windows: Wine" prepare_wine
                step "Windows: unit tests" unit_tests_windows
                step "Windows: the program" run_program wine "$build/$windows/debug/getcard.exe"
                ;;
            check)
                step "Windows: check" cargo_for "$windows" check --lib --bins
                step "macOS: check" cargo_for_macos check --lib --bins
                ;;
            macos)
                step "macOS: clippy" clippy_macos
                ;;
            static)
                step "static: build" build_static
                step "static: the program in an empty root" run_program empty-root "$build/$static/debug/getcard"
                ;;
            packages)
                [ -x "$build/$static/debug/getcard" ] || step "static: build" build_static
                step "packages" packaging/check.sh "$build/$static/debug/getcard"
                ;;
            *)
                sed -n '2,/^set /{/^#/p}' "$0" >&2
                exit 2
                ;;
        esac
    done
}

# step NAME COMMAND…
step() {
    local name=$1 start=$SECONDS
    shift
    summary+=("FAILED  $name")
    printf '\n== %s\n' "$name"
    "$@"
    summary[-1]=$(printf 'ok      %s (%d s)' "$name" $((SECONDS - start)))
}

report() {
    printf '\n== Summary\n'
    [ ${#summary[@]} -eq 0 ] || printf '%s\n' "${summary[@]}"
    exit "$1"
}

install_tools() {
    local need=()
    [ -d /usr/lib/rustlib/src/rust/library ] || need+=(rust-web-src)
    [ -x /usr/bin/cargo ] || need+=(rustc-web cargo-web)
    [ -x /usr/bin/cargo-clippy ] || need+=(rust-web-clippy)
    command -v cc >/dev/null || need+=(gcc libc6-dev)
    command -v x86_64-w64-mingw32-gcc >/dev/null || need+=(gcc-mingw-w64-x86-64-win32)
    command -v wine >/dev/null || need+=(wine wine64)
    command -v python3 >/dev/null || need+=(python3)
    /usr/bin/python3 -c 'import ensurepip, venv' 2>/dev/null || need+=(python3-venv)
    # The packages' own tools.
    command -v ruby >/dev/null || need+=(ruby)
    command -v jq >/dev/null || need+=(jq)
    command -v shellcheck >/dev/null || need+=(shellcheck)
    command -v makepkg >/dev/null || need+=(makepkg)
    command -v pacman >/dev/null || need+=(pacman-package-manager)
    command -v bsdtar >/dev/null || need+=(libarchive-tools)
    command -v fakeroot >/dev/null || need+=(fakeroot)
    command -v zstd >/dev/null || need+=(zstd)
    command -v nix-instantiate >/dev/null || need+=(nix-bin)
    if [ ${#need[@]} -gt 0 ]; then
        local sudo
        sudo=$([ "$(id -u)" = 0 ] || echo sudo)
        $sudo apt-get update -qq
        DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${need[@]}"
    fi
    local wanted
    wanted=$(cat tests/scan/requirements.txt tests/platforms/requirements.txt)
    if [ "$wanted" != "$(cat "$venv/installed" 2>/dev/null)" ]; then
        python3 -m venv "$venv"
        "$venv/bin/pip" install --quiet --disable-pip-version-check -r tests/platforms/requirements.txt
        echo "$wanted" >"$venv/installed"
    fi
}

set_environment() {
    # Debian's compiler also where rustup's is in front of it: only for that one the source is here.
    export PATH="$venv/bin:/usr/bin:$PATH"
    unset RUSTUP_TOOLCHAIN
    export CARGO=/usr/bin/cargo RUSTC=/usr/bin/rustc
    # The standard library is built from its source, which a stable compiler does on demand only.
    export RUSTC_BOOTSTRAP=1
    export CARGO_TARGET_DIR=$build
    export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_LINKER=x86_64-w64-mingw32-gcc
    export CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER=wine
    export CC_x86_64_pc_windows_gnu=x86_64-w64-mingw32-gcc
    export WINEPREFIX=$build/wine WINEARCH=win64 WINEDEBUG=-all
}

# cargo_for TARGET SUBCOMMAND ARGUMENT…
cargo_for() {
    local target=$1 subcommand=$2
    shift 2
    cargo "$subcommand" --locked -Z build-std=std,panic_unwind,panic_abort,test --target "$target" "$@"
}

clippy_windows() {
    cargo_for "$windows" clippy --lib --bins -- -D warnings
    # The unit tests too.
    cargo_for "$windows" clippy --lib --profile test -- -D warnings
}

# Without what Wine 8 does otherwise than Windows: it appends by a write at what was the end, so two at once lose lines;
# a removed file keeps its name until it is closed, and can be opened by it; and from a connection that was reset, what
# waits for data before it reads gets the end of the stream instead of an error.
unit_tests_windows() {
    cargo_for "$windows" test --lib -- \
        --skip journal::file::tests::concurrent_writers_neither_mix_nor_lose_lines \
        --skip platform::lock::tests::a_removed_lock_file_does_not_count \
        --skip sandbox::tests::faults::resets_come_before_or_after_processing
}

# Zig is the C compiler. There are no frameworks to link against, so nothing is linked.
cargo_for_macos() {
    local subcommand=$1
    shift
    cargo-zigbuild "$subcommand" --locked -Z build-std=std,panic_unwind,panic_abort,test --target "$macos" "$@"
}

clippy_macos() {
    cargo_for_macos clippy --lib --bins -- -D warnings
    # The unit tests too.
    cargo_for_macos clippy --lib --profile test -- -D warnings
}

# Zig brings musl with its start files, and the unwinder: rustc must not look for its own.
build_static() {
    RUSTFLAGS="-C target-feature=+crt-static -C link-self-contained=no" \
        cargo-zigbuild zigbuild --locked -Z build-std=std,panic_unwind,panic_abort --target "$static"
    if readelf --program-headers "$build/$static/debug/getcard" | grep INTERP; then
        echo "it is not static" >&2
        return 1
    fi
}

prepare_wine() {
    wine --version
    wineboot --init
    wineserver --wait
    # An access list that should inherit nothing still gets what the directory above grants, which is its Unix mode. On
    # Windows, too, a user's folders are private.
    chmod 700 "$WINEPREFIX"/drive_c/users/*/{Temp,AppData/Local,AppData/Roaming}
    local system=$WINEPREFIX/drive_c/windows/system32
    if [ ! -e "$system/bcryptprimitives.dll" ]; then
        x86_64-w64-mingw32-gcc -shared -s -O2 -o "$system/bcryptprimitives.dll" \
            tests/platforms/bcryptprimitives.c -ladvapi32
    fi
}

# run_program MACHINE PROGRAM
run_program() {
    "$venv/bin/python3" tests/platforms/program.py "$@" --verbose
}

main "$@"
