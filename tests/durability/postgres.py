"""A PostgreSQL server of this run alone: socket only, made by initdb, gone at the end."""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time


class Postgres:
    def __init__(self):
        binaries = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        if not binaries:
            raise SystemExit("no PostgreSQL under /usr/lib/postgresql (package postgresql-15)")
        self.binaries = binaries[-1].parent
        self.psql = str(self.binaries / "psql")
        self.folder = tempfile.mkdtemp(prefix="ow-pg-")
        # The server refuses to run as root.
        user = pwd.getpwnam("postgres") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        os.chmod(self.folder, 0o755)
        as_user = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if os.geteuid() == 0 else {}
        data = f"{self.folder}/data"
        subprocess.run([self.binaries / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"],
                       check=True, stdout=subprocess.DEVNULL, cwd="/", **as_user)
        self.server = subprocess.Popen([self.binaries / "postgres", "-D", data, "-c", "listen_addresses=", "-c",
                                        f"unix_socket_directories={self.folder}"], stderr=subprocess.DEVNULL, cwd="/", **as_user)
        self.url = f"host={self.folder} user=postgres dbname=postgres"
        for _ in range(600):
            if subprocess.run([self.psql, self.url, "-c", "SELECT 1"], capture_output=True).returncode == 0:
                return
            time.sleep(0.05)
        raise SystemExit("PostgreSQL did not start")

    def stop(self):
        self.server.send_signal(signal.SIGINT)
        self.server.wait(60)
        shutil.rmtree(self.folder, ignore_errors=True)
