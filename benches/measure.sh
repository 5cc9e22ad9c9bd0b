#!/usr/bin/env bash
# Measures in a D-Bus session of its own; benches/run.sh prepares what it needs.
set -euo pipefail
getcard=$root/target/release/getcard
# With this variable, getcard would also read a directory that curl is not given.
unset SSL_CERT_DIR
export HOME=$work/home SSL_CERT_FILE=$work/bundle.pem REQUESTS_CA_BUNDLE=$work/bundle.pem NODE_EXTRA_CA_CERTS=$work/ca.pem
rm -rf "$HOME" && mkdir -p "$HOME"
printf %s bench | gnome-keyring-daemon --unlock --components=secrets >/dev/null

# Prints the medians of several commands, each with its ratio to the first.
table() {
    local title=$1
    shift
    hyperfine -N --warmup 3 --runs "$runs" --export-json "$work/result.json" "$@" >/dev/null
    printf '\n%s\n' "$title"
    jq -r '.results[0].median as $base | .results[]
        | [(.median * 1000), ((.user + .system) * 1000), (.median / $base), .command] | @tsv' "$work/result.json" |
        while IFS=$'\t' read -r wall cpu ratio command; do
            peak=$(/usr/bin/time -f %M sh -c "exec $command" 2>&1 >/dev/null | tail -n 1)
            printf '%9.2f ms wall %8.2f ms cpu %6.1f MB %6.2f x  %s\n' "$wall" "$cpu" \
                "$(jq -n "$peak / 1024")" "$ratio" "${command//$root\//}"
        done
}

serve() {
    rm -f "$work/sandbox.json"
    "$getcard" sandbox --tls-cert "$work/cert.pem" --tls-key "$work/key.pem" --latency-ms "$@" >"$work/sandbox.json" &
    sandbox=$!
    until [ -s "$work/sandbox.json" ]; do sleep 0.05; done
    GETCARD_API_URL=$(jq -r .base_url "$work/sandbox.json")
    export GETCARD_API_URL
    sign_in
}

# Links getcard with the service, and keeps the device and a call for other clients.
sign_in() {
    jq -r .validated_url "$work/sandbox.json" | "$getcard" link - >/dev/null
    local entry
    entry=$(secret-tool lookup service getcard username "default@${GETCARD_API_URL%/GETServices*}")
    BENCH_DEVICE_ID=$(jq -r .link.device.id <<<"$entry") BENCH_PIN=$(jq -r .link.device.pin <<<"$entry")
    export BENCH_DEVICE_ID BENCH_PIN
    jq -c '{method: "retrieveAccounts", params: {sessionId: .session.id}}' <<<"$entry" >"$work/body.json"
}

# link RTT: from here on, the service is at the other end of a link with this round trip in milliseconds.
link() {
    local port=${GETCARD_API_URL#*localhost:}
    port=${port%%/*}
    : >"$work/port"
    "$work/venv/bin/python" benches/clients/slow_link.py "$port" "$1" >"$work/port" &
    slow_link=$!
    until [ -s "$work/port" ]; do sleep 0.05; done
    GETCARD_API_URL=${GETCARD_API_URL/:$port/:$(<"$work/port")}
    sign_in
}

# Over a slow link, what waits in vain for something else shows.
serve 0
link 40
jq -c '.method = "retrievePatronBarcodePayload"' "$work/body.json" >"$work/payload.json"
printf '\nOver a link with a round trip of 40 ms, in a terminal, beside one POST by curl\n'
"$work/venv/bin/python" benches/clients/first_code.py "$runs" "$getcard" \
    curl -s --cacert "$work/bundle.pem" -H Content-Type:application/json -H Accept:application/json \
    -d "@$work/payload.json" "$GETCARD_API_URL/authentication"
kill "$slow_link" "$sandbox"

for latency in ${LATENCIES-0 40}; do
    serve "$latency"
    curl="curl -s --cacert $work/bundle.pem -H Content-Type:application/json -H Accept:application/json -d @$work/body.json $GETCARD_API_URL/commerce"
    table "One balance over TLS, $latency ms of latency, 145 certificate authorities, keychain read included" \
        "$curl" "$getcard balance --json" "$getcard barcode --once"
    # curl reads every authority on each start, which is most of its time.
    SSL_CERT_FILE=$work/ca.pem table "The same with one certificate authority" \
        "${curl/bundle.pem/ca.pem}" "$getcard balance --json" "$getcard barcode --once"
    # These sign in, which ends getcard's session: they come last.
    table "The same as other clients do it" \
        "$getcard balance --json" "$work/venv/bin/python benches/clients/three_calls.py" "node benches/clients/two_calls.mjs"
    kill "$sandbox"
done

serve 0 --transactions 100000
"$work/venv/bin/python" benches/clients/pages.py "$work" <"$work/body.json"
table "100,000 transactions over TLS, beside curl with the same pages" \
    "curl -s -K $work/pages" "$getcard history --all --format jsonl"
table "The same as books, beside JSON lines" \
    "$getcard history --all --format jsonl" "$getcard history --all --format hledger"
table "A forecast from them, beside fetching them" \
    "$getcard history --all --format jsonl" "$getcard forecast --json"
kill "$sandbox"

table "Starting up" "$work/empty" "$getcard --version" "$getcard --help" "fdfind --version" "gh --version"
printf '\nbinary: %s bytes, stripped\n' "$(stat -c %s "$getcard")"
