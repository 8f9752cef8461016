#!/usr/bin/env python3
"""Check an exported log of openembargo. This one file is all it takes: Python's standard library and nothing of the project.

    python3 verify_log.py LOG.jsonl [PUBLIC_KEY_HEX...]

Checks that every entry follows the one before it, that its body is what was written (or was deleted by a retention run that the log tells, or withheld as
outside the days that were asked for), and that the signed checkpoints
(Ed25519, RFC 8032) fit. Give the public key that you were handed before: the one in the file proves only that the file agrees with
itself. Exit status 0 when all holds, 1 when not, 2 when the file is no log.
"""

import hashlib
import json
import sys

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def recovered_x(y, sign):
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def point_of(encoded):
    y = int.from_bytes(encoded, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = None if y >= P else recovered_x(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


def added(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = added(total, point)
        point, number = added(point, point), number >> 1
    return total


def same(a, b):
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (recovered_x(BASE_Y, 0), BASE_Y, 1, recovered_x(BASE_Y, 0) * BASE_Y % P)


def is_signed(public, statement, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    key, commitment = point_of(public), point_of(signature[:32])
    scalar = int.from_bytes(signature[32:], "little")
    if key is None or commitment is None or scalar >= Q:
        return False
    challenge = int.from_bytes(hashlib.sha512(signature[:32] + public + statement).digest(), "little") % Q
    return same(times(scalar, BASE), added(commitment, times(challenge, key)))


def canonical(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest(value):
    return hashlib.sha256(canonical(value)).hexdigest()


def faults_of(rows, trusted):
    head, entries, points, withheld, deleted = rows[0], [], [], set(), set()
    for row in rows[1:]:
        (entries if "entry" in row else points).append(row.get("entry") or row["checkpoint"])
        if row.get("withheld"):
            withheld.add(row["entry"]["seq"])
    for e in entries:
        if e["kind"] == "retention":
            if e["body"] is None:
                yield f"the body of entry {e['seq']} is gone; what says which bodies were deleted stays"
            else:
                deleted.update(seq for first, last in e["body"]["entries"] for seq in range(first, last + 1))
    named = trusted or [head["public_key"], *head.get("earlier_keys", [])]
    keys = {hashlib.sha256(bytes.fromhex(key)).hexdigest()[:16]: bytes.fromhex(key) for key in named}
    prev = "0" * 64
    for number, e in enumerate(entries, start=1):
        if e["seq"] != number:
            yield f"entry {e['seq']} stands where entry {number} belongs"
        if e["prev"] != prev:
            yield f"entry {e['seq']} does not follow the one before it"
        if e["body"] is not None and digest(e["body"]) != e["body_sha256"]:
            yield f"the body of entry {e['seq']} was changed"
        if e["body"] is None and e["kind"] != "retention" and e["seq"] not in withheld | deleted:
            yield f"the body of entry {e['seq']} is gone, and no retention run says that it was deleted"
        if digest([e["seq"], e["at"], e["kind"], e["actor"], e["body_sha256"], e["prev"]]) != e["hash"]:
            yield f"entry {e['seq']} was changed"
        prev = e["hash"]
    for c in points:
        said = canonical({name: c[name] for name in ("log", "seq", "hash", "at", "key")})
        if c["log"] != head["log"]:
            yield f"the checkpoint at entry {c['seq']} is of another log"
        if c["key"] not in keys:
            yield f"the checkpoint at entry {c['seq']} is signed by another key, {c['key']}"
        elif not is_signed(keys[c["key"]], said, bytes.fromhex(c["signature"])):
            yield f"the signature at entry {c['seq']} does not hold"
        if c["seq"] > len(entries) or entries[c["seq"] - 1]["hash"] != c["hash"]:
            yield f"the log is not what was signed at entry {c['seq']}"
    if not points:
        yield "no checkpoint is signed: entries could have been left out at the end, or all written anew"


def main(arguments):
    if not arguments:
        print(__doc__)
        return 2
    try:
        with open(arguments[0], encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        if rows[0].get("format") != "openembargo-log-1":
            raise ValueError("its first line is no head of a log")
        found = list(faults_of(rows, arguments[1:]))
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        print(f"{arguments[0]} is no exported log: {error}")
        return 2
    for fault in found:
        print(fault)
    entries = sum("entry" in row for row in rows)
    key = "the key you gave" if len(arguments) > 1 else "the key in the file"
    print(
        f"{entries} entries, {len(rows) - 1 - entries} checkpoints, {key}: "
        + ("NOT as written" if found else "all holds")
    )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
