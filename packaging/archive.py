#!/usr/bin/env python3
"""Packs a built program with its manual pages, completions and license into the archive of a release.

    archive.py TARGET PROGRAM DIRECTORY    writes DIRECTORY/getcard-VERSION-TARGET.tar.gz (or .zip)

The same input makes the same bytes: names are sorted, times are SOURCE_DATE_EPOCH (0 when unset).
"""

import gzip
import io
import os
import sys
import tarfile
import time
import zipfile
from pathlib import Path

from facts import ROOT, TARGETS, Facts

BESIDE = ["README.md", "README.png", "README-expired.png", "CHANGELOG.md", "LICENSE"]


def members(target, program):
    """Pairs of a path in the archive and a file, the program first."""
    yield "getcard.exe" if "windows" in target else "getcard", Path(program)
    for name in BESIDE:
        yield name, ROOT / name
    for directory in "completions", "man":
        for path in sorted((ROOT / directory).iterdir()):
            yield f"{directory}/{path.name}", path


def mode(name):
    return 0o755 if name in ("getcard", "getcard.exe") else 0o644


def write_tar(path, stem, files, when):
    # gzip's own header holds a time and a name as well.
    with open(path, "wb") as out, gzip.GzipFile(filename="", fileobj=out, mode="wb", mtime=when) as packed:
        with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
            for name, file in files:
                data = file.read_bytes()
                member = tarfile.TarInfo(f"{stem}/{name}")
                member.size, member.mode, member.mtime = len(data), mode(name), when
                archive.addfile(member, io.BytesIO(data))


def write_zip(path, stem, files, when):
    # A zip's times begin in 1980.
    moment = max(time.gmtime(when)[:6], (1980, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, file in files:
            member = zipfile.ZipInfo(f"{stem}/{name}", moment)
            member.compress_type = zipfile.ZIP_DEFLATED
            member.create_system, member.external_attr = 3, (0o100000 | mode(name)) << 16
            archive.writestr(member, file.read_bytes())


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in TARGETS:
        sys.exit(f"{__doc__}\nTARGET is one of: {', '.join(TARGETS)}")
    target, program, directory = sys.argv[1:]
    facts = Facts()
    path = Path(directory) / facts.archive(target)
    path.parent.mkdir(parents=True, exist_ok=True)
    write = write_zip if path.suffix == ".zip" else write_tar
    write(path, facts.stem(target), members(target, program), int(os.environ.get("SOURCE_DATE_EPOCH", "0")))
    print(path)


if __name__ == "__main__":
    main()
