# SPDX-License-Identifier: Apache-2.0
"""The schema as the outputs need it: messages with fields, each with its kind and column type.

Read from protoc's descriptors. What the .proto cannot say by itself stands in its comments as
@words (explained at its head); what this project does not use (floats, nested messages,
zigzag and fixed-width numbers) is refused rather than guessed.
"""
import dataclasses
import re

from google.protobuf.descriptor_pb2 import FieldDescriptorProto as Proto

# The message of each stream; core/stream.def says the same to the agent.
STREAMS = {
    "flows": "FlowMessage",
    "drops": "FlowMessage",
    "counters": "CounterMessage",
    "names": "NameMessage",
    "interfaces": "InterfaceMessage",
    "events": "EventMessage",
    "ledger": "LedgerMessage",
}

# Wire type -> (kind for C, column type of ClickHouse)
SCALARS = {
    Proto.TYPE_UINT32: ("UINT", "UInt32"),
    Proto.TYPE_UINT64: ("UINT", "UInt64"),
    Proto.TYPE_BOOL: ("UINT", "Bool"),
    Proto.TYPE_INT32: ("SINT", "Int32"),
    Proto.TYPE_INT64: ("SINT", "Int64"),
    Proto.TYPE_STRING: ("TEXT", "String"),
    Proto.TYPE_BYTES: ("BYTES", "String"),
}

# @word -> (wire types it may stand at, kind for C or None to keep it, column type)
WORDS = {
    "address": ({Proto.TYPE_BYTES}, "ADDRESS", "IPv6"),
    "mac": ({Proto.TYPE_UINT64}, "MAC", "UInt64"),
    "UInt8": ({Proto.TYPE_UINT32, Proto.TYPE_UINT64}, None, "UInt8"),
    "UInt16": ({Proto.TYPE_UINT32, Proto.TYPE_UINT64}, None, "UInt16"),
    "UInt32": ({Proto.TYPE_UINT64}, None, "UInt32"),
}

# Wire types of a map's keys and values -> (kind for C, column type of ClickHouse)
MAPS = {
    (Proto.TYPE_UINT64, Proto.TYPE_BYTES): ("MAP_UINT_BYTES", "Map(UInt64, String)"),
    (Proto.TYPE_STRING, Proto.TYPE_UINT64):
        ("MAP_TEXT_UINT", "Map(LowCardinality(String), UInt64)"),
    (Proto.TYPE_STRING, Proto.TYPE_STRING):
        ("MAP_TEXT_TEXT", "Map(LowCardinality(String), String)"),
}

FILE_MESSAGE, MESSAGE_FIELD = 4, 2     # tags of descriptor.proto, for paths of comments


class SchemaError(Exception):
    """The .proto asks for something that has no place in the outputs."""


@dataclasses.dataclass
class Enum:
    """Numbers with words."""
    name: str
    values: list            # of (number, word)


@dataclasses.dataclass
class Field:
    """One field of a message."""
    name: str
    tag: int
    wire: str               # as written in the .proto
    kind: str               # as explained at the head of fields.def
    enum: Enum | None
    column: str             # type of its column
    meaning: str


@dataclasses.dataclass
class Message:
    """One message and the streams that carry it."""
    name: str
    streams: list
    meaning: str
    fields: list


@dataclasses.dataclass
class Schema:
    """Everything of one .proto file."""
    messages: list
    enums: list


def read_schema(request):
    """The schema of the one file that a CodeGeneratorRequest asks for."""
    if len(request.file_to_generate) != 1:
        raise SchemaError("one .proto file at a time")
    file = next(f for f in request.proto_file if f.name == request.file_to_generate[0])
    comments = {tuple(place.path): place.leading_comments
                for place in file.source_code_info.location}
    enums = _read_enums(file)
    messages = []
    for index, descriptor in enumerate(file.message_type):
        if descriptor.name not in STREAMS.values():
            raise SchemaError(f"message {descriptor.name} belongs to no stream")
        messages.append(_read_message(descriptor, (FILE_MESSAGE, index), comments, enums))
    return Schema(messages, list(enums.values()))


def _read_enums(file):
    """Enums by the full name that fields use."""
    prefix = "." + file.package
    found = [(f"{prefix}.{e.name}", e) for e in file.enum_type]
    for message in file.message_type:
        found += [(f"{prefix}.{message.name}.{e.name}", e) for e in message.enum_type]
    names = [enum.name for _, enum in found]
    if len(names) != len(set(names)):
        raise SchemaError("two enums of one name: C and JSON know them by their short name")
    return {full: Enum(enum.name, [(value.number, value.name) for value in enum.value])
            for full, enum in found}


def _read_message(descriptor, path, comments, enums):
    meaning, words = _split_comment(comments.get(path, ""))
    if words:
        raise SchemaError(f"{descriptor.name}: @words are for fields")
    streams = [stream for stream, name in STREAMS.items() if name == descriptor.name]
    maps = {entry.name: entry for entry in descriptor.nested_type if entry.options.map_entry}
    message = Message(descriptor.name, streams, meaning, [])
    for index, field in enumerate(descriptor.field):
        comment = comments.get((*path, MESSAGE_FIELD, index), "")
        entry = maps.get(field.type_name.rpartition(".")[2])
        message.fields.append(
            _read_map(descriptor.name, field, comment, entry) if entry else
            _read_field(descriptor.name, field, comment, enums))
        if not comment and index:       # one comment over several fields
            message.fields[-1].meaning = message.fields[-2].meaning
    return message


def _read_map(message, field, comment, entry):
    meaning, words = _split_comment(comment)
    key, value = entry.field
    if words or (key.type, value.type) not in MAPS:
        raise SchemaError(f"{message}.{field.name}: no such map is used in this schema")
    kind, column = MAPS[key.type, value.type]
    return Field(field.name, field.number, f"map<{_word(key)}, {_word(value)}>", kind, None, column,
                 meaning)


def _word(field):
    """A scalar type as the .proto spells it."""
    return Proto.Type.Name(field.type).removeprefix("TYPE_").lower()


def _read_field(message, field, comment, enums):
    meaning, words = _split_comment(comment)
    try:
        kind, column = _kind_and_column(field, words)
    except (KeyError, ValueError) as error:
        raise SchemaError(f"{message}.{field.name}: {error}") from error
    wire = _word(field)
    enum = enums.get(field.type_name)
    if enum:
        wire = enum.name
    if field.label == Proto.LABEL_REPEATED:
        if kind != "UINT":
            raise SchemaError(f"{message}.{field.name}: only numbers are repeated")
        kind, column, wire = "LIST", f"Array({column})", f"repeated {wire}"
    return Field(field.name, field.number, wire, kind, enum, column, meaning)


def _kind_and_column(field, words):
    if len(words) > 1:
        raise ValueError("one @word at most")
    if field.type == Proto.TYPE_ENUM:
        return "ENUM", "Int32"
    if field.type not in SCALARS:
        raise ValueError(f"{Proto.Type.Name(field.type)} is not used in this schema")
    kind, column = SCALARS[field.type]
    for word in words:
        if word not in WORDS or field.type not in WORDS[word][0]:
            raise ValueError(f"@{word} cannot stand here")
        kind, column = WORDS[word][1] or kind, WORDS[word][2]
    return kind, column


def _split_comment(comment):
    """A comment as one line of text and the @words at its end."""
    text = " ".join(comment.split())
    words = re.search(r"((?: ?@\w+)*)$", text).group(1)
    return text.removesuffix(words), re.findall(r"@(\w+)", words)
