#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every field of every message reaches its column: once with a value made from its tag, once with
the largest its column holds. The test proves itself on copies of the tree with two columns swapped
and with a field that nobody stores.
"""
import ipaddress
import re
import shutil
import subprocess
import sys
import time

from stack import MESSAGES, SOURCE, Stack, Suite, message_classes, new_incarnation
from google.protobuf.descriptor import FieldDescriptor as Type

S, AGO_NS = 1_000_000_000, 3_000_000_000
LATEST_NS = 2**63 - 1                   # the last moment of DateTime64(9)

# Whole seconds are kept within the nanoseconds, and only used where those are absent.
SECONDS = {"TimeReceived": "TimeReceivedNs", "TimeFlowStart": "TimeFlowStartNs",
           "TimeFlowEnd": "TimeFlowEndNs"}


class Shapes:
    """What the columns of <stream>_in are, as the server tells, and what the agent's limits are."""

    def __init__(self, client):
        found = client.rows("SELECT table, name, type FROM system.columns "
                            "WHERE database = 'netmeta'")
        self.types = {(row["table"], row["name"]): row["type"] for row in found}
        options = (SOURCE / "proto" / "netmeta.options").read_text()
        self.limits = {tuple(name.split(".")[1:]): int(limit) for name, limit in
                       re.findall(r"^(\S+)\s+max_(?:size|count):(\d+)", options, re.M)}

    def bits(self, stream, field):
        """Width of a number's column."""
        column = self.types.get((f"{stream}_in", field.name), "UInt32")
        return int(re.search(r"Int(\d+)", column).group(1))

    def limit(self, field):
        """Bytes or elements that the agent allows."""
        return self.limits[(field.containing_type.name, field.name)]


def is_address(field):
    """Bytes are addresses in this schema."""
    return field.type == Type.TYPE_BYTES


def is_map(field):
    """Maps are messages of a key and a value to protobuf."""
    return field.message_type is not None and field.message_type.GetOptions().map_entry


def map_value(field, width):
    """A map of one entry, its texts `width` long."""
    key, value = field.message_type.fields
    samples = {Type.TYPE_STRING: "k" * width, Type.TYPE_BYTES: b"v" * width,
               Type.TYPE_UINT64: field.number}
    return {samples[key.type]: samples[value.type]}


def is_mac(field):
    """MAC addresses have 48 bits, whatever the column."""
    return field.name.endswith("Mac")


def value_from_tag(_shapes, _stream, field, now_ns):
    """A value that no other column of this width has in the same message."""
    if field.name in SECONDS:
        return now_ns // S - field.number
    if field.name in SECONDS.values() or field.name == "TimeReceivedNs":
        return now_ns - AGO_NS - field.number
    if is_map(field):
        return map_value(field, 3)
    if is_address(field):
        return bytes.fromhex("20010db8") + field.number.to_bytes(12, "big")
    if is_mac(field):
        return 0x020000000000 + field.number
    if field.type == Type.TYPE_STRING:
        return f"text of {field.number}"[:15]
    if field.type == Type.TYPE_ENUM:
        return 1 + field.number % (len(field.enum_type.values) - 1)
    if field.label == Type.LABEL_REPEATED:
        return [field.number, field.number + 1]
    return field.number if _shapes.bits(_stream, field) > 8 else field.number & 0xff


def largest_value(shapes, stream, field, _now_ns):
    """The largest value that the column of <stream>_in, or the agent, allows."""
    if is_map(field):
        return map_value(field, 20)
    if is_address(field):
        return b"\xff" * 16
    if is_mac(field):
        return 2**48 - 1
    if field.type == Type.TYPE_STRING:
        return "x" * (shapes.limit(field) - 1)
    if field.type == Type.TYPE_ENUM:
        return max(value.number for value in field.enum_type.values)
    if field.label == Type.LABEL_REPEATED:
        return [2**32 - 1] * shapes.limit(field)
    signed = field.type in (Type.TYPE_INT64, Type.TYPE_INT32)
    return 2**(shapes.bits(stream, field) - signed) - 1


