#!/usr/bin/env python3
"""Which fonts have `▌`, the only glyph besides the space that a barcode is printed with, by the fonts' own tables.

    fonts.py                  a table of the fonts of Debian's packages fonts-liberation, fonts-dejavu-core,
                              xfonts-terminus, fonts-terminus and console-setup-linux, as far as they are installed
    fonts.py FILE...          a table of these: TTF, OTF, OTB, PCF or PSF, gzipped or not
    fonts.py --text FILE ...  exits 1 when FILE, as the program prints it, has a glyph that some font lacks

Needs fontTools for TTF, OTF and OTB.
"""

import argparse
import glob
import gzip
import io
import pathlib
import re
import struct
import sys

HALF = ord("▌")
QUADRANTS = range(0x2596, 0x25A0)
DEBIAN = [
    "/usr/share/fonts/truetype/liberation*/LiberationMono-Regular.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf",
    "/usr/share/fonts/X11/misc/ter-u16n_unicode.pcf.gz",
    "/usr/share/fonts/X11/misc/ter-u16n_iso-8859-1.pcf.gz",
    "/usr/share/fonts/opentype/terminus/terminus-normal.otb",
    "/usr/share/fonts/truetype/terminus/TerminusTTF-*.ttf",
    "/usr/share/consolefonts/Lat15-Fixed16.psf.gz",
    "/usr/share/consolefonts/Lat15-Terminus16.psf.gz",
    "/usr/share/consolefonts/Uni2-Terminus16.psf.gz",
    "/usr/share/consolefonts/Uni3-TerminusBold32x16.psf.gz",
    "/usr/share/consolefonts/Arabic-VGA16.psf.gz",
]


def characters(path):
    """The code points that a font has a glyph for."""
    data = pathlib.Path(path).read_bytes()
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    if data[:4] == b"\x72\xb5\x4a\x86":
        return psf2(data)
    if data[:2] == b"\x36\x04":
        return psf1(data)
    if data[:4] == b"\x01fcp":
        return pcf(data)
    from fontTools.ttLib import TTFont

    return set(TTFont(io.BytesIO(data)).getBestCmap())


def psf1(data):
    """A console font's first version: glyphs, then 16-bit code points, 0xFFFF after each glyph's."""
    mode, size = data[2], data[3]
    count = 512 if mode & 1 else 256
    if not mode & 6:
        return set(range(count))
    table = struct.unpack_from(f"<{(len(data) - 4 - count * size) // 2}H", data, 4 + count * size)
    found, sequence = set(), False
    for code in table:
        sequence = code != 0xFFFF and (sequence or code == 0xFFFE)
        if not sequence and code != 0xFFFF:
            found.add(code)
    return found


def psf2(data):
    """Its second version: code points in UTF-8, 0xFF after each glyph's, 0xFE before a sequence."""
    _, _, header, flags, count, size, _, _ = struct.unpack_from("<8I", data)
    if not flags & 1:
        return set(range(count))
    glyphs = data[header + count * size:].split(b"\xff")[:count]
    return {ord(code) for glyph in glyphs for code in glyph.split(b"\xfe")[0].decode()}


def pcf(data):
    """An X11 bitmap font: the table of encodings, and whether they are Unicode's by its properties."""
    tables = {}
    for i in range(struct.unpack_from("<I", data, 4)[0]):
        kind, _, _, offset = struct.unpack_from("<4I", data, 8 + 16 * i)
        tables[kind] = offset
    at = tables[1 << 5]
    order = ">" if struct.unpack_from("<I", data, at)[0] & 4 else "<"
    low, high, first, last, _ = struct.unpack_from(f"{order}5H", data, at + 4)
    glyphs = struct.unpack_from(f"{order}{(high - low + 1) * (last - first + 1)}H", data, at + 14)
    codes = [row << 8 | column for row in range(first, last + 1) for column in range(low, high + 1)]
    found = {code for code, glyph in zip(codes, glyphs) if glyph != 0xFFFF}
    # Latin-1 is the beginning of Unicode; other 8-bit encodings are not looked at.
    return found


def printed(path):
    """The characters of text without its control sequences."""
    return set(re.sub(r"\x1b\[[0-9;]*m", "", pathlib.Path(path).read_text(encoding="utf-8"))) - {"\n"}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="FILE")
    parser.add_argument("--text", metavar="FILE", help="printed text whose characters every font must have")
    arguments = parser.parse_args()
    files = arguments.files or [file for pattern in DEBIAN for file in sorted(glob.glob(pattern))]
    if not files:
        sys.exit("no fonts: apt-get install fonts-liberation fonts-dejavu-core xfonts-terminus console-setup-linux")
    wanted = printed(arguments.text) if arguments.text else set()
    missing = False
    print(f"{'font':<44} {'▌':>4} {'quadrants':>10}")
    for file in files:
        found = characters(file)
        lacks = sorted(glyph for glyph in wanted if ord(glyph) not in found)
        missing = missing or bool(lacks)
        quadrants = sum(code in found for code in QUADRANTS)
        print(f"{pathlib.Path(file).name:<44} {'yes' if HALF in found else 'no':>4} {quadrants:>7}/{len(QUADRANTS)}"
              + (f"  lacks {' '.join(lacks)}" if lacks else ""))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
