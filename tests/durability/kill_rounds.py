#!/usr/bin/env python3
"""Kills the service again and again while applications are filed, and proves that nothing acknowledged was lost.

  kill_rounds.py BINARY [--rounds 20] [--applications 30] [--engine sqlite|postgres] [--crash-points]

The C++ client files and signs, keeps a journal of what it was told, kills and restarts the service, and asks for every
step again after each start. This program then reads what the processes left behind (evidence.py) and has the timeline
replayed. With --crash-points the service ends itself at every crash point that the source names, after the kills.
Exit status 1 on any loss."""

import argparse
import json
import pathlib
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

import evidence
import postgres

ROOT = pathlib.Path(__file__).resolve().parents[2]
SAMPLES = 9
# In the order in which an application passes them, so that each is still ahead of some application.
ORDER = ("review.", "licence.issued", "licence.", "exchange.before", "exchange.", "")


def crash_points():
    """Every name that the source reaches; a new one is tested without being listed anywhere."""
    found = set()
    for file in (ROOT / "src").rglob("*.cpp"):
        if not file.name.endswith("_test.cpp"):
            found |= set(re.findall(r'\bReach\("([^"]+)"\)', file.read_text()))
    return sorted(found, key=lambda name: next(i for i, prefix in enumerate(ORDER) if name.startswith(prefix)))


def run(arguments, data, database):
    out = f"{data}/out"
    command = [arguments.binary, "demo", "--data", data, "--samples", str(ROOT / "samples"), "--out", out, "--quiet",
               "--applications", str(max(arguments.applications - SAMPLES, 0)), "--parallel", str(arguments.parallel),
               "--slow", "20", "--lose", "5", "--repeat", "5", "--seed", str(arguments.seed),
               "--kill-rounds", str(arguments.rounds)]
    if database:
        command += ["--db", database]
    points = crash_points() if arguments.crash_points else []
    for point in points:
        command += ["--crash-at", f"{point}:2"]
    status = subprocess.run(command, timeout=arguments.timeout).returncode
    outages = json.loads(pathlib.Path(out, "outages.json").read_text())
    return status, outages, points


def replay(binary, data, database):
    """The timeline tells the same tables; a row that is changed past the events is found."""
    command = [binary, "doctor", "--data", data, "--replay"] + (["--db", database] if database else [])
    return subprocess.run(command, timeout=300, capture_output=True, text=True)


def replay_problems(arguments, data, server):
    database = server.url if server else ""
    told = replay(arguments.binary, data, database)
    if told.returncode != 0:
        return [told.stdout]
    tamper = "UPDATE handover_item SET place = 'nowhere' WHERE code = (SELECT MIN(code) FROM handover_item)"
    if server:
        subprocess.run([server.psql, server.url, "-q", "-c", tamper], check=True)
    else:
        with sqlite3.connect(f"{data}/onewindow.db") as connection:
            connection.execute(tamper)
    if "handover_item" not in replay(arguments.binary, data, database).stdout:
        return ["not seen when planted: a row was changed past the events"]
    return []


def judge(arguments, status, outages, points, found):
    problems = [] if status == 0 else [f"the demo ended with status {status}"]
    problems += outages["lost"]
    kills = [outage for outage in outages["outages"] if outage["how"] == "SIGKILL"]
    if len(kills) != arguments.rounds:
        problems.append(f"{len(kills)} kills instead of {arguments.rounds}")
    problems += [f"kill {i + 1} met no request" for i, kill in enumerate(kills) if kill["cut_reads"] + kill["cut_writes"] == 0]
    reached = [outage["how"].rsplit(":", 1)[0] for outage in outages["outages"]]
    problems += [f"crash point {point} was not reached" for point in points if point not in reached]
    applications = max(arguments.applications, SAMPLES)
    problems += evidence.faults(found, applications)
    if not problems:
        problems += evidence.blind_spots(found, applications)
    return problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--applications", type=int, default=30, help="in all; the nine samples are always among them")
    parser.add_argument("--engine", choices=["sqlite", "postgres"], default="sqlite")
    parser.add_argument("--crash-points", action="store_true")
    parser.add_argument("--parallel", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--timeout", type=int, default=540)
    parser.add_argument("--keep", help="folder for the data, kept afterwards")
    arguments = parser.parse_args()
    if arguments.keep:
        shutil.rmtree(arguments.keep, ignore_errors=True)
    data = arguments.keep or tempfile.mkdtemp(prefix="ow-kill-")
    server = postgres.Postgres() if arguments.engine == "postgres" else None
    begun = time.monotonic()
    try:
        status, outages, points = run(arguments, data, server.url if server else "")
        store = evidence.read_postgres(server.psql, server.url) if server else evidence.read_sqlite(f"{data}/onewindow.db")
        found = evidence.read_run(data, store)
        problems = replay_problems(arguments, data, server)
    finally:
        if server:
            server.stop()
        if not arguments.keep:
            shutil.rmtree(data, ignore_errors=True)
    problems += judge(arguments, status, outages, points, found)
    cut = [outage["cut_reads"] + outage["cut_writes"] for outage in outages["outages"] if outage["how"] == "SIGKILL"]
    print(f"{arguments.engine}: {len(outages['outages'])} outages in {time.monotonic() - begun:.0f} s, requests under way at each kill "
          f"{min(cut, default=0)}..{max(cut, default=0)}; {len(found['journal'])} acknowledged steps, {len(found['effects'])} pushes "
          f"applied once, {len(found['cases'])} applications complete; writes without an answer: {outages['cut_and_stored']} were stored, "
          f"{outages['cut_and_not_stored']} were not; longest start {max(o['down_ms'] for o in outages['outages'])} ms")
    for problem in problems:
        print("FAILED:", problem)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
