"""Cases that take more than one request: signatures, agencies' call-backs, races, guesses, and sweeps over all routes."""

import base64
import concurrent.futures
import copy
import hashlib
import json
import re
import secrets
import time
import urllib.parse

import agency
import calls
import judge
import people
import sm2
import wire

BOUNDED_MAX = 1 << 20


def run(world, case, judged):
    ACTS[case["act"]](world, case, judged)


def refuse(world, case, judged, ask):
    """`ask(language)` is refused as the case says, in both languages, and leaves nothing behind."""
    expect = dict(case["expect"])
    for language in ("zh", "en"):
        before = world.store.fingerprint()
        answer = ask(language)
        if expect.get("errors") == "any" and answer.status == expect["status"]:
            expect["citation"] = answer.json().get("citation")
            expect["errors"] = [(error["field"], error["reason"]) for error in answer.json()["errors"]]
        judge.judge_problem(judged, answer, expect, language)
        calls.check_unchanged(world, case, judged, before)


# Signatures.

def signing_of(world, who, capacity):
    caller = world.caller(who)
    requests = people.requests_of(caller, world.signing.id)
    return people.Signing(caller, next(request for request in requests if request["capacity"] == capacity))


def certified(world, who, capacity):
    """One certificate a person and capacity is enough for all cases."""
    found = world.certified.get((who, capacity))
    if found is None:
        found = world.certified[who, capacity] = signing_of(world, who, capacity).certify()
        world.settle()
    return found


def order(key_bytes):
    return {"public_key": base64.b64encode(key_bytes).decode()}


def other_paper(statement):
    statement["papers"][0]["rendering_sm3"] = sm2.sm3_hex(b"another paper")


BENT_STATEMENTS = {
    "other_paper": other_paper,
    "fewer_papers": lambda statement: statement["papers"].pop(),
    "other_case": lambda statement: statement.update(case_number="370102202611230000015"),
    "other_capacity": lambda statement: statement.update(capacity="legal_representative"),
}


def sign(world, case, judged):
    bend = case["bend"]
    caller = world.caller(case["who"])

    def ask_with(step, body):
        signing = signing_of(world, case.get("of", case["who"]), case["capacity"])
        refuse(world, case, judged, lambda language: caller.call("POST", f"{signing.path}/{step}", body, language=language))

    if bend == "no_certificate":
        return ask_with("signature", {"statement": "{}", "signature": "AAAA"})
    if bend == "none":
        return ask_with("signature", {"statement": "{}", "signature": "AAAA"})
    if bend == "confirm":
        return ask_with("confirmation", {})
    if bend == "sign_nothing":
        return ask_with("signature", {"statement": "{}", "signature": "AAAA"})
    if bend == "decline":
        return ask_with("decline", {"reason": "bad_mood"})
    if bend == "order_key_of_yu":
        return ask_with("certificate", order(certified(world, "yu", "shareholder").key.point_bytes()))
    if bend == "off_curve":
        return ask_with("certificate", order(b"\x04" + b"\x01" * 64))
    if bend == "compressed":
        return ask_with("certificate", order(b"\x02" + sm2.Key().point_bytes()[1:33]))
    if bend == "infinity":
        return ask_with("certificate", order(b"\x00"))
    if bend == "foreign_paper":
        signing = signing_of(world, case["who"], case["capacity"])
        path = f"{signing.path}/papers/personal_details"
        return refuse(world, case, judged, lambda language: caller.call("GET", path, language=language))
    return ask_with("signature", bent_signature(world, case))


