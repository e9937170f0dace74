"""Form cases: a sample, bent in one place. The draft is kept and told its faults; signing is refused for exactly these."""

import copy

import judge
import people
import state


def put(root, path, value):
    """Sets facts at "people.0.name"; numbers are places in lists."""
    *way, last = path.split(".")
    for step in way:
        root = root[int(step)] if isinstance(root, list) else root.setdefault(step, {})
    if isinstance(root, list):
        root[int(last)] = value
    else:
        root[last] = value


def facts_of(world, case):
    if "facts" in case:
        return world.fill(case["facts"])
    facts = copy.deepcopy(people.sample(case["form"])["facts"])
    for path in case.get("remove", []):
        facts.pop(path)
    for path, value in case.get("set", {}).items():
        put(facts, path, world.fill(value))
    return facts


def run(world, case, judged):
    zhou = world.caller("zhou")
    draft = world.draft_of(case["form"])
    saved = people.save(zhou, draft[0], facts_of(world, case), draft[1])
    if saved.status != 200:
        judged.must(False, f"saving: {saved}")
        return
    draft[1] = saved.json()["revision"]
    wanted = case["errors"]
    told = [(fault["field"], fault["reason"]) for fault in saved.json()["faults"]]
    # Names are examined when they are held, which is when signing begins.
    of_name = wanted == "naming" or wanted != "many" and wanted[0][1].startswith("naming.")
    if not of_name:
        judged.must(bool(told), "the draft says nothing of it")
    if wanted == "many":
        judged.must(len(told) > 1, f"only {told}")
        wanted = told
    path = f"/api/v1/cases/{draft[0]}"
    for language in ("zh", "en"):
        before = world.store.fingerprint()
        answer = zhou.call("POST", path + "/signing", {}, language=language)
        if of_name and "reason" in case:
            # A bad name is bad in several ways; the case says which way decides.
            wanted = [(error["field"], error["reason"]) for error in answer.json().get("errors", [])]
            judged.must(all(field == "name.full" and reason.startswith("naming.") for field, reason in wanted), f"{wanted}")
            judged.must(("name.full", case["reason"]) in wanted, f"{case['reason']} is not among {wanted}")
        reason = case.get("reason", wanted[0][1])
        expect = {"status": 422, "field": wanted[0][0], "reason": reason, "errors": wanted, "citation": case.get("citation")}
        if case["errors"] == "many":
            expect["citation"] = answer.json().get("citation")
        judge.judge_problem(judged, answer, expect, language)
        changed = state.changed(before, world.store.fingerprint())
        judged.must(not changed, f"changed {sorted(changed)}")
    if not of_name:
        judged.must(sorted(told) == sorted(map(tuple, wanted)), f"the draft says {told}")
