"""The time from Enter to the first code on the screen, and that of whole commands, beside curl with the same call.

first_code.py RUNS GETCARD CURL...: the commands take turns in a terminal of their own each time, a second apart, as
codes are fetched at most once a second. Prints medians and their ratios to curl.
"""

import fcntl
import os
import pty
import select
import signal
import statistics
import struct
import sys
import termios
import time

RUNS, GETCARD, CURL = int(sys.argv[1]), sys.argv[2], sys.argv[3:]
# What xterm says: two columns for two characters, no pictures.
REPLIES = b"\x1b[1;3R\x1b[?64;22c"


def run(command, shown=None):
    """Seconds until the command ends, or until it shows this text."""
    start = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.environ["TERM"] = "xterm-256color"
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))
        os.execvp(command[0], command)
    output, elapsed = b"", None
    while elapsed is None:
        select.select([terminal], [], [], 20)
        try:
            piece = os.read(terminal, 65536)
        except OSError:
            piece = b""
        output += piece
        if b"\x1b[c" in piece:
            os.write(terminal, REPLIES)
        if not piece or shown and shown in output:
            elapsed = time.perf_counter() - start
    if shown:
        assert shown in output, output
        os.kill(child, signal.SIGTERM)
        while True:
            try:
                if not os.read(terminal, 65536):
                    break
            except OSError:
                break
    status = os.waitpid(child, 0)[1]
    os.close(terminal)
    assert shown or status == 0, output
    return elapsed


COMMANDS = {
    "curl": lambda: run(CURL),
    "barcode, first code on the screen": lambda: run([GETCARD, "barcode"], b"Last fetched"),
    "barcode --once": lambda: run([GETCARD, "barcode", "--once"]),
    "balance": lambda: run([GETCARD, "balance"]),
}

times = {name: [] for name in COMMANDS}
for turn in range(RUNS + 1):
    for name, command in COMMANDS.items():
        elapsed = command()
        # The first turn warms up.
        if turn:
            times[name].append(elapsed)
        time.sleep(1.05 if "barcode" in name else 0.1)
for name, taken in times.items():
    median = statistics.median(taken)
    print(f"{median * 1000:9.2f} ms wall {median / statistics.median(times['curl']):6.2f} x  {name}")