def bent_signature(world, case):
    bend = case["bend"]
    if bend == "replay":
        if "replayed" not in world.words:
            signing = signing_of(world, case["who"], case["capacity"]).certify()
            world.words["replayed"] = signing.body()
            signing.caller.post(signing.path + "/signature", world.words["replayed"])
            world.settle()
        return world.words["replayed"]
    if bend == "signature_of_another_request":
        if "replayed" not in world.words:
            raise people.Unexpected("comes after signature-replayed")
        certified(world, case["who"], case["capacity"])
        return world.words["replayed"]
    signing = certified(world, case["who"], case["capacity"])
    statement = signing.statement()
    if bend in BENT_STATEMENTS:
        BENT_STATEMENTS[bend](statement)
        return signing.body(statement)
    good = signing.body(statement)
    text = good["statement"]
    if bend == "pretty":
        text = json.dumps(statement, ensure_ascii=False, indent=1)
        return {"statement": text, "signature": base64.b64encode(signing.key.sign(text.encode())).decode()}
    if bend == "other_key":
        return {"statement": text, "signature": base64.b64encode(sm2.Key().sign(text.encode())).decode()}
    if bend == "key_of_yu":
        key = certified(world, "yu", "shareholder").key
        return {"statement": text, "signature": base64.b64encode(key.sign(text.encode())).decode()}
    if bend == "not_base64":
        return {"statement": text, "signature": "&&&&"}
    if bend == "zero":
        return {"statement": text, "signature": base64.b64encode(bytes.fromhex("3006020100020100")).decode()}
    if bend == "trailing":
        raw = base64.b64decode(good["signature"]) + b"\x00"
        return {"statement": text, "signature": base64.b64encode(raw).decode()}
    raise AssertionError(bend)


def sign_after_edit(world, case, judged):
    """Look, get a certificate; then the applicant edits; the old papers can no longer be signed."""
    filing = people.Filing(world.service, people.sample("sole_proprietorship"), by_itself=False).begin()
    request = next(entry for entry in people.open_requests(filing.applicant, filing.id) if not entry["verified_only"])
    signing = people.Signing(filing.applicant, request).certify()
    body = signing.body()
    facts = filing.applicant.get(filing.path + "/form")
    facts["facts"]["address"]["detail"] += " 3 楼"
    saved = people.save(filing.applicant, filing.id, facts["facts"], facts["revision"])
    judged.must(saved.status == 200, f"the edit: {saved}")
    world.settle()
    refuse(world, case, judged,
           lambda language: filing.applicant.call("POST", signing.path + "/signature", body, language=language))


def sign_too_late(world, case, judged):
    caller = people.log_in(world.service, next(person for person in world.signing.base["persons"] if person["key"] == "lin"))
    path = f"/api/v1/signature-requests/{world.words['request_lin_shareholder']}/signature"
    world.settle()
    refuse(world, case, judged, lambda language: caller.call(
        "POST", path, {"statement": "{}", "signature": "AAAA"}, language=language))


def old_session(world, case, judged):
    refuse(world, case, judged, lambda language: world.caller("zhou").call("GET", "/api/v1/me", language=language))


def withdraw_draft(world, case, judged):
    zhou = world.caller("zhou")
    opened = people.open_case(zhou, people.sample("one_person_company"))
    answer = zhou.call("POST", f"/api/v1/cases/{opened['id']}/withdrawal", {"reason": "changed my mind"})
    judged.must(answer.status == 200, f"{answer}")
    judged.must(zhou.get(f"/api/v1/cases/{opened['id']}")["state"] == "withdrawn", "it is not withdrawn")
    world.settle()


def infinity(world, case, judged):
    zhou = world.caller("zhou")
    opened = people.open_case(zhou, people.sample("one_person_company"))
    path = f"/api/v1/cases/{opened['id']}/form"
    for number in ("1e999", "-1e999", "123456789e400"):
        body = b'{"facts":{"capital":{"amount":%s}}}' % number.encode()
        answer = zhou.call("PUT", path, None, [("Content-Type", "application/json"), ("If-Match", '"0"')], body)
        judge.judge_problem(judged, answer, {"status": 400, "reason": "json.unreadable", "citation": "RFC 8259"})
        judged.must(zhou.call("GET", path).status == 200, "the draft cannot be read any more")


