"""A program on a terminal of its own."""

import os
import pty
import re
import select
import time

# Escape sequences, which the console of Wine writes between words too.
SEQUENCE = re.compile(rb"\x1b(\[[0-9;?]*[ -/]*[@-~]|\][^\x07]*\x07|[()].|[=>78])")


class Terminal:
    """Runs a command; `patience` is how many seconds it may take before it counts as hanging."""

    def __init__(self, command, environment, directory, patience):
        self.output = b""
        self.deadline = time.monotonic() + patience
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            os.chdir(directory)
            os.execvpe(command[0], command, {**environment, "TERM": "xterm-256color"})

    @property
    def text(self):
        """What was written so far, without white space: it may be drawn by moving the cursor."""
        return b"".join(SEQUENCE.sub(b"", self.output).split()).decode(errors="replace")

    def send(self, keys):
        os.write(self.terminal, keys)

    def until(self, text):
        """Waits for a text. The program must not have ended."""
        while text.replace(" ", "") not in self.text:
            assert self._read() is None, self.output

    def exit_code(self, pressing=b""):
        """Waits for the end, pressing keys meanwhile: the console of Wine loses those that come before it reads."""
        status = self._read()
        while status is None:
            self.send(pressing)
            status = self._read()
        os.close(self.terminal)
        return os.waitstatus_to_exitcode(status)

    def _read(self):
        """Reads what there is, for a moment; the status if the program has ended."""
        assert time.monotonic() < self.deadline, self.output
        if select.select([self.terminal], [], [], 1)[0]:
            try:
                self.output += os.read(self.terminal, 4096)
            except OSError:
                # The other side is closed.
                pass
        ended, status = os.waitpid(self.pid, os.WNOHANG)
        return status if ended else None
