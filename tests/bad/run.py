#!/usr/bin/env python3
"""Illegal, malformed and hostile inputs against a real service over HTTP; see README.md. Usage: run.py BINARY [WORD]"""

import argparse
import concurrent.futures
import datetime
import json
import pathlib
import sys
import time

import acts
import forms
import judge
import calls
import service
import state
import wire
import world as worlds

HERE = pathlib.Path(__file__).resolve().parent


def load(word):
    cases = []
    for file in sorted((HERE / "cases").glob("*.json")):
        for case in json.loads(file.read_text()):
            case["file"] = file.stem
            cases.append(case)
    names = [case["id"] for case in cases]
    assert len(set(names)) == len(names), "an id is used twice"
    return [case for case in cases if word in case["id"] or word == case["file"]]


def run_one(world, case):
    """The faults found: none is good."""
    judged = judge.Judged()
    runner = forms if "form" in case else calls if "request" in case or "raw" in case else acts
    try:
        runner.run(world, case, judged)
    except (wire.Broken, OSError) as broken:
        judged.must(False, f"no answer: {broken}")
    except Exception as unexpected:  # A case that cannot be set up is a fault, not an abort of all others.
        judged.must(False, f"{type(unexpected).__name__}: {unexpected}")
    judged.must(world.service.service.poll() is None, "the service has ended")
    try:
        alive = wire.Client(world.service.port).call("GET", "/healthz").status == 200
    except (wire.Broken, OSError):
        alive = False
    judged.must(alive, "the service does not answer any more")
    if judged.faults and alive:
        world.drop_drafts()
    return judged.faults


def faults_in_log(the_service):
    """Each kind of error line once, with how often it came."""
    found = {}
    for line in the_service.log():
        status = line.get("status", 0)
        if line["level"] == "error" or (isinstance(status, int) and status >= 500):
            passing = ("at", "trace", "ms", "account")
            text = json.dumps({key: value for key, value in line.items() if key not in passing}, ensure_ascii=False)
            found[text] = found.get(text, 0) + 1
    return [f"{count} × {text[:400]}" for text, count in found.items()]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("binary")
    arguments.add_argument("word", nargs="?", default="", help="only cases with it in their id, or of this file")
    options = arguments.parse_args()
    began = time.monotonic()
    cases = load(options.word)
    the_service = service.Service(options.binary)
    failed = []
    try:
        world = worlds.World(the_service)
        # What waits for a time limit of the service runs beside the others.
        slow = [case for case in cases if case.get("slow")]
        late = [case for case in cases if case.get("days_later")]
        with concurrent.futures.ThreadPoolExecutor(8) as threads:
            waiting = [(case, threads.submit(calls.wait_for_limit, the_service.port, case)) for case in slow]
            for case in cases:
                if case in slow or case in late:
                    continue
                run_and_report(world, case, failed)
            for case, future in waiting:
                report(failed, case, future.result())
        if late:
            world.go_to_later_day(max(case["days_later"] for case in late))
            for case in late:
                run_and_report(world, case, failed)
        status = the_service.stop_service()
        if status != 0:
            failed.append(("service", [f"ended with status {status}"]))
        for line in faults_in_log(the_service):
            failed.append(("log", [line]))
    finally:
        the_service.stop()
    for name, faults in failed:
        print(f"BAD {name}\n    " + "\n    ".join(faults))
    seconds = time.monotonic() - began
    print(f"{len(cases)} bad inputs, {len(failed)} wrong answers, {seconds:.0f} s")
    return 1 if failed or not cases else 0


def run_and_report(world, case, failed):
    began = time.monotonic()
    report(failed, case, run_one(world, case))
    seconds = time.monotonic() - began
    if seconds > 5:
        print(f"{case['id']} took {seconds:.0f} s", flush=True)


def report(failed, case, faults):
    if faults:
        failed.append((case["id"], faults))


if __name__ == "__main__":
    sys.exit(main())
