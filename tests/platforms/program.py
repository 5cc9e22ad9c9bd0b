#!/usr/bin/env python3
"""Runs a built getcard as a user of its platform would, against its own sandbox.

    program.py native|empty-root|wine PROGRAM [-v] [NAME...]

NAME picks tests, for example Lifecycle or Lifecycle.test_file_store. Everything that is asserted holds on every
platform. Needs what tests/scan/decode.py needs.
"""

import csv
import io
import json
import os
import re
import subprocess
import sys
import unittest

from machine import MACHINES
from service import Service
from terminal import Terminal

HERE = os.path.dirname(os.path.abspath(__file__))
DECODE = os.path.join(HERE, "..", "scan", "decode.py")
# For a slow emulator on a busy machine; nothing waits that long unless it hangs.
PATIENCE = 300

machine = None


class Outcome:
    """What a run left behind."""

    def __init__(self, process, stdin=None):
        self.stdout, stderr = process.communicate(stdin, timeout=PATIENCE)
        self.stderr = stderr.decode()
        self.code = process.returncode

    @property
    def text(self):
        return self.stdout.decode()

    @property
    def json(self):
        return json.loads(self.text)

    @property
    def error(self):
        return json.loads(self.stderr.splitlines()[-1])["error"]

    def __repr__(self):
        return f"exit {self.code}\n{self.stdout.decode(errors='replace')}\n{self.stderr}"


class Case(unittest.TestCase):
    """A user without any file, and a service."""

    def setUp(self):
        machine.new_user()
        self.variables = {}
        self.sandbox = self.start("sandbox", "--session-lifetime", "3600")
        self.addCleanup(self.stop_sandbox)
        document = json.loads(self.sandbox.stdout.readline())
        self.service = Service(document["base_url"], document["validated_url"], PATIENCE)
        self.addCleanup(self.service.close)
        self.variables["GETCARD_API_URL"] = self.service.base_url
        self.variables["GETCARD_PROFILE"] = self.id().rsplit(".", 1)[1]

    def stop_sandbox(self):
        self.sandbox.kill()
        self.sandbox.communicate()

    def start(self, *args):
        pipe = subprocess.PIPE
        environment = {**machine.environment(), **self.variables}
        return subprocess.Popen([*machine.program, *args], stdin=pipe, stdout=pipe, stderr=pipe, env=environment, cwd=machine.files)

    def on_terminal(self, *command):
        return Terminal(command, {**machine.environment(), **self.variables}, machine.files, PATIENCE)

    def run_it(self, *args, stdin=b""):
        return Outcome(self.start(*args), stdin)

    def succeed(self, *args, stdin=b""):
        outcome = self.run_it(*args, stdin=stdin)
        self.assertEqual(outcome.code, 0, f"{args}: {outcome}")
        return outcome

    def fail_with(self, exit_code, code, *args, stdin=b""):
        """The error of a run with --json that must fail so."""
        outcome = self.run_it(*args, "--json", stdin=stdin)
        self.assertEqual(outcome.code, exit_code, outcome)
        self.assertEqual(outcome.error["code"], code, outcome)
        self.assertEqual(outcome.text, "")
        return outcome.error

    def link(self, *args):
        return self.succeed("link", "-", *args, stdin=self.service.validated_url.encode() + b"\r\n")

    def write(self, name, text):
        """A file for this user alone, with the platform's line ends; its path as the program sees it."""
        path = os.path.join(machine.files, name)
        with open(path, "w", opener=lambda path, flags: os.open(path, flags, 0o600), newline="\r\n") as file:
            file.write(text)
        return machine.seen(path)

    def output(self, name):
        """A path to write to: as this machine and as the program sees it."""
        path = os.path.join(machine.files, name)
        return path, machine.seen(path)

    def use_file_store(self, passphrase="correct horse"):
        self.variables["GETCARD_STORE"] = "file"
        self.variables["GETCARD_PASSPHRASE_FILE"] = self.write("passphrase", f"{passphrase}\nsecond line\n")

    def decode(self, path, data=None):
        command = [sys.executable, DECODE, path]
        return subprocess.run(command, input=data, stdout=subprocess.PIPE, check=True).stdout.decode().strip()