def wanted_in_column(field, value, now_ns):
    """What the stored column shows, by the rules of docs/SCHEMA.md, for a value that was sent."""
    if field.name in ("TimeReceivedNs", "TimeReceived"):
        scale = S if field.name == "TimeReceived" else 1
        return ("about", (now_ns + 3600 * S) // scale, 120 * S // scale) \
            if value * scale > now_ns + 3600 * S else value
    if field.name in SECONDS:
        return min(value, LATEST_NS // S)
    if field.name in SECONDS.values():
        return min(value, LATEST_NS)
    if is_map(field):
        return {str(key): text.decode() if isinstance(text, bytes) else text
                for key, text in value.items()}
    if is_address(field):
        return ipaddress.ip_address(value)
    if field.type == Type.TYPE_ENUM:
        return field.enum_type.values_by_number[value].name
    return value


def readable(column_type, name):
    """An expression that shows a column in full."""
    if column_type.startswith("DateTime64(9"):
        return f"toUnixTimestamp64Nano({name})"
    if column_type.startswith("DateTime"):
        return f"toInt64(toDateTime64({name}, 0, 'UTC'))"
    return f"toString({name})" if column_type.startswith("Enum") else name


def same(found, wanted):
    """Whether the column shows what it should."""
    if isinstance(wanted, tuple):
        _, middle, width = wanted
        return abs(found - middle) <= width
    if isinstance(wanted, (ipaddress.IPv4Address, ipaddress.IPv6Address)):
        return ipaddress.ip_address(found) == wanted
    return found == wanted


class RoundTrip:
    """Sends messages and looks for each field's value in the column of its name."""

    def __init__(self, stack, tree=SOURCE):
        self.stack, self.client = stack, stack.plain()
        self.classes = message_classes(tree)
        self.shapes = Shapes(self.client)

    def differences(self, stream, make):
        """The fields whose column does not show what was sent, with what it shows."""
        descriptor = self.classes[MESSAGES[stream]].DESCRIPTOR
        seconds = [field for field in descriptor.fields if field.name in SECONDS]
        others = [field for field in descriptor.fields if field.name not in SECONDS]
        found = self._differences(stream, others, make)
        return found | (self._differences(stream, seconds, make) if seconds else {})

    def _differences(self, stream, fields, make):
        now_ns = time.time_ns()
        message, wanted, different = self.classes[MESSAGES[stream]](), {}, {}
        columns = []
        for field in fields:
            value = make(self.shapes, stream, field, now_ns)
            if is_map(field):
                getattr(message, field.name).update(value)
            elif field.label == Type.LABEL_REPEATED:
                getattr(message, field.name).extend(value)
            else:
                setattr(message, field.name, value)
            wanted[field.name] = wanted_in_column(field, value, now_ns)
            if (stream, field.name) in self.shapes.types:
                columns.append(field.name)
            else:
                different[field.name] = "no such column"
        row = self._stored(stream, message, columns)
        return different | {name: row[name] for name in columns
                            if not same(row[name], wanted[name])}

    def _stored(self, stream, message, columns):
        incarnation = new_incarnation()
        self.stack.post(f"schema-test-{incarnation}-0-{stream}-1", [message])
        shown = ", ".join(f"{readable(self.shapes.types[(stream, name)], name)} AS `{name}`"
                          for name in columns)
        (row,) = self.client.rows(
            f"SELECT {shown} FROM netmeta.{stream} WHERE Incarnation = '{incarnation}' "
            "SETTINGS prefer_column_name_to_alias = 1")
        return row


def copy_of_tree(folder):
    """A copy of what makes and applies the schema."""
    for part in ("proto", "stack", "scripts", "docs"):
        shutil.copytree(SOURCE / part, folder / part)
    return folder


def change(path, old, new):
    """Edit a file of a copy; the text to change must be there."""
    text = path.read_text()
    assert old in text, f"{path} has no {old!r}"
    path.write_text(text.replace(old, new))


def test_values(suite, stack):
    """Equal values in columns of one type would hide that they are swapped."""
    trip, twice = RoundTrip(stack), []
    for stream, message in MESSAGES.items():
        seen = set()
        for field in trip.classes[message].DESCRIPTOR.fields:
            value = str(value_from_tag(trip.shapes, stream, field, time.time_ns()))
            if field.type != Type.TYPE_ENUM and (field.type, value) in seen:
                twice.append(field.full_name)
            seen.add((field.type, value))
    suite.equal("no two fields of one type are given the same value", twice, [])


def test_fields(suite, stack):
    """Both values of every field of every message."""
    trip = RoundTrip(stack)
    for stream, message in MESSAGES.items():
        count = len(trip.classes[message].DESCRIPTOR.fields)
        for words, make in (("a value made from its tag", value_from_tag),
                            ("the largest value", largest_value)):
            suite.equal(f"{message}: each of {count} fields brings {words} to its column",
                        trip.differences(stream, make), {})


def test_swapped(suite, stack):
    """A view that swaps two columns, on a copy of the tree."""
    tree = copy_of_tree(stack.folder / "swapped")
    view = tree / "stack" / "sql" / "views" / "flows.sql"
    change(view, "greatest(SamplingRate, 1) AS Rate,",
           "greatest(SamplingRate, 1) AS Rate, SrcPort AS One, DstPort AS Other,")
    change(view, "SrcPort, DstPort,", "Other AS SrcPort, One AS DstPort,")
    stack.command("migrate", tree=tree)
    found = RoundTrip(stack).differences("flows", value_from_tag)
    suite.equal("two swapped columns are found", set(found), {"SrcPort", "DstPort"})
    stack.command("migrate")
    suite.equal("a view follows its file, back as well",
                RoundTrip(stack).differences("flows", value_from_tag), {})


def test_unmapped(suite, stack):
    """A new field without a stored column, on a copy of the tree."""
    tree = copy_of_tree(stack.folder / "unmapped")
    change(tree / "proto" / "netmeta.proto", "  repeated uint32 MplsLabels = 1117;\n",
           "  repeated uint32 MplsLabels = 1117;\n  // New. @UInt8\n  uint32 Unmapped = 1900;\n")
    subprocess.run([tree / "scripts" / "proto.sh"], check=True)
    stack.command("migrate", tree=tree)
    trip = RoundTrip(stack, tree)
    suite.equal("a new field becomes a column of flows_in by itself",
                trip.shapes.types.get(("flows_in", "Unmapped")), "UInt8")
    suite.equal("a field that no view stores is found",
                trip.differences("flows", value_from_tag), {"Unmapped": "no such column"})


def main():
    """All tests on one stack."""
    suite = Suite()
    with Stack() as stack:
        test_values(suite, stack)
        test_fields(suite, stack)
        test_swapped(suite, stack)
        test_unmapped(suite, stack)
    suite.finish()


if __name__ == "__main__":
    sys.exit(main())
