# SPDX-License-Identifier: Apache-2.0
"""The parts of netmeta-stack, one noun a file."""
