#!/usr/bin/env python3
"""Waits until an X display shows a barcode with a given payload, and reads it as a camera would see it too.

    screenshot.py DISPLAY PAYLOAD [--press KEY] [--save FILE] [--turn DEGREES]

Prints a line of JSON for the screenshot and for each way in which it is degraded: {"picture", "read"}. Exits 1 when
the barcode has not appeared in time. Needs zxing-cpp, numpy and Pillow; `--press` needs xdotool.
"""

import argparse
import json
import subprocess
import sys
import time

import numpy as np
from PIL import Image, ImageFilter, ImageGrab

from decode import decode, turned

PATIENCE = 60


def grab(display):
    """What the display shows, as grey pixels."""
    return np.asarray(ImageGrab.grab(xdisplay=display).convert("L"))


def shrunk(image, factor):
    picture = Image.fromarray(image)
    size = (round(picture.width * factor), round(picture.height * factor))
    return np.asarray(picture.resize(size, Image.Resampling.BOX))


def blurred(image, sigma):
    return np.asarray(Image.fromarray(image).filter(ImageFilter.GaussianBlur(sigma)))


def dim(image):
    """Low contrast and noise, as of a dark screen; the same noise each time."""
    noise = np.random.default_rng(1).normal(0, 8, image.shape)
    return np.clip(60 + image * 0.35 + noise, 0, 255).astype(np.uint8)


def through_lens(image):
    """A sharp picture of small cells has seams that a lens would not see."""
    return blurred(image, 0.7)


DEGRADED = {
    "as it is": lambda image: image,
    "blurred": lambda image: blurred(image, 1),
    "shrunk": lambda image: shrunk(image, 0.6),
    "enlarged": lambda image: blurred(np.kron(image, np.ones((2, 2), np.uint8)), 1.5),
    "dim and noisy": lambda image: dim(blurred(image, 0.8)),
    "turned counterclockwise": lambda image: turned(image, 10),
    "turned clockwise": lambda image: turned(image, -8),
    "turned, blurred and dim": lambda image: dim(blurred(turned(image, 5), 0.8)),
}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("display")
    parser.add_argument("payload")
    parser.add_argument("--press", metavar="KEY", help="press this key until the barcode appears")
    parser.add_argument("--save", metavar="FILE", help="save the last screenshot")
    parser.add_argument("--turn", type=float, default=15, metavar="DEGREES", help="turn it counterclockwise (15)")
    arguments = parser.parse_args()

    def reads(image):
        return decode(image) == arguments.payload

    end = time.monotonic() + PATIENCE
    while True:
        image = grab(arguments.display)
        found = reads(through_lens(image))
        if found or time.monotonic() > end:
            break
        if arguments.press:
            command = ["xdotool", "mousemove", "40", "40", "key", arguments.press]
            subprocess.run(command, env={"DISPLAY": arguments.display, "PATH": "/usr/bin:/bin"}, check=True)
        time.sleep(0.1)
    if arguments.save:
        Image.fromarray(image).save(arguments.save)
    if not found:
        return 1
    degraded = DEGRADED | {"turned further": lambda image: turned(through_lens(image), arguments.turn)}
    for name, degrade in degraded.items():
        print(json.dumps({"picture": name, "read": reads(degrade(image))}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
