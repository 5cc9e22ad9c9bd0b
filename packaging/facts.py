"""What every package says of getcard: read from Cargo.toml, so that nothing is written twice."""

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The targets of a release, and the form of each one's archive.
TARGETS = {
    "x86_64-unknown-linux-musl": "tar.gz",
    "aarch64-unknown-linux-musl": "tar.gz",
    "universal-apple-darwin": "tar.gz",
    "x86_64-pc-windows-msvc": "zip",
}


class Facts:
    """The values that the templates name."""

    def __init__(self):
        with open(ROOT / "Cargo.toml", "rb") as file:
            package = tomllib.load(file)["package"]
        self.name = package["name"]
        self.version = package["version"]
        self.description = package["description"]
        self.license = package["license"]
        self.repository = package["repository"]
        self.maintainer = package["metadata"]["deb"]["maintainer"]

    @property
    def repository_is_placeholder(self):
        return "/OWNER/" in self.repository

    def stem(self, target):
        """The name of an archive without its ending, and of the one directory in it."""
        return f"{self.name}-{self.version}-{target}"

    def archive(self, target):
        return f"{self.stem(target)}.{TARGETS[target]}"

    def values(self, checksums):
        """Everything a template may name; `checksums` maps archives to their SHA-256."""
        values = {
            "name": self.name,
            "version": self.version,
            "description": self.description,
            "license": self.license,
            "repository": self.repository,
            "maintainer": self.maintainer,
            "publisher": self.maintainer.split(" <")[0],
            # The user may choose one of them: as Homebrew and Scoop write it.
            "licenses_ruby": json.dumps(self.license.split(" OR ")),
            "licenses_scoop": "|".join(self.license.split(" OR ")),
            "downloads": f"{self.repository}/releases/download/v{self.version}",
        }
        for target in TARGETS:
            # As the templates write it: @@sha256_x86_64_pc_windows_msvc@@.
            key = re.sub(r"\W", "_", target)
            values[f"stem_{key}"] = self.stem(target)
            values[f"archive_{key}"] = self.archive(target)
            values[f"sha256_{key}"] = checksums[self.archive(target)]
        return values