class WithoutAccount(Case):
    """What needs no linked card."""

    def test_version(self):
        with open(os.path.join(HERE, "..", "..", "Cargo.toml")) as file:
            version = re.search(r'^version = "(.+)"', file.read(), re.MULTILINE).group(1)
        self.assertEqual(self.succeed("--version").text, f"getcard {version}\n")

    def test_help(self):
        overview = self.succeed("--help").text
        commands = re.findall(r"^  ([a-z]+)  ", overview, re.MULTILINE)
        self.assertIn("balance", commands)
        for command in commands:
            with self.subTest(command):
                self.assertIn(f"getcard {command}", self.succeed("help", command).text)

    def test_demo(self):
        frame = self.succeed("demo", "--once").stdout
        self.assertRegex(self.decode("-", frame), r"^\d{22}$")

    def test_nothing_linked(self):
        self.use_file_store()
        self.assertEqual(self.run_it("status").code, 3)
        self.fail_with(3, "not_linked", "balance")

    def test_wrong_usage(self):
        self.assertEqual(self.run_it("balance", "--no-such-option").code, 2)
        error = self.fail_with(2, "usage", "barcode", "--refresh", "1")
        self.assertEqual(error["category"], "validation_error")

    def test_no_service(self):
        self.use_file_store()
        self.link()
        self.service.close()
        outcome = self.run_it("balance", "--json", "--retries", "0")
        self.assertEqual((outcome.code, outcome.error["category"]), (5, "transient_upstream_error"), outcome)

    def test_without_a_trace(self):
        self.variables.update(GETCARD_EPHEMERAL="1", GETCARD_VALIDATED_URL=self.service.validated_url)
        self.assertGreater(len(self.succeed("balance", "--json").json["accounts"]), 1)
        self.assertFalse(os.path.exists(machine.config_file()))
        self.assertNotIn("createPIN", self.service.calls)

    def test_window_of_a_double_click_stays(self):
        if machine.name != "Wine":
            self.skipTest("nothing closes a window there")
        explorer = os.path.join(machine.files, "explorer.exe")
        source = os.path.join(HERE, "explorer.c")
        subprocess.run(["x86_64-w64-mingw32-gcc", "-o", explorer, source, "-lshlwapi"], check=True)
        last = "Press Enter to close this window."
        # A usage error must be read, too.
        for args, code in ("--no-such-option", 2), ("balance", 3):
            with self.subTest(args):
                self.use_file_store()
                terminal = self.on_terminal("wine", explorer, *machine.program[1:], args)
                terminal.until(last)
                self.assertEqual(terminal.exit_code(pressing=b"\r"), code, terminal.output)
        terminal = self.on_terminal(*machine.program, "balance")
        self.assertEqual(terminal.exit_code(), 3, terminal.output)
        self.assertNotIn(last.replace(" ", ""), terminal.text)

    def test_completions(self):
        self.assertIn("getcard", self.succeed("completions", "powershell").text)


