# SPDX-License-Identifier: Apache-2.0
"""Waiting for what other processes do, with a deadline and never longer than needed."""
import time

DEADLINE = 30               # seconds


def until(what, condition, seconds=DEADLINE):
    """Poll; returns what the condition returned."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {seconds} s: {what}")
        time.sleep(0.02)
    return found
