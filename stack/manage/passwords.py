# SPDX-License-Identifier: Apache-2.0
"""Users of the stack and their passwords: one random password a user, in a file of mode 0600."""
import hashlib
import os
import secrets

USERS = ("admin", "agent", "reader")


def provide(layout):
    """Make the passwords that do not exist yet."""
    for user in USERS:
        path = layout.password_file(user)
        if not path.exists():
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "w", encoding="ascii") as file:
                file.write(secrets.token_urlsafe(24))


def read(layout, user):
    """One user's password."""
    return layout.password_file(user).read_text(encoding="ascii").strip()


def digest(layout, user):
    """What ClickHouse keeps of it."""
    return hashlib.sha256(read(layout, user).encode()).hexdigest()