class Lifecycle(Case):
    """From link to unlink in each store."""

    def whole_life(self):
        linked = self.link("--json").json
        self.assertTrue(linked["linked"])
        self.assertEqual(len(self.service.devices), 1)
        device = next(iter(self.service.devices))
        self.assertEqual((linked["device"][:2], linked["device"][-2:]), (device[:2], device[-2:]))
        self.assertTrue(self.succeed("status", "--check", "--json").json["valid"])
        accounts = self.succeed("balance", "--json").json["accounts"]
        self.assertIn("Flexi Dollars", [account["name"] for account in accounts])
        self.assertRegex(self.succeed("balance", "flexi", "--value").text, r"^\d+(\.\d+)?\n$")
        self.assertEqual(self.run_it("balance", "flexi", "--below", "100000").code, 6)
        self.fail_with(2, "already_linked", "link", "-", stdin=self.service.validated_url.encode())
        self.assertIn("revoked", json.dumps(self.succeed("unlink", "--yes", "--json").json))
        self.assertEqual(self.service.devices, set())
        self.assertEqual(self.run_it("status").code, 3)

    def test_keychain(self):
        if not machine.has_keychain:
            self.skipTest("no keychain on this machine")
        self.whole_life()

    def test_no_keychain(self):
        if machine.has_keychain:
            self.skipTest("a keychain on this machine")
        error = self.fail_with(1, "store_absent", "link", "-", stdin=self.service.validated_url.encode())
        self.assertIn("--store file", error["hint"])
        self.assertEqual(self.service.devices, set())

    def test_file_store(self):
        self.use_file_store()
        self.whole_life()

    def test_wrong_passphrase(self):
        self.use_file_store()
        self.link()
        self.use_file_store("battery staple")
        self.fail_with(1, "store_passphrase", "balance")
        self.fail_with(1, "store_passphrase", "unlink", "--yes")
        self.use_file_store()
        self.succeed("unlink", "--yes")

    def test_passphrase_command(self):
        if machine.name == "empty root":
            self.skipTest("no shell there")
        passphrase = self.write("a passphrase", "correct horse\nsecond line\n")
        prints = "type" if machine.name == "Wine" else "cat"
        # Two of each shell, and one of sh and of cmd alike.
        for command in f'{prints} "{passphrase}"', f'{prints} "{passphrase}" && echo more', "echo correct horse":
            with self.subTest(command):
                machine.new_user()
                self.configure(f"store = 'file'\npassphrase_command = '{command}'\n")
                self.link()
                self.succeed("balance")
                self.succeed("unlink", "--yes")

    def configure(self, text):
        path = machine.config_file()
        os.makedirs(os.path.dirname(path), mode=0o700)
        with open(path, "w", newline="\r\n") as file:
            file.write(text)
        os.chmod(path, 0o600)
        return path

    def test_files_that_others_may_use_are_refused(self):
        self.use_file_store()
        self.link()
        store = machine.kept("store.age")
        # Wine shows what administrators may do as what the group may.
        others = 0o007 if machine.name == "Wine" else 0o077
        for path in store, os.path.dirname(store):
            self.assertEqual(os.stat(path).st_mode & others, 0, path)
        os.chmod(store, 0o644)
        error = self.fail_with(1, "store_unsafe", "balance")
        self.assertIn("store.age", error["message"])
        self.assertIn("icacls" if machine.name == "Wine" else "chmod 600", error["hint"])
        os.chmod(store, 0o600)
        config = self.configure("refresh = 20\n")
        self.succeed("balance")
        os.chmod(config, 0o622)
        self.fail_with(2, "config", "balance")
        os.chmod(config, 0o600)
        self.succeed("unlink", "--yes")

    def test_rekey(self):
        self.use_file_store()
        self.link()
        new = self.write("new", "battery staple\n")
        self.succeed("store", "rekey", "--new-passphrase-file", new)
        self.fail_with(1, "store_passphrase", "balance")
        self.variables["GETCARD_PASSPHRASE_FILE"] = new
        self.succeed("balance")
        self.succeed("unlink", "--yes")

    def test_migrate(self):
        if not machine.has_keychain:
            self.skipTest("no keychain on this machine")
        self.link()
        self.use_file_store()
        for store in "file", "keychain":
            self.variables["GETCARD_STORE"] = store
            moved = self.succeed("store", "migrate", "--to", store, "--json").json["profiles"]
            self.assertIn(self.variables["GETCARD_PROFILE"], json.dumps(moved))
            self.succeed("balance")
        self.succeed("unlink", "--yes")

    def test_doctor_and_figures(self):
        self.use_file_store()
        self.link()
        self.succeed("barcode", "--once")
        doctor = self.run_it("doctor", "--json")
        states = {check["name"]: check["status"] for check in doctor.json["checks"]}
        self.assertEqual((doctor.code, set(states.values()) <= {"ok", "warn"}), (0, True), doctor)
        self.assertIn("getcard_calls_total{", self.succeed("doctor", "--openmetrics").text)
        self.succeed("unlink", "--yes")


