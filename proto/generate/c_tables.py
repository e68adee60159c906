# SPDX-License-Identifier: Apache-2.0
"""The schema as X-macro tables for C: fields.def and enums.def."""

FIELDS_HEAD = """\
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Made from netmeta.proto by protoc-gen-netmeta; do not edit.
 *
 * The fields of all messages, for code that reads encoded messages.
 * FIELD(message, name, tag, kind, enumeration)
 *	kind		UINT	varint
 *			SINT	varint of 64 bits in two's complement
 *			ENUM	varint; enumeration names it in enums.def, otherwise 0
 *			ADDRESS	16 bytes, IPv4 as ::ffff:a.b.c.d
 *			MAC	varint of 48 bits
 *			TEXT	UTF-8
 *			LIST	packed varints
 *			BYTES	anything
 *			MAP_x_y	messages of a key x = 1 and a value y = 2, by the kinds above
 */
"""

ENUMS_HEAD = """\
/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Made from netmeta.proto by protoc-gen-netmeta; do not edit.
 *
 * The words of enumerations. Define one or both before including this file:
 * ENUM(name), ENUM_VALUE(name, number, word)
 */
#ifndef ENUM
#define ENUM(name)
#endif
#ifndef ENUM_VALUE
#define ENUM_VALUE(name, number, word)
#endif
"""

ENUMS_END = """
#undef ENUM
#undef ENUM_VALUE
"""


def fields(schema):
    """fields.def: one row a field, columns aligned."""
    lines = []
    for message in schema.messages:
        lines.append("")
        kind_width = max(len(field.kind) for field in message.fields) + 1
        name_width = max(len(field.name) for field in message.fields) + 1
        for field in message.fields:
            name = f"{field.name},".ljust(name_width)
            tag, kind = f"{field.tag},".ljust(5), f"{field.kind},".ljust(kind_width)
            enum = field.enum.name if field.enum else "0"
            lines.append(f"FIELD({message.name}, {name} {tag} {kind} {enum})")
    return FIELDS_HEAD + "\n".join(lines) + "\n"


def enums(schema):
    """enums.def: one row an enumeration, followed by one row a value."""
    lines = []
    for enum in schema.enums:
        lines += ["", f"ENUM({enum.name})"]
        lines += [f"ENUM_VALUE({enum.name}, {number}, {word})" for number, word in enum.values]
    return ENUMS_HEAD + "\n".join(lines) + "\n" + ENUMS_END
