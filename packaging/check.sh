#!/usr/bin/env bash
# Makes archives and package manifests as a release does, and puts each before the tool that reads it.
#
#     packaging/check.sh PROGRAM     a getcard for this machine; it stands in for every target's
#
# A check whose tool is missing is named in the summary, and fails the run where CHECK_ALL=1.
set -euo pipefail
cd "$(dirname "$0")/.."
program=$(realpath "${1:?usage: packaging/check.sh PROGRAM}")

dist=$(mktemp -d)
trap 'rm -rf "$dist"' EXIT
chmod 755 "$dist"
# As a release does, and smaller by far.
strip -o "$dist/program" "$program"
program=$dist/program
summary=()

# check NAME TOOLS COMMAND…
check() {
    local name=$1 tools=$2 tool
    shift 2
    for tool in $tools; do
        if ! command -v "$tool" >/dev/null; then
            summary+=("skipped  $name (no $tool)")
            [ "${CHECK_ALL:-}" != 1 ]
            return
        fi
    done
    # In the background and not in the condition, where set -e would not hold.
    (set -e; "$@") >"$dist/log" 2>&1 &
    if wait $!; then
        summary+=("ok       $name")
    else
        cat "$dist/log"
        echo "FAILED: $name" >&2
        exit 1
    fi
}

archives() {
    local targets
    targets=$(cd packaging && python3 -c 'from facts import TARGETS; print(*TARGETS)')
    for target in $targets; do
        packaging/archive.py "$target" "$program" "$dist"
    done
    # Again: the same bytes.
    mkdir "$dist/again"
    sleep 1.1
    packaging/archive.py x86_64-unknown-linux-musl "$program" "$dist/again"
    packaging/archive.py x86_64-pc-windows-msvc "$program" "$dist/again"
    for archive in "$dist/again"/*; do cmp "$archive" "$dist/${archive##*/}"; done
    rm -r "$dist/again"
    packaging/manifests.py "$dist"
    (cd "$dist" && sha256sum --check --strict SHA256SUMS)
    if grep -r '@@' "$dist/manifests"; then return 1; fi
}

unpacked() {
    local into="$dist/unpacked"
    mkdir "$into"
    tar -xzf "$dist"/getcard-*-x86_64-unknown-linux-musl.tar.gz -C "$into"
    cd "$into"/getcard-*
    ./getcard --version
    ls man/getcard.1 completions/_getcard LICENSE
    python3 -m zipfile --test "$dist"/getcard-*-windows-msvc.zip
    python3 -m zipfile --list "$dist"/getcard-*-windows-msvc.zip | grep "/getcard.exe "
}

# What cargo-binstall would fetch exists, and holds the program where it looks for it.
binstall() {
    python3 - "$dist" <<'EOF'
import sys, tarfile, tomllib, zipfile
sys.path.insert(0, "packaging")
from facts import Facts

facts = Facts()
meta = tomllib.load(open("Cargo.toml", "rb"))["package"]["metadata"]["binstall"]
targets = ["x86_64-unknown-linux-musl", "aarch64-unknown-linux-musl", "x86_64-apple-darwin", "aarch64-apple-darwin", "x86_64-pc-windows-msvc"]
for target in targets:
    chosen = {**meta, **meta["overrides"].get(target, {})}
    words = {"repo": facts.repository, "version": facts.version, "name": facts.name, "target": target, "bin": facts.name}
    words["binary-ext"] = ".exe" if "windows" in target else ""
    def fill(text):
        for word, value in words.items():
            text = text.replace("{ %s }" % word, value)
        assert "{" not in text, text
        return text
    path = f"{sys.argv[1]}/{fill(chosen['pkg-url']).rsplit('/', 1)[1]}"
    names = zipfile.ZipFile(path).namelist() if chosen["pkg-fmt"] == "zip" else tarfile.open(path).getnames()
    assert fill(chosen["bin-dir"]) in names, (target, names)
EOF
}

# The formula is run, with a Homebrew of a few lines.
homebrew() {
    ruby -c "$dist/manifests/homebrew/getcard.rb"
    ruby packaging/formula_check.rb "$dist/manifests/homebrew/getcard.rb" "$dist/unpacked"/getcard-*
}

scoop() {
    local manifest="$dist/manifests/scoop/getcard.json" version
    version=$("$program" --version | cut -d' ' -f2)
    jq --exit-status --arg version "$version" '
        .version == $version
        and (.architecture."64bit" | (.hash | test("^[0-9a-f]{64}$")) and (.url | endswith(".zip")))
        and (.architecture."64bit".url == (.autoupdate.architecture."64bit".url | gsub("\\$version"; $version)))
        and (.architecture."64bit".extract_dir == (.autoupdate.architecture."64bit".extract_dir | gsub("\\$version"; $version)))
    ' "$manifest"
}

