"""What a run left behind, and what must be true of it: the clients' journal, the service's store, the agencies' ledgers.

The three were written by different processes. Nothing here asks the service: the store is read from outside."""

import collections
import copy
import csv
import hashlib
import io
import json
import pathlib
import re
import sqlite3
import subprocess

TABLES = {
    "answers": "SELECT key, status FROM api_idempotency",
    "cases": "SELECT id, number, state FROM application_case",
    "revisions": "SELECT case_id, revision FROM application_revision",
    "verifications": "SELECT id FROM identity_verification",
    "requests": "SELECT id, state FROM signing_request",
    "certificates": "SELECT request FROM signing_certificate",
    "signatures": "SELECT request FROM signing_signature",
    "tasks": "SELECT case_id, state FROM review_task",
    "licences": "SELECT case_id, uscc, id FROM licence_licence",
    "items": "SELECT case_id, kind, code, number, state FROM handover_item",
    "blanks": "SELECT hall, COUNT(*) AS count FROM handover_blank GROUP BY hall",
    "parcels": "SELECT label FROM handover_parcel",
    "tracks": "SELECT id, case_number, matter, state, version, receipt, pushed_at FROM exchange_track",
    "messages": "SELECT track, version, payload_sm3 FROM exchange_message",
    "jobs": "SELECT kind, state, problem FROM job_queue WHERE state IN ('dead', 'running')",
    "events": "SELECT case_id, COUNT(*) AS count, MAX(sequence) AS last, MIN(sequence) AS first FROM progress_event GROUP BY case_id",
}


def read_sqlite(file):
    connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    return {name: [dict(row) for row in connection.execute(sql)] for name, sql in TABLES.items()}


def read_postgres(psql, url):
    found = {}
    for name, sql in TABLES.items():
        text = subprocess.run([psql, url, "--csv", "-c", sql], check=True, capture_output=True, text=True).stdout
        numbers = {"status", "revision", "version", "count", "last", "first", "pushed_at"}
        found[name] = [{key: int(value) if key in numbers and value else value for key, value in row.items()}
                       for row in csv.DictReader(io.StringIO(text))]
    return found


def read_ledgers(folder):
    effects = []
    for file in sorted(pathlib.Path(folder).glob("*/ledger.jsonl")):
        for line in file.read_text().splitlines():
            entry = json.loads(line)
            if entry["what"] != "effect":
                continue
            message = json.loads(entry["body"])
            effects.append({"agency": file.parent.name, "receipt": entry["receipt"], "case_number": message["case_number"],
                            "matter": message["matter"], "version": message["version"],
                            "payload_sm3": hashlib.new("sm3", entry["body"].encode()).hexdigest()})
    return effects


def read_run(data, store):
    evidence = dict(store)
    journal = pathlib.Path(data, "journal.jsonl").read_text().splitlines()
    evidence["journal"] = [json.loads(line) for line in journal]
    evidence["effects"] = read_ledgers(pathlib.Path(data, "agencies"))
    return evidence


def step_effects(evidence):
    """Path of a write -> whether the store has what this step was acknowledged to have done."""
    cases = {row["id"]: row for row in evidence["cases"]}
    revisions = {(row["case_id"], row["revision"]) for row in evidence["revisions"]}
    requests = {row["id"]: row["state"] for row in evidence["requests"]}
    asked = {row["request"] for row in evidence["certificates"]}
    signed = {row["request"] for row in evidence["signatures"]}
    # A second look at what the machine granted ends as confirmed.
    decided = {row["case_id"] for row in evidence["tasks"] if row["state"] in ("granted", "confirmed")}
    dealt = {row["case_id"] for row in evidence["tasks"]}
    items = {row["code"]: row["state"] for row in evidence["items"]}
    logins = {row["id"] for row in evidence["verifications"]}
    halls = {row["hall"]: row["count"] for row in evidence["blanks"]}
    parcels = {row["label"] for row in evidence["parcels"]}
    boards = {row["id"] for row in evidence["cases"] if row["state"] not in ("drafting", "checked")}
    there = ("at_window", "handed_over", "posted", "packed", "with_courier", "delivered")
    return [
        (r"/api/v1/identity/logins", lambda _, answer: answer["id"] in logins),
        (r"/api/v1/cases", lambda _, answer: cases.get(answer["id"], {}).get("number") == answer["number"]),
        (r"/api/v1/cases/(\w+)/form", lambda found, answer: (found[1], answer["revision"]) in revisions),
        (r"/api/v1/cases/(\w+)/signing", lambda found, _: found[1] in boards),
        (r"/api/v1/signature-requests/(\w+)/(?:seen|confirmation)", lambda found, _: requests.get(found[1]) == "signed"),
        (r"/api/v1/signature-requests/(\w+)/certificate", lambda found, _: found[1] in asked),
        (r"/api/v1/signature-requests/(\w+)/signature", lambda found, _: found[1] in signed and requests[found[1]] == "signed"),
        (r"/api/v1/review/tasks/next", lambda _, answer: answer["case_id"] in dealt),
        (r"/api/v1/review/cases/(\w+)/decision", lambda found, _: found[1] in decided),
        (r"/api/v1/halls/(\w+)/blanks", lambda found, answer: halls.get(found[1], 0) >= answer["received"]),
        (r"/api/v1/halls/\w+/prints", lambda _, answer: all(items.get(f"{answer['case_number']}-{copy['kind']}", "expected") != "expected"
                                                            for copy in answer["copies"])),
        (r"/api/v1/halls/\w+/scans", lambda _, answer: items.get(f"{answer['case_number']}-{answer['kind']}") in there),
        (r"/api/v1/halls/\w+/labels", lambda _, answer: answer["label"] in parcels),
    ]


