"""The service under test with the reference processes that it needs, in a folder of its own that is thrown away."""

import json
import os
import pathlib
import secrets
import signal
import socket
import subprocess
import tempfile
import time

import agency
import wire

DAY_MS = 24 * 3600 * 1000


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Service:
    def __init__(self, binary):
        self.binary = str(pathlib.Path(binary).resolve())
        self.folder = tempfile.TemporaryDirectory(prefix="onewindow-bad-")
        self.data = pathlib.Path(self.folder.name)
        self.processes = []
        self.service = None
        self.agency = agency.Agency()
        subprocess.run([self.binary, "seed", "--demo", "--data", str(self.data)], check=True, capture_output=True, timeout=120)
        self.accounts = {post["login"]: post for post in json.loads((self.data / "demo_accounts.json").read_text())}
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        secret = secrets.token_hex(16)
        self.identity = self.start_agency("identity", ["--client", f"onewindow:{secret}"])
        ca = self.start_agency("ca")
        sms = self.start_agency("sms")
        root = self.data / "ca_root.der"
        root.write_bytes(__import__("base64").b64decode(ca["public_key"]))
        (self.data / "agencies.toml").write_text(self.agency.settings())
        settings = self.data / "onewindow.toml"
        settings.write_text(
            f'[http]\nlisten = "127.0.0.1:{self.port}"\npublic_url = "{self.url}"\n\n[mode]\ndemo = true\nreal_clock = false\n\n'
            f'[identity]\nurl = "{self.identity["url"]}"\nclient = "onewindow"\nsecret = "{secret}"\n\n'
            f'[ca]\nurl = "{ca["url"]}"\ncertificate = "{root}"\n\n[notice]\nsms_url = "{sms["url"]}"\n'
        )
        settings.chmod(0o600)
        self.start()

    def start_agency(self, kind, more=()):
        """It runs by the service's clock, which stands in demo_clock."""
        folder = self.data / "agencies" / kind
        folder.mkdir(parents=True, mode=0o700)
        command = [self.binary, "agency", "--kind", kind, "--listen", "127.0.0.1:0", "--directory", str(folder)]
        command += ["--clock-shift", str(self.shift_ms()), *more]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=(folder / "log.jsonl").open("ab"))
        self.processes.append(process)
        return json.loads(process.stdout.readline())

    def shift_ms(self):
        file = self.data / "demo_clock"
        return int(file.read_text()) if file.exists() else 0

    def now(self):
        return time.time() + self.shift_ms() / 1000

    def start(self):
        log = (self.data / "service.jsonl").open("ab")
        self.service = subprocess.Popen([self.binary, "serve", "--data", str(self.data)], stdout=subprocess.PIPE, stderr=log)
        if not self.service.stdout.readline():
            raise RuntimeError("the service did not start:\n" + (self.data / "service.jsonl").read_text()[-2000:])
        until = time.monotonic() + 30
        while time.monotonic() < until:
            try:
                if wire.Client(self.port).call("GET", "/readyz").status == 200:
                    return
            except OSError:
                pass
            time.sleep(0.02)
        raise RuntimeError("the service does not get ready")

    def stop_service(self):
        self.service.send_signal(signal.SIGTERM)
        return self.service.wait(timeout=60)

    def restart(self, days_later=0):
        """The same data, a later day: what a deadline needs."""
        status = self.stop_service()
        (self.data / "demo_clock").write_text(str(self.shift_ms() + days_later * DAY_MS) + "\n")
        self.start()
        return status

    def log(self):
        lines = []
        for line in (self.data / "service.jsonl").read_text().splitlines():
            try:
                lines.append(json.loads(line))
            except ValueError:
                lines.append({"level": "error", "event": "not_json", "text": line})
        return lines

    def stop(self):
        if self.service.poll() is None:
            self.stop_service()
        for process in self.processes:
            process.terminate()
            process.wait(timeout=30)
        self.agency.stop()
        if not os.environ.get("KEEP"):
            self.folder.cleanup()
