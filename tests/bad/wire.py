"""HTTP/1.1 by hand: what a correct library would refuse to send is what this suite is about."""

import json
import socket
import time

SECONDS_MAX = 20


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers  # Names in lower case; the last of equal names.
        self.body = body

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.body[:600]!r}"


class Broken(Exception):
    """No whole answer came."""


class Connection:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=SECONDS_MAX)
        self.buffer = b""

    def send(self, data):
        """All of it, or as much as the service takes before it answers and closes."""
        try:
            self.socket.sendall(data)
            return True
        except (BrokenPipeError, ConnectionResetError):
            return False

    def fill(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionResetError:
            data = b""
        except socket.timeout as late:
            raise Broken("no answer in time") from late
        self.buffer += data
        return bool(data)

    def take_until(self, mark):
        while mark not in self.buffer:
            if not self.fill():
                raise Broken(f"closed before {mark!r}: {self.buffer[:200]!r}")
        found, self.buffer = self.buffer.split(mark, 1)
        return found

    def take(self, size):
        while len(self.buffer) < size:
            if not self.fill():
                raise Broken("closed inside a body")
        found, self.buffer = self.buffer[:size], self.buffer[size:]
        return found

    def read_answer(self, method="GET"):
        while True:
            head = self.take_until(b"\r\n\r\n").decode("latin-1").split("\r\n")
            status = int(head[0].split(" ")[1])
            if status != 100:
                break
        headers = {}
        for line in head[1:]:
            name, _, value = line.partition(":")
            headers[name.strip().lower()] = value.strip()
        if method == "HEAD" or status in (204, 304):
            return Answer(status, headers, b"")
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(self.take_until(b"\r\n"), 16):
                body += self.take(size)
                self.take_until(b"\r\n")
            self.take_until(b"\r\n")
            return Answer(status, headers, body)
        return Answer(status, headers, self.take(int(headers.get("content-length", "0"))))

    def closes(self):
        """Whether the service ends the connection, as it must after what it could not read."""
        until = time.monotonic() + 5
        self.socket.settimeout(5)
        try:
            while time.monotonic() < until:
                if not self.socket.recv(65536):
                    return True
        except ConnectionResetError:
            return True
        except socket.timeout:
            return False
        return False

    def close(self):
        self.socket.close()


def render(method, target, headers, body=b"", host="127.0.0.1"):
    lines = [f"{method} {target} HTTP/1.1"]
    if not any(name.lower() == "host" for name, _ in headers):
        lines.append(f"Host: {host}")
    lines += [f"{name}: {value}" for name, value in headers]
    if body and not any(name.lower() in ("content-length", "transfer-encoding") for name, _ in headers):
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + body


class Client:
    """Correct requests over one kept connection."""

    def __init__(self, port):
        self.port = port
        self.connection = None

    def call(self, method, target, headers=(), body=b""):
        data = render(method, target, list(headers), body)
        for attempt in (1, 2):
            if self.connection is None:
                self.connection = Connection(self.port)
            try:
                self.connection.send(data)
                answer = self.connection.read_answer(method)
            except Broken:
                # A kept connection may have ended meanwhile; a fresh one may not.
                self.close()
                if attempt == 2:
                    raise
                continue
            if answer.headers.get("connection") == "close":
                self.close()
            return answer
        raise AssertionError

    def close(self):
        if self.connection:
            self.connection.close()
        self.connection = None
