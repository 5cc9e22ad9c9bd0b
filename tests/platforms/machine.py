"""Where the program under test runs: on this machine, in an empty root directory, or under Wine."""

import glob
import os
import shutil
import subprocess
import tempfile


class Machine:
    """This machine. `files` is a directory that the program can read and write."""

    name = "native"
    has_keychain = False

    def __init__(self, program):
        self.program = [os.path.abspath(program)]
        self.files = tempfile.mkdtemp(prefix="getcard-")
        self.home = os.path.join(self.files, "home")

    def new_user(self):
        """Forgets every file that the program has kept."""
        shutil.rmtree(self.home, ignore_errors=True)
        os.mkdir(self.home)

    def environment(self):
        # No session bus: the keychain is tested by tests/e2e.
        return {"PATH": os.environ["PATH"], "HOME": self.home, "LANG": "C.UTF-8", "TZ": "UTC"}

    def seen(self, path):
        """A path of this machine as the program sees it."""
        return path

    def config_file(self):
        """The configuration file, a path of this machine."""
        return os.path.join(self.home, ".config", "getcard", "config.toml")

    def kept(self, name):
        """A file of the program's own, a path of this machine."""
        return self.find(self.home, name)

    @staticmethod
    def find(directory, name):
        """The one file of this name below a directory."""
        (path,) = glob.glob(f"{glob.escape(directory)}/**/{name}", recursive=True, include_hidden=True)
        return path

    def close(self):
        shutil.rmtree(self.files, ignore_errors=True)


class EmptyRoot(Machine):
    """A root directory that holds the program, a home and nothing else; needs root."""

    name = "empty root"

    def __init__(self, program):
        super().__init__(program)
        shutil.copy(self.program[0], os.path.join(self.files, "getcard"))
        self.program = ["chroot", self.files, "/getcard"]

    def environment(self):
        return {**super().environment(), "HOME": self.seen(self.home)}

    def seen(self, path):
        return "/" + os.path.relpath(path, self.files)


class Wine(Machine):
    """Windows, as far as Wine goes. Users share the prefix; the Credential Manager is in its registry."""

    name = "Wine"
    has_keychain = True

    def __init__(self, program):
        super().__init__(program)
        self.prefix = os.environ["WINEPREFIX"]
        self.program = ["wine", *self.program]
        # What a run that was killed has left: Wine lists several credentials at odd addresses, which a debug build refuses.
        keychain = r"HKCU\Software\Wine\Credential Manager"
        subprocess.run(["wine", "reg", "delete", keychain, "/f"], capture_output=True, check=False)

    def folders(self, kind):
        return glob.glob(f"{glob.escape(self.prefix)}/drive_c/users/*/AppData/{kind}/getcard")

    def new_user(self):
        for folder in self.folders("Roaming") + self.folders("Local"):
            shutil.rmtree(folder)

    def environment(self):
        kept = ("PATH", "HOME", "DISPLAY", "WINEPREFIX", "WINEARCH")
        environment = {name: os.environ[name] for name in kept if name in os.environ}
        return {**environment, "WINEDEBUG": "-all", "TZ": "UTC"}

    def seen(self, path):
        return "Z:" + os.path.abspath(path).replace("/", "\\")

    def kept(self, name):
        return self.find(self.folders("Roaming")[0], name)

    def config_file(self):
        user = next(path for path in glob.glob(f"{glob.escape(self.prefix)}/drive_c/users/*") if not path.endswith("Public"))
        return f"{user}/AppData/Roaming/getcard/config/config.toml"

    def close(self):
        subprocess.run(["wineserver", "-k"], check=False)
        super().close()


MACHINES = {"native": Machine, "empty-root": EmptyRoot, "wine": Wine}
