#!/usr/bin/env bash
# Whole commands beside curl, small clients in Python and Node, and an empty program: medians, one run, one machine.
# Each row is a ratio to the row named in its last column. Options: RUNS (30).
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD work=$root/target/bench runs=${RUNS:-30}
mkdir -p "$work"

need=()
for tool in hyperfine curl jq openssl fdfind gnome-keyring-daemon secret-tool dbus-run-session python3; do
    command -v "$tool" >/dev/null || need+=("$tool")
done
[ -x /usr/bin/time ] || need+=(time)
if [ ${#need[@]} -gt 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
        hyperfine curl jq openssl time fd-find gh gnome-keyring libsecret-tools dbus-daemon python3-venv
fi
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
"$work/venv/bin/python" -c 'import requests' 2>/dev/null || "$work/venv/bin/pip" install -q requests

cargo build --release --locked
printf 'fn main() {}' >"$work/empty.rs"
rustc -O -o "$work/empty" "$work/empty.rs"

# A certificate for localhost under an authority of its own, beside the platform's: curl and getcard read the same file.
(
    cd "$work"
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ca.key -out ca.pem -days 2 -subj /CN=bench
    openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out csr.pem -subj /CN=localhost
    printf 'subjectAltName=DNS:localhost\n' >ext
    openssl x509 -req -in csr.pem -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out cert.pem
    cat /etc/ssl/certs/ca-certificates.crt ca.pem >bundle.pem
) 2>/dev/null

export root work runs
exec dbus-run-session -- bash benches/measure.sh 2>"$work/log"