# Races: whoever loses is told so, and nothing is left half done.

def at_once(tasks):
    with concurrent.futures.ThreadPoolExecutor(len(tasks)) as threads:
        return [future.result() for future in [threads.submit(task) for task in tasks]]


def race_for_a_name(world, case, judged):
    base = copy.deepcopy(people.sample("one_person_company"))
    base["facts"]["name"]["full"] = "济南竞望信息技术有限公司"
    callers = [people.log_in(world.service, world.people[name]) for name in ("zhou", "other")]
    paths = []
    for caller in callers:
        opened = people.open_case(caller, base)
        people.save(caller, opened["id"], base["facts"], 0)
        paths.append(f"/api/v1/cases/{opened['id']}")
    answers = at_once([lambda caller=caller, path=path: caller.call("POST", path + "/signing", {})
                       for caller, path in zip(callers, paths)])
    statuses = sorted(answer.status for answer in answers)
    judged.must(statuses == [201, 422], f"{answers}")
    loser = next((answer for answer in answers if answer.status == 422), None)
    if loser is not None:
        judge.judge_problem(judged, loser, {"status": 422, "reason": "naming.same", "field": "name.full",
                                            "citation": "企业名称登记管理规定 art. 17"})
    states = sorted(caller.get(path)["state"] for caller, path in zip(callers, paths))
    judged.must(states == ["drafting", "signing"], f"states {states}")


def race_to_sign(world, case, judged):
    base = copy.deepcopy(people.sample("one_person_company"))
    base["facts"]["name"]["full"] = "济南双按信息技术有限公司"
    callers = [people.log_in(world.service, world.people["zhou"]) for _ in range(4)]
    opened = people.open_case(callers[0], base)
    path = f"/api/v1/cases/{opened['id']}"
    people.save(callers[0], opened["id"], base["facts"], 0)
    answers = at_once([lambda caller=caller: caller.call("POST", path + "/signing", {}) for caller in callers])
    statuses = sorted(answer.status for answer in answers)
    judged.must(statuses.count(201) == 1 and all(status in (201, 409, 412) for status in statuses), f"{answers}")
    judged.must(callers[0].get(path)["revision"] == 2, "more than one revision was made")


# Floods and sweeps.

def flood_of_fields(world, case, judged):
    zhou = world.caller("zhou")
    opened = people.open_case(zhou, people.sample("one_person_company"))
    with concurrent.futures.ThreadPoolExecutor(1) as thread:
        began = time.monotonic()
        flood = thread.submit(people.save, zhou, opened["id"], world.words["fifty_thousand_keys"], 0)
        slowest = 0.0
        other = world.caller("other")
        while not flood.done():
            asked = time.monotonic()
            other.get("/api/v1/cases")
            slowest = max(slowest, time.monotonic() - asked)
        answer = flood.result()
    seconds = time.monotonic() - began
    judged.must(answer.status == 200, f"{answer}")
    judged.must(len(answer.body) < BOUNDED_MAX, f"an answer of {len(answer.body)} bytes")
    judged.must(seconds < 8, f"took {seconds:.1f} s")
    judged.must(slowest < 2, f"another person waited {slowest:.1f} s")


WRONG_KINDS = (None, 0, -1, 1.5, True, "", "x", [], {}, [[]], [None], [1], [{}], {"": {}}, {"a": {"b": []}}, [{"key": None}],
               [{"key": 1, "holder": {}, "amount": [], "person": 3}])


