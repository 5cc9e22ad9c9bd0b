#!/usr/bin/env python3
"""Writes what the package managers need for a release, from Cargo.toml and the release's archives.

    manifests.py [--release] DIRECTORY

DIRECTORY holds every archive of the release, made by archive.py, and perhaps Debian packages. Written into it: SHA256SUMS,
and below manifests/ the Homebrew formula, the Scoop manifest, the winget manifests and the AUR package. With --release a
repository address in Cargo.toml that is still the placeholder is an error.
"""

import hashlib
import json
import sys
from pathlib import Path

from facts import ROOT, TARGETS, Facts

TEMPLATES = ROOT / "packaging" / "templates"


def checksums(facts, directory):
    """The SHA-256 of each archive, none of which may be missing, and of each Debian package, by name."""
    paths = [directory / facts.archive(target) for target in TARGETS]
    for path in paths:
        if not path.is_file():
            sys.exit(f"no such archive: {path}; make it with packaging/archive.py")
    paths += directory.glob("*.deb")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def fill(template, values):
    """`@@name@@` becomes the value; an unknown name is an error."""
    parts = template.split("@@")
    for at in range(1, len(parts), 2):
        parts[at] = values[parts[at]]
    return "".join(parts)


def main():
    arguments = sys.argv[1:]
    release = "--release" in arguments
    directories = [argument for argument in arguments if argument != "--release"]
    if len(directories) != 1:
        sys.exit(__doc__)
    directory = Path(directories[0])
    facts = Facts()
    if facts.repository_is_placeholder:
        message = f"the repository in Cargo.toml is a placeholder: {facts.repository}"
        if release:
            sys.exit(message)
        print(f"warning: {message}", file=sys.stderr)
    sums = checksums(facts, directory)
    (directory / "SHA256SUMS").write_text("".join(f"{sums[name]}  {name}\n" for name in sorted(sums)), newline="\n")
    values = facts.values(sums)
    for template in sorted(path for path in TEMPLATES.rglob("*") if path.is_file()):
        text = fill(template.read_text(), values)
        if template.suffix == ".json":
            json.loads(text)
        path = directory / "manifests" / template.relative_to(TEMPLATES)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, newline="\n")
        print(path)


if __name__ == "__main__":
    main()