def lost_steps(evidence):
    """Each acknowledged step stands in the store: its key, and what it did."""
    kept = {row["key"]: row["status"] for row in evidence["answers"]}
    checks = step_effects(evidence)
    for step in evidence["journal"]:
        name = f"{step['method']} {step['path']} {step['key']}"
        if kept.get(step["key"]) != step["status"]:
            yield f"no stored answer: {name}"
        answer = json.loads(step["answer"])
        for pattern, done in checks:
            found = re.fullmatch(pattern, step["path"])
            if found and not done(found, answer):
                yield f"no effect: {name}"
            if found:
                break
        else:
            yield f"no check knows this step: {name}"


def repeated(name, values):
    for value, count in collections.Counter(value for value in values if value).items():
        if count > 1:
            yield f"{name} {value} stands {count} times"


def doubled_numbers(evidence):
    yield from repeated("USCC", [row["uscc"] for row in evidence["licences"]])
    yield from repeated("certificate identifier", [row["id"] for row in evidence["licences"]])
    yield from repeated("licence of case", [row["case_id"] for row in evidence["licences"]])
    yield from repeated("case number", [row["number"] for row in evidence["cases"]])
    yield from repeated("number of an item", [row["number"] for row in evidence["items"] if row["kind"].startswith(("seal_", "licence_"))])
    yield from repeated("receipt", [row["receipt"] for row in evidence["tracks"]])
    yield from repeated("receipt of an effect", [row["receipt"] for row in evidence["effects"]])


def wrong_pushes(evidence):
    """Each message that was made is one effect in one ledger, byte for byte; no ledger has anything else."""
    tracks = {row["id"]: row for row in evidence["tracks"]}
    made = {}
    for row in evidence["messages"]:
        track = tracks[row["track"]]
        made[(track["case_number"], track["matter"], row["version"])] = row["payload_sm3"]
    applied = collections.defaultdict(list)
    for effect in evidence["effects"]:
        applied[(effect["case_number"], effect["matter"], effect["version"])].append(effect["payload_sm3"])
    for key, digest in made.items():
        if applied.get(key) != [digest]:
            yield f"message {key} was applied {len(applied.get(key, []))} times, or with other bytes"
    for key in applied.keys() - made.keys():
        yield f"an effect without a message: {key}"
    for row in evidence["tracks"]:
        if row["pushed_at"] and (row["case_number"], row["matter"], row["version"]) not in made:
            yield f"pushed without a message: {row['id']}"


def unfinished(evidence, applications):
    ends = ("complete", "complete_with_open_matters")
    if len(evidence["cases"]) != applications:
        yield f"{len(evidence['cases'])} cases for {applications} applications"
    for row in evidence["cases"]:
        if row["state"] not in ends:
            yield f"case {row['number']} is {row['state']}"
    for row in evidence["tracks"]:
        if row["state"] not in ("done", "not_applicable", "deferred", "closed_by_applicant"):
            yield f"track {row['case_number']} {row['matter']} is {row['state']}"
    for row in evidence["events"]:
        if row["first"] != 1 or row["last"] != row["count"]:
            yield f"the timeline of {row['case_id']} has a gap"
    for row in evidence["jobs"]:
        yield f"a job is {row['state']}: {row['kind']} {row['problem']}"


def faults(evidence, applications):
    return [*lost_steps(evidence), *doubled_numbers(evidence), *wrong_pushes(evidence), *unfinished(evidence, applications)]


def blind_spots(evidence, applications):
    """Plants each violation in a copy: one that is not seen means that this program proves nothing."""

    def drop(table, position=0):
        return lambda copied: copied[table].pop(position)

    def double(table):
        return lambda copied: copied[table].append(dict(copied[table][0]))

    def change(table, column, value):
        return lambda copied: copied[table][0].update({column: value})

    def drop_what(table, column, path):
        def plant(copied):
            step = next(step for step in copied["journal"] if re.search(path, step["path"]))
            identifier = re.search(path, step["path"])[1]
            copied[table] = [row for row in copied[table] if row[column] != identifier]
        return plant

    def key_of_a_step(copied):
        copied["answers"] = [row for row in copied["answers"] if row["key"] != copied["journal"][-1]["key"]]

    plants = {
        "a stored answer is gone": key_of_a_step,
        "a case is gone": drop("cases"),
        "a saved form is gone": drop_what("revisions", "case_id", r"/cases/(\w+)/form"),
        "a signature is gone": drop_what("signatures", "request", r"/signature-requests/(\w+)/signature"),
        "a scan is gone": lambda copied: [row.update(state="made") for row in copied["items"]],
        "a USCC was issued twice": change("licences", "uscc", evidence["licences"][1]["uscc"]),
        "a seal number was given twice": lambda copied: [row.update(number="1") for row in copied["items"] if row["kind"] == "seal_company"],
        "a receipt was given twice": change("effects", "receipt", evidence["effects"][1]["receipt"]),
        "a push was applied twice": double("effects"),
        "a push was lost": drop("effects"),
        "a push came with other bytes": change("effects", "payload_sm3", "0"),
        "a case did not finish": change("cases", "state", "reviewing"),
        "an event is gone": change("events", "count", 1),
        "a job was given up": lambda copied: copied["jobs"].append({"kind": "x", "state": "dead", "problem": ""}),
    }
    for name, plant in plants.items():
        copied = copy.deepcopy(evidence)
        plant(copied)
        if not faults(copied, applications):
            yield f"not seen when planted: {name}"