def wrong_kinds(world, case, judged):
    """Every section of every form as every kind of value, and every field of it too."""
    zhou = world.caller("zhou")
    for sample in ("one_person_company", "corporate_company", "partnership_limited", "cooperative", "branch",
                   "individual_business", "sole_proprietorship"):
        base = people.sample(sample)["facts"]
        draft = world.draft_of(sample)
        form = zhou.get(f"/api/v1/forms/{people.sample(sample)['entity_type']}")
        for section in form["sections"]:
            name = section["id"]
            tries = [dict(base, **{name: wrong}) for wrong in WRONG_KINDS]
            for field in section["fields"]:
                row = {field["id"]: WRONG_KINDS[len(field["id"]) % len(WRONG_KINDS)]}
                tries.append(dict(base, **{name: [row] if section["repeats"] else row}))
            for facts in tries:
                answer = people.save(zhou, draft[0], facts, draft[1])
                if answer.status != 200:
                    judged.must(False, f"{sample}.{name} = {facts.get(name)!r}: {answer}")
                    continue
                draft[1] = answer.json()["revision"]


def operations(world):
    document = world.caller("nobody").get("/api/v1/openapi.json")
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method.upper(), path, operation


def fill_path(world, path, value=None):
    """Real things of other people, or one hostile text everywhere."""
    real = {"case": world.licensed.id, "request": world.words["request_yu_shareholder"], "hall": world.words["hall"],
            "track": world.words["track_tax"], "paper": "articles", "account": "01JABSENT00000000000000000", "city": "370100",
            "kind": "uscc", "code": "1", "login": "01JABSENT00000000000000000", "verification": "01JABSENT00000000000000000",
            "entity_type": "branch", "id": "1.2.3", "agency": "tax", "blank": "H37010200000001"}
    return re.sub(r"\{(\w+)\}", lambda match: real.get(match.group(1), "01JABSENT00000000000000000") if value is None else value, path)


def every_route(world, case, judged):
    """Nothing but what is public may be had, and nothing may be changed."""
    caller = world.caller(case["as"])
    before = world.store.fingerprint()
    for method, path, operation in operations(world):
        public = operation["x-access"] == "public"
        target = fill_path(world, path)
        answer = caller.call(method, target, {} if method in ("POST", "PUT") else None, [("If-Match", '"0"')] if method == "PUT" else ())
        if case["as"] == "nobody" and not public:
            signed = operation["x-access"] == "signed"
            reason = answer.json().get("reason") if answer.status >= 400 else None
            judged.must(answer.status == 401 and reason == ("http_signature.missing" if signed else "api.login_needed"),
                        f"{method} {target}: {answer}")
        own = path in ("/api/v1/me", "/api/v1/me/unmasked-reads", "/api/v1/me/signature-requests", "/api/v1/cases",
                       "/api/v1/sessions/current", "/api/v1/review/queue", "/api/v1/review/reasons", "/api/v1/agency/tasks",
                       "/api/v1/published-times/rows")
        if case["as"] != "nobody" and not public and answer.status < 400:
            judged.must(own, f"{method} {target}: {answer}")
        judged.must(answer.status < 500, f"{method} {target}: {answer}")
        if path == "/api/v1/sessions/current" and answer.status == 204:
            relogin(world, case["as"])
            caller = world.caller(case["as"])
            before = world.store.fingerprint()
    calls.check_unchanged(world, {"leaves": ["auth_attempt", "identity_verification"]}, judged, before)


def relogin(world, name):
    if name in world.people:
        world.callers[name] = people.log_in(world.service, world.people[name])
    else:
        # A code serves once, but the service allows for a clock that is a step ahead.
        world.callers[name] = people.log_in_post(world.service, name, ahead_s=30)


HOSTILE = ("%27%3B--", "%F0%9F%92%A9", "..%3B", "%3Cscript%3E", "-1", "0", "9" * 400, "null", "%25s%25n", "%E2%80%AE", "*",
           "$%7Bjndi%3Aldap%7D", "%0D%0ASet-Cookie%3A%20a%3Db")


