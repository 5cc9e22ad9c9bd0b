#!/usr/bin/env bash
# Whole commands beside curl, small clients in Python and Node, and an empty program: medians, one run, one machine.
# Each row is a ratio to the row named in its last column. Options: RUNS (30).
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD work=$root/target/bench runs=${RUNS:-30}
mkdir -p "$work"

need=()
while read -r tool package; do
    command -v "$tool" >/dev/null || need+=("$package")
done <<'END'
hyperfine hyperfine
curl curl
jq jq
openssl openssl
/usr/bin/time time
fdfind fd-find
gh gh
node nodejs
npm npm
gnome-keyring-daemon gnome-keyring
secret-tool libsecret-tools
dbus-run-session dbus-daemon
python3 python3
END
python3 -c 'import ensurepip, venv' 2>/dev/null || need+=(python3-venv)
if [ ${#need[@]} -gt 0 ]; then
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${need[@]}"
fi
[ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv"
"$work/venv/bin/python" -c 'import requests, pdf417gen' 2>/dev/null ||
    "$work/venv/bin/pip" install -q --disable-pip-version-check requests pdf417gen
[ -d "$work/node_modules/bwip-js" ] || npm install --silent --prefix "$work" bwip-js@4.11.4

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

echo "Barcodes, payload to drawing: ours with the shape chosen, of cells, and as text for the terminal"
cargo bench --quiet --bench frame -- cells
printf '%s\n%s\n' 1234567890123456789012 "$(printf 'https://example.org/a1B%.0s' {1..13})x" >"$work/payloads"
printf '\nThe same by others: characters, microseconds\n'
"$work/venv/bin/python" benches/clients/draw_pdf417gen.py <"$work/payloads"
NODE_PATH=$work/node_modules node benches/clients/draw_bwip.cjs <"$work/payloads"
printf '\nThe full-screen view, new payload to bytes for the terminal\n'
cargo bench --quiet --bench view

export root work runs
exec dbus-run-session -- bash benches/measure.sh 2>"$work/log"