class Reading(Case):
    """What a linked card shows."""

    def setUp(self):
        super().setUp()
        self.use_file_store()
        self.link()

    def tearDown(self):
        self.succeed("unlink", "--yes")

    def test_history(self):
        everything = ("history", "--all")
        whole = self.succeed(*everything, "--format", "json").json
        self.assertTrue(whole["complete"])
        transactions = whole["transactions"]
        self.assertGreater(len(transactions), 1000)
        lines = self.succeed(*everything, "--format", "jsonl").text.splitlines()
        self.assertEqual([json.loads(line) for line in lines], transactions)
        rows = list(csv.DictReader(io.StringIO(self.succeed(*everything, "--format", "csv").text, newline="")))
        self.assertEqual([row["id"] for row in rows], [transaction["id"] for transaction in transactions])
        table = self.succeed("history", "--limit", "5").text
        self.assertEqual(len(table.splitlines()), 6, table)
        groups = self.succeed("history", "--summary", "month", "--json").json["groups"]
        self.assertGreater(len(groups), 10)
        self.assertTrue(self.succeed("history", "--reconcile", "--json").json["ok"])

    def test_history_formats_of_ledgers(self):
        if "hledger" not in self.succeed("help", "history").text:
            self.skipTest("this version has no such format")
        for word in "hledger", "beancount":
            self.assertIn("Flexi", self.succeed("history", "--format", word).text)

    def test_forecast(self):
        forecast = self.succeed("forecast", "--json").json
        self.assertIn("Flexi Dollars", [account["account"] for account in forecast["accounts"]])

    def test_journal(self):
        events = self.succeed("journal", "--json").json["events"]
        self.assertIn("link", [event["event"] for event in events])

    def test_chart(self):
        path, seen = self.output("chart.png")
        self.succeed("history", "--since", "3m", "--chart", "--output", seen)
        with open(path, "rb") as file:
            self.assertTrue(file.read().startswith(b"\x89PNG"))

    def test_barcode_files(self):
        for name in "card.png", "card.svg", "card.txt":
            with self.subTest(name):
                path, seen = self.output(name)
                self.succeed("barcode", "--output", seen)
                self.assertEqual(self.decode(path), self.service.payloads[-1])

    def test_barcode_text_and_payload(self):
        self.assertEqual(self.succeed("barcode", "--format", "payload").text.strip(), self.service.payloads[-1])
        # A second call within a second may be spaced by the program; it still is one barcode.
        self.assertEqual(self.decode("-", self.succeed("barcode", "--once").stdout), self.service.payloads[-1])
        self.assertEqual(self.succeed("barcode", "--once", "--json").json["payload"], self.service.payloads[-1])

    def test_output_over_an_open_file(self):
        path, seen = self.output("open.svg")
        with open(path, "w") as file:
            file.write("old")
        with open(path) as reader:
            self.succeed("barcode", "--output", seen)
            self.assertEqual(reader.read(), "old")
        self.assertEqual(self.decode(path), self.service.payloads[-1])


class Interrupted(Case):
    """Ends that nobody planned, and two at once."""

    def setUp(self):
        super().setUp()
        self.use_file_store()

    def test_ctrl_c(self):
        self.link()
        self.service.hold("retrieveAccounts", "before")
        terminal = self.on_terminal(*machine.program, "balance")
        self.service.wait_until_held()
        terminal.send(b"\x03")
        code = terminal.exit_code()
        self.service.release()
        self.assertEqual(code, 130, terminal.output)
        self.succeed("unlink", "--yes")

    def test_two_links_at_once_make_one_device(self):
        self.service.hold("createPIN", "before")
        url = self.service.validated_url.encode()
        processes = [self.start("link", "-", "--json"), self.start("link", "-", "--json")]
        for process in processes:
            process.stdin.write(url)
            process.stdin.close()
            process.stdin = None
        self.service.wait_until_held()
        self.service.release()
        outcomes = [Outcome(process) for process in processes]
        self.assertEqual(self.service.calls.count("createPIN"), 1, outcomes)
        self.assertEqual(sorted(outcome.code for outcome in outcomes)[0], 0, outcomes)
        self.assertEqual(len(self.service.devices), 1)
        self.succeed("unlink", "--yes")

    def test_many_readers_at_once(self):
        self.link()
        for outcome in [Outcome(process) for process in [self.start("balance", "--json") for _ in range(4)]]:
            self.assertEqual(outcome.code, 0, outcome)
        self.succeed("unlink", "--yes")

    def test_killed_while_linking(self):
        for method in "createPIN", "authenticatePIN":
            for when in "before", "after":
                with self.subTest(f"{when} {method}"):
                    self.service.hold(method, when)
                    process = self.start("link", "-")
                    process.stdin.write(self.service.validated_url.encode())
                    process.stdin.close()
                    self.service.wait_until_held()
                    self.assertIsNone(process.poll())
                    process.kill()
                    process.wait()
                    process.stdout.close()
                    process.stderr.close()
                    self.service.release()
                    status = self.run_it("status", "--check", "--json")
                    linked = status.json["linked"]
                    self.assertEqual(status.code, 0 if linked else 3, status)
                    self.assertEqual(len(self.service.devices), int(linked))
                    if linked:
                        self.succeed("unlink", "--yes")
                    self.assertEqual(self.service.devices, set())


def main():
    global machine
    kind, program = sys.argv[1:3]
    machine = MACHINES[kind](program)
    os.umask(0o077)
    try:
        result = unittest.main(argv=[sys.argv[0], *sys.argv[3:]], exit=False).result
    finally:
        machine.close()
    return 0 if result.wasSuccessful() else 1


if __name__ == "__main__":
    sys.exit(main())
