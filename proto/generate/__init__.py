# SPDX-License-Identifier: Apache-2.0
"""The parts of protoc-gen-netmeta: a model of the schema, and a module for each kind of output."""
