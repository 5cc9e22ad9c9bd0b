"""How long pdf417gen (PyPI) takes for the payloads on standard input, one a line: microseconds to encode and draw each."""

import statistics
import sys
import time

from pdf417gen import encode, render_image

for payload in sys.stdin.read().splitlines():
    times = []
    for _ in range(30):
        start = time.perf_counter()
        render_image(encode(payload, columns=2 if len(payload) < 100 else 8, security_level=4))
        times.append(time.perf_counter() - start)
    print(f"{len(payload)}\t{statistics.median(times) * 1e6:.1f}\tpdf417gen")
