"""What a refusal has to look like (RFC 9457), and what must never be in it."""

import re

HAN = re.compile("[\u4e00-\u9fff]")
INSIDE = re.compile(r"sqlite|SELECT |INSERT |postgres|\.cpp|\.hpp|exception|std::|/tmp/|stack|terminate", re.IGNORECASE)
MEMBERS = {"type", "title", "status", "reason", "field", "citation", "trace", "errors"}


class Judged:
    def __init__(self):
        self.faults = []

    def must(self, holds, what):
        if not holds:
            self.faults.append(what)


def judge_text(judged, text, language, where):
    judged.must(bool(text), f"{where}: no sentence")
    judged.must("{" not in text and "}" not in text, f"{where}: a gap was not filled: {text}")
    if language == "zh":
        judged.must(bool(HAN.search(text)), f"{where}: not Chinese: {text}")
    elif language == "en":
        judged.must(bool(re.search(r"[A-Za-z]{2}", text)), f"{where}: not English: {text}")
        judged.must(not text.startswith(tuple("，。")) and "。" not in text, f"{where}: Chinese punctuation: {text}")


def judge_problem(judged, answer, expect, language="zh"):
    """The whole document against `expect`: status, reason, field, citation, errors (all of them, as [field, reason])."""
    judged.must(answer.status == expect["status"], f"status {answer.status}, not {expect['status']}")
    judged.must(answer.status < 500 or expect["status"] >= 500, "a 5xx")
    kind = answer.headers.get("content-type", "")
    judged.must(kind == "application/problem+json", f"content type {kind!r}")
    text = answer.body.decode("utf-8", "replace")
    judged.must(not INSIDE.search(text), f"tells of the inside: {text[:300]}")
    try:
        problem = answer.json()
    except ValueError:
        judged.must(False, f"not JSON: {text[:300]}")
        return
    judged.must(set(problem) <= MEMBERS, f"unknown members: {sorted(set(problem) - MEMBERS)}")
    judged.must(problem.get("reason") == expect["reason"], f"reason {problem.get('reason')}, not {expect['reason']}")
    judged.must(problem.get("type") == f"/problems/{problem.get('reason')}", f"type {problem.get('type')}")
    judged.must(problem.get("status") == answer.status, "status inside differs")
    judged.must(problem.get("field") == expect.get("field"), f"field {problem.get('field')!r}, not {expect.get('field')!r}")
    judged.must(problem.get("citation") == expect.get("citation"),
                f"citation {problem.get('citation')!r}, not {expect.get('citation')!r}")
    found = [(error["field"], error["reason"]) for error in problem["errors"]]
    wanted = [tuple(error) for error in expect.get("errors", [[expect.get("field") or "", expect["reason"]]])]
    judged.must(sorted(found) == sorted(wanted), f"errors {found}, not {wanted}")
    judged.must(found == sorted(found), "errors are not sorted")
    judge_text(judged, problem.get("title", ""), language, "title")
    for error in problem["errors"]:
        judge_text(judged, error["text"], language, error["reason"])
    if answer.status == 401:
        judged.must("www-authenticate" in answer.headers, "401 without WWW-Authenticate")
    if answer.status == 405:
        judged.must("allow" in answer.headers, "405 without Allow")
    if answer.status == 429:
        judged.must(answer.headers.get("retry-after", "").isdigit(), "429 without Retry-After")
    for name, value in (("x-content-type-options", "nosniff"), ("cache-control", "no-store")):
        judged.must(answer.headers.get(name) == value, f"no {name}: {value}")
