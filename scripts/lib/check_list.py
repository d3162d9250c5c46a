#!/usr/bin/env python3
"""Checks a device list in Partner Center's layout with what Python brings along: csv, base64, hashlib.

    check_list.py LIST.csv

The script that one would write for oneself, and what scripts/compare-check holds `enlist check` against.
It prints a line for each thing that is wrong. Exit code: 0 nothing is, 1 something is, 2 not readable as a list.
"""

import base64
import binascii
import csv
import hashlib
import re
import struct
import sys

HEADER = [
    "Device Serial Number",
    "Windows Product ID",
    "Hardware Hash",
    "Manufacturer name",
    "Device model",
]
PKID = re.compile(r"[0-9]{13}")
SERIAL, MANUFACTURER, MODEL, PRODUCT_KEY_ID = 14, 16, 17, 24
PLACEHOLDERS = {
    "to be filled by o.e.m.",
    "default string",
    "system serial number",
    "system manufacturer",
    "system product name",
    "not specified",
    "none",
    "0123456789",
}


class BadHash(ValueError):
    """Why a text is no hardware hash."""


def texts_of_hash(text):
    """The texts inside a hardware hash by record type, once its digest is proven."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise BadHash("the hash is not base64") from None
    if data[:2] != b"OA":
        raise BadHash("the hash does not begin with OA")
    if len(data) < 4:
        raise BadHash("the hash is cut short")
    (length,) = struct.unpack_from("<H", data, 2)
    if len(data) < length + 36:
        raise BadHash("the hash is cut short")
    if data[length : length + 4] != b"CS\x24\x00":
        raise BadHash("the hash has no checksum")
    if hashlib.sha256(data[:length]).digest() != data[length + 4 : length + 36]:
        raise BadHash("the hash does not fit its checksum")
    texts = {}
    at = 4
    while at + 4 <= length:
        kind, size = struct.unpack_from("<HH", data, at)
        if size < 4 or at + size > length:
            break
        if kind in (SERIAL, MANUFACTURER, MODEL, PRODUCT_KEY_ID):
            record = data[at + 4 : at + size]
            texts[kind] = record.split(b"\0", 1)[0].decode("cp1252", "replace")
        at += size
    if at != length:
        raise BadHash("the records in the hash do not add up")
    return texts


def identity_with_hash(row, line, report):
    """Holds the row against its hash and gives what identifies the device."""
    serial, pkid, text, manufacturer, model = row
    try:
        inside = texts_of_hash(text)
    except BadHash as error:
        report(line, str(error))
        return None
    if not inside.get(SERIAL) or not inside.get(MANUFACTURER):
        report(line, "the hash has no serial number or manufacturer")
        return None
    for name, own, kind in (
        ("serial number", serial, SERIAL),
        ("PKID", pkid, PRODUCT_KEY_ID),
        ("manufacturer", manufacturer, MANUFACTURER),
        ("model", model, MODEL),
    ):
        if own and own != inside.get(kind, own):
            report(line, f"the {name} {own!r} is not the one in the hash, {inside[kind]!r}")
    return inside[MANUFACTURER], inside.get(MODEL, ""), inside[SERIAL]


def identity_without_hash(row, line, report):
    """What identifies a device that comes without a hash: its PKID, or the tuple."""
    serial, pkid, _, manufacturer, model = row
    if pkid and not (serial or manufacturer or model):
        return (pkid,)
    if not (serial and manufacturer and model) or pkid:
        report(line, "the row is no accepted combination of identifiers")
        return None
    for value in (serial, manufacturer, model):
        if value.lower() in PLACEHOLDERS or not value.strip("0"):
            report(line, f"{value!r} is a placeholder")
            return None
    return manufacturer, model, serial


def check(rows, report):
    """Checks all rows below the header."""
    seen = {}
    for row in rows:
        line = rows.line_num
        if len(row) != len(HEADER):
            report(line, f"{len(row)} columns instead of {len(HEADER)}")
            continue
        for value in row:
            if value != value.strip():
                report(line, f"blanks around {value[:40]!r}")
        row = [value.strip() for value in row]
        if row[1] and not PKID.fullmatch(row[1]):
            report(line, f"{row[1]!r} is no PKID")
        identity_of = identity_with_hash if row[2] else identity_without_hash
        identity = identity_of(row, line, report)
        if identity is None:
            continue
        key = tuple(part.casefold() for part in identity)
        first = seen.setdefault(key, line)
        if first != line:
            report(line, f"the same device as in line {first}")


def main():
    wrong = 0

    def report(line, text):
        nonlocal wrong
        wrong += 1
        print(f"line {line}: {text}")

    with open(sys.argv[1], encoding="cp1252", errors="replace", newline="") as file:
        rows = csv.reader(file)
        try:
            if next(rows, None) != HEADER:
                print("the header is not that of a device list")
                return 2
            check(rows, report)
        except csv.Error as error:
            print(f"line {rows.line_num}: {error}")
            return 2
    print(f"{rows.line_num - 1} lines, {wrong} things wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
