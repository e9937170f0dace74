"""Who and what the cases act on: drafts, a case being signed, a licensed one, posts of two cities."""

import copy
import datetime
import re
import time

import people
import state

USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def uscc_check(seventeen):
    total = sum(USCC.index(character) * pow(3, at, 31) for at, character in enumerate(seventeen))
    return seventeen + USCC[(31 - total % 31) % 31]


def body_check(eight):
    alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    total = sum(alphabet.index(character) * weight for character, weight in zip(eight, (3, 7, 9, 10, 5, 8, 4, 2)))
    return eight + "0123456789X0"[(11 - total % 11) % 12 if total % 11 else 11]


PEOPLE = {
    "zhou": {"name": "周岚", "id_number": "370102199206189025", "mobile": "15400000001"},
    "other": {"name": "吴谷", "id_number": people.id_number("370102", "19800101", "901"), "mobile": "15400000091"},
}


class World:
    def __init__(self, the_service):
        self.service = the_service
        self.today = datetime.datetime.fromtimestamp(the_service.now(), datetime.timezone(datetime.timedelta(hours=8))).date()
        self.people = PEOPLE
        self.certified = {}
        self.callers = {"nobody": people.Caller(the_service)}
        for name, person in PEOPLE.items():
            self.callers[name] = people.log_in(the_service, person)
        for post in ("registrar", "clerk", "supervisor", "tax", "security", "auditor"):
            self.callers[post] = people.log_in_post(the_service, post)
        self.words = self.make_words()
        self.drafts = {}
        self.make_cases()
        self.make_posts_of_another_city()
        self.store = state.Store(the_service.data / "onewindow.db")
        self.settle()

    def make_words(self):
        five_years = self.today.replace(year=self.today.year + 5)
        return {
            "day_after_five_years": str(five_years + datetime.timedelta(days=1)),
            "id_minor": people.id_number("370102", f"{self.today.year - 17}1231", "902"),
            "id_child": people.id_number("370102", f"{self.today.year - 12}0101", "904"),
            "uscc_bad_body": uscc_check("91370200" + "MA0DEM01" + "9"),
            "uscc_92": uscc_check("92410100" + body_check("MA0DEM02")),
            "many_codes": [f"G{number:04}" for number in range(1, 102)],
            "thousand": "k" * 1000,
            "ten_thousand": "k" * 10000,
            "ten_thousand_hanzi": "名" * 10000,
            "megabyte": "m" * (1 << 20),
            "fifty_thousand_keys": {f"key{number}": number for number in range(50000)},
            "many_keys": {f"k{number}": number for number in range(50000)},
            "long_text": "长" * 101,
            "long_name": "济南" + "岚溪" * 30 + "有限公司",
        }

    def make_cases(self):
        zhou = self.callers["zhou"]
        licensed = people.Filing(self.service, people.sample("one_person_company")).begin().sign_all()
        signing = people.Filing(self.service, people.sample("limited_company")).begin()
        licensed.wait_for("completing")
        self.licensed, self.signing = licensed, signing
        self.words.update({
            "taken_name": "济南岚溪信息技术有限公司",
            "licensed": licensed.id, "licensed_number": licensed.number,
            "signing": signing.id, "signing_number": signing.number,
            "kit_code": licensed.applicant.get(licensed.path + "/kit")["pick_up_code"],
            "hall": licensed.applicant.get(licensed.path + "/kit")["hall"],
        })
        for key, caller in signing.people.items():
            self.callers[key] = caller
            for request in people.requests_of(caller, signing.id):
                self.words[f"request_{key}_{request['capacity']}"] = request["id"]
        draft = people.open_case(zhou, people.sample("one_person_company"))
        second = people.open_case(zhou, people.sample("one_person_company"))
        self.words.update({"draft": draft["id"], "second_draft": second["id"], "token_zhou": zhou.token})
        for track in licensed.applicant.get(licensed.path + "/tracks")["tracks"]:
            agency_name, _, matter = track["matter"].partition("/")
            for word in {agency_name, matter}:
                self.words["track_" + word] = track["id"]
        now = licensed.applicant.get(licensed.path)
        self.words["licensed_revision"] = now["revision"]
        self.words["licence_id"] = licensed.applicant.get(licensed.path + "/licence")["id"]
        self.make_sessions()

    def make_sessions(self):
        """Sessions that may no longer be used, and one of a page."""
        gone = people.log_in(self.service, PEOPLE["zhou"])
        self.words["token_logged_out"] = gone.token
        gone.must("DELETE", "/api/v1/sessions/current")
        page = people.Caller(self.service)
        asked = page.post("/api/v1/identity/logins", {"code": people.identity_code(self.service, PEOPLE["zhou"]), "cookie": True})
        path = "/api/v1/identity/logins/" + asked["id"]
        until = time.monotonic() + 20
        while time.monotonic() < until:
            answer = page.call("GET", path)
            if "set-cookie" in answer.headers:
                self.words["cookie"] = answer.headers["set-cookie"].split("=", 1)[1].split(";")[0]
                return
            time.sleep(0.02)
        raise people.Unexpected(f"no cookie: {answer}")

    def drop_drafts(self):
        """After a case that went wrong: what it left may not trouble the next."""
        for case, _ in self.drafts.values():
            self.callers["zhou"].call("POST", f"/api/v1/cases/{case}/withdrawal", {"reason": "test"})
        self.drafts.clear()
        self.settle()

    def draft_of(self, name):
        """An open draft of a sample's kind, one for all cases: [case id, revision]."""
        if name not in self.drafts:
            self.drafts[name] = [people.open_case(self.callers["zhou"], people.sample(name))["id"], 0]
        return self.drafts[name]

    def make_posts_of_another_city(self):
        security = self.callers["security"]
        for login, role, region, unit in (
            ("qingdao-registrar", "registrar", "370200", ""), ("qingdao-clerk", "window_clerk", "370200", ""),
            ("qingdao-tax", "agency_officer", "370200", "tax"), ("guessed", "helper", "370000", ""),
            ("guessing-clerk", "window_clerk", "370000", ""), ("leaver", "helper", "370000", ""),
        ):
            password = "Qd-window-2026-" + login[:2]
            made = security.post("/api/v1/accounts", {
                "login": login, "display_name": login, "password": password,
                "grants": [{"role": role, "region": region, "unit": unit}]})
            self.service.accounts[login] = {"login": login, "password": password, "totp_secret": made["totp_secret"]}
            if login != "guessed":
                self.words["code_moment_" + login] = self.service.now()
                self.callers[login] = people.log_in_post(self.service, login)
            if login == "leaver":
                self.words["token_disabled"] = self.callers[login].token
                security.must("POST", f"/api/v1/accounts/{made['account']}/disable")

    def settle(self):
        """Waits until nothing moves: jobs of the setting up are done."""
        before = self.store.fingerprint()
        still = 0
        until = time.monotonic() + 30
        while still < 5 and time.monotonic() < until:
            time.sleep(0.1)
            after = self.store.fingerprint()
            still = still + 1 if after == before else 0
            before = after
        return before

    def fill(self, value):
        """`${word}` in what a case says."""
        if isinstance(value, dict):
            return {key: self.fill(entry) for key, entry in value.items()}
        if isinstance(value, list):
            return [self.fill(entry) for entry in value]
        if not isinstance(value, str):
            return value
        whole = re.fullmatch(r"\$\{(\w+)\}", value)
        if whole:
            return copy.deepcopy(self.words[whole.group(1)])
        return re.sub(r"\$\{(\w+)\}", lambda match: str(self.words[match.group(1)]), value)

    def caller(self, name):
        return self.callers[name]

    def go_to_later_day(self, days):
        self.service.restart(days)
        for name, caller in self.callers.items():
            caller.client.close()
        self.settle()