def hostile_paths(world, case, judged):
    before = world.store.fingerprint()
    role_of = {"registrar": "registrar", "clerk": "window_clerk", "tax": "agency_officer"}
    for name in ("zhou", "registrar", "clerk", "tax"):
        caller = world.caller(name)
        for method, path, operation in operations(world):
            roles = operation.get("x-roles", [])
            if "{" not in path or (role_of[name] not in roles if name in role_of else roles):
                continue
            for value in HOSTILE:
                answer = caller.call(method, fill_path(world, path, value), {} if method in ("POST", "PUT") else None,
                                     [("If-Match", '"0"')] if method == "PUT" else ())
                judged.must(answer.status < 500, f"{name} {method} {path} {value}: {answer}")
                judged.must("set-cookie" not in answer.headers, f"{name} {method} {path} {value}: a header was injected")
                judged.must(answer.status >= 400 or answer.status == 200 and method == "GET", f"{method} {path} {value}: {answer}")
    calls.check_unchanged(world, {"leaves": ["auth_unmasked_read"]}, judged, before)


WRONG_BODIES = (None, 1, "x", [], [[]], True, {"": ""}, {"a": None}, {"facts": 1, "code": 2, "items": {}, "reason": []})


def wrong_bodies(world, case, judged):
    """Each write of the document, by somebody with the right to it, with bodies of the wrong kind."""
    before = world.store.fingerprint()
    for name in ("zhou", "registrar", "clerk", "tax", "security", "supervisor"):
        caller = world.caller(name)
        for method, path, operation in operations(world):
            content = operation.get("requestBody", {}).get("content", {})
            if method not in ("POST", "PUT") or "application/json" not in content or path in ("/api/v1/sessions", "/exchange/v1/results"):
                continue
            for body in WRONG_BODIES:
                answer = caller.call(method, fill_path(world, path), None, [("Content-Type", "application/json"), ("If-Match", '"0"')],
                                     json.dumps(body).encode())
                judged.must(400 <= answer.status < 500, f"{name} {method} {path} {body!r}: {answer}")
                if answer.status == 429:
                    break
    calls.check_unchanged(world, {}, judged, before)


def markup_to_the_licence(world, case, judged):
    """A whole case with an address of markup, formula and SQL."""
    hostile = '=HYPERLINK("http://x")<script>alert(1)</script>\'; DROP TABLE a; -- 1 号'

    def change(base):
        base["facts"]["name"]["full"] = "济南标记信息技术有限公司"
        base["facts"]["address"]["detail"] = hostile

    filing = people.Filing(world.service, people.sample("one_person_company"), change).begin().sign_all()
    filing.wait_for("completing")
    licence = filing.applicant.get(filing.path + "/licence")
    judged.must(licence["place"].endswith(hostile), f"the licence says {licence['place']}")
    page = world.caller("nobody").call("GET", f"/v/{licence['id']}", headers=[("Accept", "text/html")])
    text = page.body.decode()
    judged.must(page.status == 200 and "text/html" in page.headers["content-type"], f"{page}")
    judged.must("<script>alert" not in text and "&lt;script&gt;" in text, f"the page carries markup: {text[:2000]}")
    judged.must("script-src" in page.headers.get("content-security-policy", "") or
                "default-src 'none'" in page.headers.get("content-security-policy", ""), "no policy for scripts")
    form = filing.applicant.get(filing.path + "/form")
    judged.must(form["facts"]["address"]["detail"] == hostile, "the form gives back another text")
    world.settle()


# Logging in.

