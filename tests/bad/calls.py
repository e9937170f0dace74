"""Cases that are one request: a correct HTTP message with a bad wish, or bytes that are no correct message."""

import json
import secrets
import time

import judge
import state
import wire


def headers_of(world, request):
    return [(name, world.fill(value)) for name, value in request.get("headers", [])]


def send(world, case, request, language, headers=()):
    caller = world.caller(case.get("as", "nobody"))
    sent = headers_of(world, request)
    own_language = any(name == "Accept-Language" for name, _ in sent)
    if not own_language:
        sent.append(("Accept-Language", language))
    if caller.token:
        sent.append(("Authorization", f"Bearer {caller.token}"))
    body = b""
    if "json" in request:
        body = json.dumps(world.fill(request["json"]), ensure_ascii=False).encode()
        sent.append(("Content-Type", "application/json"))
    elif "text" in request:
        body = request["text"].encode()
    elif "hex" in request:
        body = bytes.fromhex(request["hex"])
    write = request["method"] in ("POST", "PUT", "DELETE")
    if write and not request.get("no_key") and not any(name == "Idempotency-Key" for name, _ in sent):
        sent.append(("Idempotency-Key", secrets.token_hex(12)))
    if write and not body:
        sent.append(("Content-Length", "0"))
    return caller.client.call(request["method"], world.fill(request["path"]), sent, body)


def check_unchanged(world, case, judged, before):
    changed = state.changed(before, world.store.fingerprint())
    allowed = set(case.get("leaves", []))
    judged.must(changed <= allowed, f"changed {sorted(changed - allowed)}")


def run(world, case, judged):
    if "raw" in case:
        return run_raw(world, case, judged)
    first = None
    for request in case.get("first", []):
        first = send(world, case, request, "zh")
        if first.status >= 300:
            judged.must(False, f"the request before: {first}")
            return None
    if "harmless" in case:
        return run_harmless(world, case, judged, first)
    expect = case["expect"]
    for language in ("zh",) if expect.get("zh_only") else ("zh", "en"):
        before = world.store.fingerprint()
        began = time.monotonic()
        answer = send(world, case, case["request"], language)
        seconds = time.monotonic() - began
        judged.must(seconds < case.get("seconds_max", 3), f"took {seconds:.1f} s")
        wanted = dict(expect)
        if expect.get("errors") == "bounded":
            wanted["errors"] = [(error["field"], error["reason"]) for error in answer.json()["errors"]]
            judged.must(len(answer.body) < 1 << 20, f"an answer of {len(answer.body)} bytes")
        judge.judge_problem(judged, answer, wanted, "any" if expect.get("own_language") else language)
        if case["request"]["method"] == "HEAD":
            judged.must(not answer.body, "HEAD with a body")
        check_unchanged(world, case, judged, before)
    if "like" in case:
        # What one may not know of has to look exactly like what is not there.
        there = send(world, case, case["request"], "zh")
        absent = send(world, case, dict(case["request"], path=case["like"]), "zh")
        same = {**there.json(), "trace": ""} == {**absent.json(), "trace": ""} and there.status == absent.status
        judged.must(same and set(there.headers) == set(absent.headers), f"{there} tells it from {absent}")
    return None


def run_harmless(world, case, judged, first):
    """Input that looks dangerous and is only text: a good answer, nothing changed."""
    before = world.store.fingerprint()
    answer = send(world, case, case["request"], "zh")
    wanted = case["harmless"]
    judged.must(answer.status == wanted["status"], f"{answer}")
    judged.must(answer.headers.get("x-content-type-options") == "nosniff", "may be sniffed")
    judged.must("html" not in answer.headers.get("content-type", ""), "answered as a page")
    for name, value in wanted.get("has", {}).items():
        found = answer.json().get(name) if answer.status == 200 else None
        judged.must(found == value, f"{name} is {found!r}, not {value!r}: {answer}")
    if wanted.get("same_as_first"):
        judged.must(first is not None and answer.body == first.body, f"{answer} differs from {first}")
    check_unchanged(world, case, judged, before)


def bytes_of(parts):
    data = b""
    for part in parts:
        if isinstance(part, str):
            data += part.encode("latin-1")
        elif "hex" in part:
            data += bytes.fromhex(part["hex"])
        else:
            data += part["repeat"].encode("latin-1") * part["times"]
    return data


def ask_raw(port, case, judged):
    expect = case["expect"]
    connection = wire.Connection(port)
    try:
        connection.send(bytes_of(case["raw"]))
        answer = connection.read_answer()
        judge.judge_problem(judged, answer, expect)
        if expect.get("closes", True):
            judged.must(answer.headers.get("connection") == "close", "does not say that it closes")
            rest = connection.buffer
            judged.must(not rest, f"a second answer: {rest[:100]!r}")
            judged.must(connection.closes(), "the connection stays open")
    finally:
        connection.close()


def run_raw(world, case, judged):
    before = world.store.fingerprint()
    ask_raw(world.service.port, case, judged)
    check_unchanged(world, case, judged, before)


def wait_for_limit(port, case):
    """A raw case that has to wait for a time limit of the service."""
    judged = judge.Judged()
    began = time.monotonic()
    try:
        ask_raw(port, case, judged)
    except (wire.Broken, OSError) as broken:
        judged.must(False, f"no answer: {broken}")
    seconds = time.monotonic() - began
    least, most = case["seconds"]
    judged.must(least <= seconds <= most, f"took {seconds:.1f} s")
    return judged.faults