winget() {
    python3 - "$dist" <<'EOF'
import glob, re, sys, yaml, zipfile
manifests = {}
for path in glob.glob(f"{sys.argv[1]}/manifests/winget/*.yaml"):
    manifest = yaml.safe_load(open(path))
    manifests[manifest["ManifestType"]] = manifest
assert set(manifests) == {"version", "defaultLocale", "installer"}
assert len({(m["PackageIdentifier"], str(m["PackageVersion"]), m["ManifestVersion"]) for m in manifests.values()}) == 1
installer = manifests["installer"]
archive = glob.glob(f"{sys.argv[1]}/*.zip")[0]
assert installer["NestedInstallerFiles"][0]["RelativeFilePath"].replace("\\", "/") in zipfile.ZipFile(archive).namelist()
assert re.fullmatch("[0-9a-fA-F]{64}", installer["Installers"][0]["InstallerSha256"])
assert len(manifests["defaultLocale"]["ShortDescription"]) <= 256
EOF
}

# The README's addresses are those of Cargo.toml.
readme() {
    local repository
    repository=$(sed -n 's/^repository = "\(.*\)"$/\1/p' Cargo.toml)
    grep -o 'https://github\.com/[^/ ]*/getcard' README.md | sort -u | diff - <(echo "$repository")
}

# makepkg builds the package from the archive that lies beside it; it refuses to be root.
aur() {
    mkdir "$dist/aur"
    cp "$dist/manifests/aur/PKGBUILD" "$dist"/getcard-*-x86_64-unknown-linux-musl.tar.gz "$dist/aur"
    local run=(env HOME="$dist/aur" PKGEXT=.pkg.tar.zst CARCH=x86_64)
    if [ "$(id -u)" = 0 ]; then
        chown -R nobody "$dist/aur"
        run=(setpriv --reuid nobody --clear-groups "${run[@]}")
    fi
    (cd "$dist/aur" && "${run[@]}" makepkg --nodeps --force && "${run[@]}" makepkg --printsrcinfo)
    tar -tf "$dist"/aur/getcard-bin-*.pkg.tar.zst | grep -x usr/bin/getcard
}

# cargo-deb makes the package from these; CI does, and installs it.
debian() {
    python3 - <<'EOF'
import glob, re, sys, tomllib
package = tomllib.load(open("Cargo.toml", "rb"))["package"]
deb = package["metadata"]["deb"]
taken = set()
for source, *_ in deb["assets"]:
    found = glob.glob(source)
    assert found or source == "target/release/getcard", source
    taken.update(found)
# The other shells' completions have no directory in Debian.
wanted = glob.glob("man/*") + [f"completions/{name}" for name in ("getcard.bash", "_getcard", "getcard.fish")]
assert taken >= set(wanted), set(wanted) - taken
first, *_, signature = open(deb["changelog"]).read().rstrip().splitlines()
assert re.fullmatch(rf"getcard \({re.escape(package['version'])}-\d+\) unstable; urgency=\w+", first), first
assert signature.startswith(f" -- {deb['maintainer']}  "), signature
assert deb["maintainer"].split(" <")[0] in deb["copyright"] and open(deb["license-file"][0]).read()
EOF
}

# The flake is evaluated with a nixpkgs of a few lines: what it needs of the real one is named there.
nix_flake() {
    nix-instantiate --parse flake.nix
    nix-instantiate --eval --strict --json packaging/flake_check.nix --arg flake ./flake.nix | jq --exit-status \
        --arg version "$("$program" --version | cut -d' ' -f2)" '.version == $version and .systems == 4 and .licenses == 2'
}

workflows() {
    python3 - <<'EOF'
import sys, yaml
sys.path.insert(0, "packaging")
from facts import TARGETS
jobs = yaml.safe_load(open(".github/workflows/release.yml"))["jobs"]
assert [build["target"] for build in jobs["build"]["strategy"]["matrix"]["include"]] == list(TARGETS)
EOF
    check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
    yamllint --strict --config-data '{extends: relaxed, rules: {line-length: {max: 130}}}' \
        .github/workflows "$dist/manifests/winget"
}

scripts() {
    # Older versions think that what a trap calls is never called.
    shellcheck --exclude SC2317 packaging/*.sh tests/*.sh
    # A PKGBUILD sets variables for makepkg, uses those that makepkg sets, and runs until the first failure.
    shellcheck --shell bash --exclude SC2034,SC2154,SC2164 "$dist/manifests/aur/PKGBUILD"
}

check "archives, checksums, manifests" python3 archives
check "the archives unpack and hold everything" tar unpacked
check "the README's addresses" sed readme
check "cargo binstall finds its archives" python3 binstall
check "the Homebrew formula installs" ruby homebrew
check "the Scoop manifest" jq scoop
check "the winget manifests" python3 winget
check "the AUR package builds" "makepkg pacman bsdtar zstd" aur
check "the Debian package's files" python3 debian
check "the Nix flake evaluates" "nix-instantiate jq" nix_flake
check "the workflows" "check-jsonschema yamllint" workflows
check "scripts" shellcheck scripts
printf '%s\n' "${summary[@]}"