def login_with_forged_code(world, case, judged):
    caller = people.Caller(world.service)
    asked = caller.post("/api/v1/identity/logins", {"code": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")})
    answer = caller.poll("/api/v1/identity/logins/" + asked["id"], lambda login: login["state"] != "pending", "the login")
    judged.must(answer["state"] == "refused" and answer.get("reason") == "identity.code_refused" and "token" not in answer, f"{answer}")


def login_code_twice(world, case, judged):
    code = people.identity_code(world.service, world.people["other"])
    states = []
    for _ in range(2):
        caller = people.Caller(world.service)
        asked = caller.post("/api/v1/identity/logins", {"code": code})
        answer = caller.poll("/api/v1/identity/logins/" + asked["id"], lambda login: login["state"] != "pending", "the login")
        states.append("token" in answer)
    judged.must(states == [True, False], f"{states}: {answer}")


def verify_as_another(world, case, judged):
    zhou = world.caller("zhou")
    asked = zhou.post("/api/v1/identity/verifications", {"code": people.identity_code(world.service, {
        "name": "生面孔", "id_number": people.id_number("370102", "19700101", "905"), "mobile": "15400000092"})})
    answer = zhou.poll("/api/v1/identity/verifications/" + asked["id"], lambda entry: entry["state"] != "pending", "the check")
    judged.must(answer["state"] == "refused" and answer.get("reason") == "identity.another_person", f"{answer}")
    world.settle()


def totp(world, case, judged):
    """With the right password; the account has been used to log in once, so that its code has served."""
    service = world.service
    post = service.accounts["qingdao-registrar" if case["bend"] == "old" else "qingdao-clerk"]
    moment = {"wrong": None, "again": world.words["code_moment_qingdao-clerk"], "old": service.now() - 3600}[case["bend"]]
    code = people.totp(post["totp_secret"], moment) if moment else "000000"
    body = {"login": post["login"], "password": post["password"], "code": code}
    refuse(world, case, judged, lambda language: world.caller("nobody").call("POST", "/api/v1/sessions", body, language=language))


def guess_password(world, case, judged):
    post = world.service.accounts["guessed"]
    nobody = world.caller("nobody")
    for number in range(5):
        body = {"login": post["login"], "password": f"Wrong-guess-{number}", "code": "000000"}
        answer = nobody.call("POST", "/api/v1/sessions", body)
        judged.must(answer.status == 401, f"guess {number}: {answer}")
    right = {"login": post["login"], "password": post["password"], "code": people.totp(post["totp_secret"], world.service.now())}
    refuse(world, case, judged, lambda language: nobody.call("POST", "/api/v1/sessions", right, language=language))


def guess_pick_up_code(world, case, judged):
    clerk = world.caller("guessing-clerk")  # The limit is an account's: the other clerk goes on working.
    path = f"/api/v1/halls/{world.words['hall']}/pick-ups"
    for number in range(40):
        answer = clerk.call("POST", path, {"case_number": world.licensed.number, "code": f"GUESS{number}"})
        if answer.status == 429:
            break
    judged.must(answer.status == 429, f"after {number + 1} guesses: {answer}")
    right = {"case_number": world.licensed.number, "code": world.words["kit_code"], "items": ["policy_pack"]}
    refuse(world, case, judged, lambda language: clerk.call("POST", path, right, language=language))


# Agencies.

MATTERS = {"tax": "tax/new_taxpayer", "bank": "bank/appointment", "public_security": "public_security/seals",
           "medical_insurance": "medical_insurance/enrolment"}


def message_of(world, case):
    matter = case.get("matter", MATTERS[case["agency"]])
    sent = world.service.agency.messages[world.licensed.number, matter]
    message = {"schema": "onewindow.answer.v1", "delivery": sent["delivery"], "case_number": sent["case_number"],
               "matter": matter, "version": sent["version"], "state": "accepted", "receipt": "R-" + sent["delivery"]}
    message.update(case.get("message", {}))
    return message


def send_result(world, agency_name, body, change=None, key=None, language="zh", headers=None):
    service = world.service
    url = service.url + "/exchange/v1/results"
    key = key or service.agency.keys[agency_name]
    if headers is None:
        headers = agency.sign(key, "agency-" + agency_name, url, body, int(service.now()), change)
    caller = world.caller("nobody")
    return caller.client.call("POST", "/exchange/v1/results", [*headers, ("Accept-Language", language)], body)


def bent_result(world, case, body):
    """What the case's `bend` does to a message that is right otherwise: a function of the language."""
    name = case["agency"]
    bend = case.get("bend")
    changes = {
        "unknown_key": lambda part: part.update(key_id="agency-nobody"),
        "algorithm": lambda part: part.update(algorithm="ed25519"),
        "uncovered": lambda part: part["components"].remove("content-digest"),
        "old": lambda part: part.update(created=part["created"] - 3600),
        "future": lambda part: part.update(created=part["created"] + 3600),
        "target": lambda part: part.update(target="http://elsewhere.example/exchange/v1/results"),
    }
    if bend is None or bend in changes:
        return lambda language: send_result(world, name, body, changes.get(bend), language=language)
    if bend == "unsigned":
        return lambda language: send_result(world, name, body, headers=[("Content-Type", "application/json")], language=language)
    if bend == "forged":
        return lambda language: send_result(world, name, body, key=sm2.Key(), language=language)
    if bend == "not_json":
        return lambda language: send_result(world, name, b"state=done", language=language)
    good = agency.sign(world.service.agency.keys[name], "agency-" + name, world.service.url + "/exchange/v1/results", body,
                       int(world.service.now()))
    if bend == "body_altered":
        return lambda language: send_result(world, name, body.replace(b"accepted", b"rejected"), headers=good, language=language)
    if bend == "digest_altered":
        other = body.replace(b"accepted", b"rejected")
        digest = "sha-256=:" + base64.b64encode(hashlib.sha256(other).digest()).decode() + ":"
        bent = [(header, digest if header == "Content-Digest" else value) for header, value in good]
        return lambda language: send_result(world, name, other, headers=bent, language=language)
    if bend == "two":
        twice = good + [header for header in good if header[0] == "Signature"]
        return lambda language: send_result(world, name, body, headers=twice, language=language)
    if bend == "replayed":
        first = send_result(world, name, body, headers=good)
        assert first.status == 200, first
        world.settle()
        return lambda language: send_result(world, name, body, headers=good, language=language)
    if bend == "differs":
        first = send_result(world, name, body)
        assert first.status == 200, first
        world.settle()
        other = body.replace(b'"R-', b'"S-')
        return lambda language: send_result(world, name, other, language=language)
    raise AssertionError(bend)


def callback(world, case, judged):
    case = dict(case)
    if case.get("told"):
        # A refused answer stands on the timeline, so that nobody has to search for it; nothing else moves.
        case["leaves"] = ["exchange_nonce", "exchange_answer", "progress_event", "progress_timeline"]
    body = json.dumps(message_of(world, case), ensure_ascii=False).encode()
    refuse(world, case, judged, bent_result(world, case, body))


def callback_early(world, case, judged):
    """Kept for its time; the track stands where it stood."""
    tracks = world.licensed.applicant.get(world.licensed.path + "/tracks")
    body = json.dumps(message_of(world, case)).encode()
    before = world.store.fingerprint()
    answer = send_result(world, case["agency"], body)
    judged.must(answer.status == 200 and answer.json() == {"outcome": "parked"}, f"{answer}")
    calls.check_unchanged(world, {"leaves": ["exchange_nonce", "exchange_early"]}, judged, before)
    after = world.licensed.applicant.get(world.licensed.path + "/tracks")
    judged.must(after == tracks, "a track moved")


ACTS = {act.__name__: act for act in (
    sign, sign_after_edit, sign_too_late, old_session, race_for_a_name, race_to_sign, flood_of_fields, wrong_kinds, every_route,
    hostile_paths, wrong_bodies, markup_to_the_licence, totp, guess_password, guess_pick_up_code, callback, callback_early, withdraw_draft, infinity)}
ACTS.update(login_with_forged_code=login_with_forged_code, login_code_twice=login_code_twice, verify_as_another=verify_as_another)
