"""One silent agency for all matters: it takes every message with a receipt and leaves the answers to the suite."""

import base64
import hashlib
import http.server
import json
import secrets
import threading

import sm2

AGENCIES = ("human_resources", "medical_insurance", "housing_fund", "public_security", "tax", "bank", "post", "registration")


class Agency:
    def __init__(self):
        self.keys = {name: sm2.Key() for name in AGENCIES}
        self.messages = {}  # By (case number, matter).
        agency = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def reply(self, status, value):
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self):
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                agency.messages[message["case_number"], message["matter"]] = message
                self.reply(202, {"receipt": "R-" + message["delivery"], "received_at": message["sent_at"]})

            def do_GET(self):
                self.reply(200, {"entries": []})

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def settings(self):
        """agencies.toml: every agency at one address, each with its own key; all but the tax office serve the province."""
        text = ""
        for name, key in self.keys.items():
            text += (
                f'[[connection]]\nagency = "{name}"\nregion = "370000"\nbase_url = "{self.url}"\n'
                f'key_id = "agency-{name}"\nalgorithm = "sm2-sm3"\npublic_key = {json.dumps(key.pem())}\n\n'
            )
        return text

    def stop(self):
        self.server.shutdown()


def sign(key, key_id, url, body, created, change=None):
    """Headers of a signed result (RFC 9421, docs/agencies.md 4). `change` may bend a part: it gets the parts as a dict."""
    digest = "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"
    part = {
        "method": "POST",
        "target": url,
        "digest": digest,
        "type": "application/json",
        "created": created,
        "key_id": key_id,
        "nonce": secrets.token_hex(13),
        "algorithm": "sm2-sm3",
        "components": ["@method", "@target-uri", "content-digest", "content-type"],
        "label": "onewindow",
    }
    if change:
        change(part)
    values = {
        "@method": part["method"],
        "@target-uri": part["target"],
        "content-digest": part["digest"],
        "content-type": part["type"],
    }
    names = " ".join(f'"{name}"' for name in part["components"])
    parameters = f'({names});created={part["created"]};keyid="{part["key_id"]}";nonce="{part["nonce"]}";alg="{part["algorithm"]}"'
    base = "".join(f'"{name}": {values[name]}\n' for name in part["components"]) + f'"@signature-params": {parameters}'
    signature = base64.b64encode(key.sign(base.encode())).decode()
    return [
        ("Content-Type", part["type"]),
        ("Content-Digest", part["digest"]),
        ("Signature-Input", f'{part["label"]}={parameters}'),
        ("Signature", f'{part["label"]}=:{signature}:'),
    ]
