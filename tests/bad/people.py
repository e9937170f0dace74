"""People and posts as a stranger's client plays them: logging in, filing, signing with a key of their own."""

import base64
import copy
import hashlib
import hmac
import json
import pathlib
import secrets
import struct
import time

import sm2
import wire

SAMPLES = pathlib.Path(__file__).resolve().parents[2] / "samples"
SECONDS_MAX = 30


class Unexpected(Exception):
    pass


def id_number(division, birth, sequence):
    """A document that nobody has: sequences of 900 to 999 are not given out."""
    digits = f"{division}{birth}{sequence}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return digits + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(digits, weights)) % 11]


def canonical(value):
    """RFC 8785 for what is signed here: no numbers but integers, no names beyond ASCII."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def totp(secret_text, now):
    """RFC 6238."""
    secret = base64.b32decode(secret_text + "=" * (-len(secret_text) % 8))
    digest = hmac.new(secret, struct.pack(">Q", int(now) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1000000:06}"


class Caller:
    """Somebody with a session; without a token, a stranger."""

    def __init__(self, service, token=""):
        self.service = service
        self.client = wire.Client(service.port)
        self.token = token
        self.person = ""

    def call(self, method, path, value=None, headers=(), body=None, language="zh"):
        sent = [("Accept-Language", language), *headers]
        if self.token:
            sent.append(("Authorization", f"Bearer {self.token}"))
        if value is not None:
            body = json.dumps(value, ensure_ascii=False).encode()
            sent.append(("Content-Type", "application/json"))
        write = method in ("POST", "PUT", "DELETE")
        if write and not any(name == "Idempotency-Key" for name, _ in headers):
            sent.append(("Idempotency-Key", secrets.token_hex(12)))
        return self.client.call(method, path, sent, body if body is not None else b"")

    def get(self, path):
        return self.must("GET", path)

    def post(self, path, value=None):
        return self.must("POST", path, {} if value is None else value)

    def must(self, method, path, value=None, headers=()):
        answer = self.call(method, path, value, headers)
        if answer.status >= 300:
            raise Unexpected(f"{method} {path}: {answer}")
        return answer.json() if answer.body and answer.headers["content-type"] == "application/json" else answer.body

    def poll(self, path, done, what):
        until = time.monotonic() + SECONDS_MAX
        while time.monotonic() < until:
            answer = self.get(path)
            if done(answer):
                return answer
            time.sleep(0.02)
        raise Unexpected(f"{what} took too long: {answer}")


def identity_code(service, person):
    wanted = {"client_id": "onewindow", "id_type": person.get("id_type", "resident_id"), "id_number": person["id_number"],
              "name": person["name"], "mobile": person["mobile"]}
    client = wire.Client(int(service.identity["port"]))
    answer = client.call("POST", "/authorize", [("Content-Type", "application/json")], json.dumps(wanted).encode())
    client.close()
    return answer.json()["code"]


def log_in(service, person):
    caller = Caller(service)
    asked = caller.post("/api/v1/identity/logins", {"code": identity_code(service, person)})
    path = "/api/v1/identity/logins/" + asked["id"]
    answer = caller.poll(path, lambda login: login["state"] != "pending", "the login")
    if "token" not in answer:
        raise Unexpected(f"login: {answer}")
    caller.token = answer["token"]
    caller.person = answer["person"]
    return caller


def verify_again(caller, person):
    """A fresh check before a signature."""
    asked = caller.post("/api/v1/identity/verifications", {"code": identity_code(caller.service, person)})
    caller.poll("/api/v1/identity/verifications/" + asked["id"], lambda answer: answer["state"] != "pending", "the verification")


def log_in_post(service, login, ahead_s=0):
    post = service.accounts[login]
    caller = Caller(service)
    code = totp(post["totp_secret"], service.now() + ahead_s)
    answer = caller.post("/api/v1/sessions", {"login": login, "password": post["password"], "code": code})
    caller.token = answer["token"]
    return caller


def sample(name):
    return json.loads((SAMPLES / f"{name}.json").read_text())


def open_case(caller, base):
    return caller.post("/api/v1/cases", {"entity_type": base["entity_type"], "county": base["county"]})


def save(caller, case, facts, revision):
    answer = caller.call("PUT", f"/api/v1/cases/{case}/form", {"facts": facts}, [("If-Match", f'"{revision}"')])
    return answer


class Signing:
    """One signature, step by step, so that a test can bend each step."""

    def __init__(self, caller, request):
        self.caller = caller
        self.request = request
        self.path = "/api/v1/signature-requests/" + request["id"]
        self.key = None
        self.certificate = None

    def certify(self, key=None):
        self.key = key or sm2.Key()
        self.caller.post(self.path + "/seen")
        self.caller.post(self.path + "/certificate", {"public_key": base64.b64encode(self.key.point_bytes()).decode()})
        self.certificate = self.caller.poll(
            self.path + "/certificate", lambda answer: answer["state"] in ("issued", "refused"), "the certificate")
        return self

    def papers(self):
        listed = []
        for paper in sorted(self.request["papers"], key=lambda paper: paper["id"]):
            shown = self.caller.get(f"{self.path}/papers/{paper['id']}")
            if sm2.sm3_hex(shown) != paper["rendering_sm3"]:
                raise Unexpected("shown another paper than listed")
            listed.append({"id": paper["id"], "data_sm3": paper["data_sm3"], "rendering_sm3": paper["rendering_sm3"]})
        return listed

    def statement(self):
        request = self.request
        return {"schema": "onewindow.signature.v1", "case_number": request["case_number"], "person": request["person"],
                "capacity": request["capacity"], "principal": request["principal"],
                "identity_evidence": self.certificate["identity_evidence"] if self.certificate else "", "papers": self.papers()}

    def body(self, statement=None):
        text = canonical(statement or self.statement())
        return {"statement": text, "signature": base64.b64encode(self.key.sign(text.encode())).decode()}

    def give(self):
        if self.request["verified_only"]:
            return self.caller.post(self.path + "/confirmation")
        self.certify()
        return self.caller.post(self.path + "/signature", self.body())


def requests_of(caller, case):
    mine = caller.get("/api/v1/me/signature-requests")["requests"]
    return [request for request in mine if request["case_id"] == case]


def open_requests(caller, case):
    return [request for request in requests_of(caller, case) if request["state"] in ("open", "seen")]


class Filing:
    """A case and its people."""

    def __init__(self, service, base, change=None, by_itself=True):
        base = copy.deepcopy(base)
        if change:
            change(base)
        self.service = service
        self.base = base
        self.people = {person["key"]: log_in(service, person) for person in base["persons"]}
        self.applicant = self.people[base["applicant"]]
        opened = open_case(self.applicant, base)
        self.id, self.number = opened["id"], opened["number"]
        self.path = "/api/v1/cases/" + self.id
        self.by_itself = by_itself

    def begin(self):
        answer = save(self.applicant, self.id, self.base["facts"], 0)
        if answer.status != 200:
            raise Unexpected(f"saving: {answer}")
        self.applicant.post(self.path + "/signing", {"submit_by_itself": self.by_itself})
        return self

    def sign_all(self):
        for person in self.people.values():
            for request in open_requests(person, self.id):
                Signing(person, request).give()
        return self

    def wait_for(self, *states):
        return self.applicant.poll(self.path, lambda answer: answer["state"] in states, f"{self.number} {states}")
