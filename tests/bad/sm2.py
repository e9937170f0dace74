"""SM2 signatures (GB/T 32918.2) over SM3, written from the standard: a second implementation beside the product's."""

import base64
import hashlib
import secrets

P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
A = P - 3
B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
# SubjectPublicKeyInfo up to the 65 bytes of the point: id-ecPublicKey, curve sm2.
SPKI = bytes.fromhex("3059301306072a8648ce3d020106082a811ccf5501822d034200")
USER_ID = b"1234567812345678"


def sm3(data):
    return hashlib.new("sm3", data).digest()


def sm3_hex(data):
    return sm3(data).hex()


def add(left, right):
    if left is None:
        return right
    if right is None:
        return left
    if left[0] == right[0]:
        if (left[1] + right[1]) % P == 0:
            return None
        slope = (3 * left[0] * left[0] + A) * pow(2 * left[1], -1, P) % P
    else:
        slope = (right[1] - left[1]) * pow(right[0] - left[0], -1, P) % P
    x = (slope * slope - left[0] - right[0]) % P
    return x, (slope * (left[0] - x) - left[1]) % P


def multiply(factor, point):
    total = None
    while factor:
        if factor & 1:
            total = add(total, point)
        point = add(point, point)
        factor >>= 1
    return total


def der_integer(number):
    data = number.to_bytes((number.bit_length() + 8) // 8, "big")
    return b"\x02" + bytes([len(data)]) + data


class Key:
    def __init__(self):
        self.private = secrets.randbelow(N - 2) + 1
        self.point = multiply(self.private, G)

    def point_bytes(self):
        return b"\x04" + b"".join(value.to_bytes(32, "big") for value in self.point)

    def pem(self):
        text = base64.b64encode(SPKI + self.point_bytes()).decode()
        return f"-----BEGIN PUBLIC KEY-----\n{text[:64]}\n{text[64:]}\n-----END PUBLIC KEY-----\n"

    def sign(self, message):
        """DER SEQUENCE{r, s}."""
        curve = b"".join(value.to_bytes(32, "big") for value in (A, B, *G, *self.point))
        identity = sm3(len(USER_ID * 8).to_bytes(2, "big") + USER_ID + curve)
        digest = int.from_bytes(sm3(identity + message), "big")
        while True:
            nonce = secrets.randbelow(N - 1) + 1
            r = (digest + multiply(nonce, G)[0]) % N
            if r in (0, N - nonce):
                continue
            s = pow(1 + self.private, -1, N) * (nonce - r * self.private) % N
            if s:
                break
        body = der_integer(r) + der_integer(s)
        return b"\x30" + bytes([len(body)]) + body
