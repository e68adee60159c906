# SPDX-License-Identifier: Apache-2.0
"""The page: modules, dashboards and the chart library, copied to where ClickHouse serves them."""
import json
import shutil

from . import passwords
from .layout import SOURCE
from .packages import CHARTS

CONTENT_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".ico": "image/x-icon",
}


def provide(layout, open_reader):
    """Copy everything; returns (path on the server, path under files/, content type) of each."""
    view, dashboards = layout.files / "view", layout.files / "dashboards"
    for folder in (view, dashboards):
        shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(SOURCE / "stack" / "view", view)
    shutil.copytree(SOURCE / "stack" / "dashboards", dashboards)
    vendor = view / "vendor"
    vendor.mkdir(exist_ok=True)
    for name in ("uPlot.esm.js", "uPlot.min.css"):
        shutil.copy(CHARTS / name, vendor / name)
    shutil.copy(SOURCE / "proto" / "netmeta.proto", layout.files / "netmeta.proto")
    if open_reader:
        (view / "config.json").write_text(json.dumps(
            {"url": "/", "user": "reader", "password": passwords.read(layout, "reader")}) + "\n")
    return _served(layout)


def _served(layout):
    pages = []
    for path in sorted(layout.files.glob("*/**/*")):
        if path.suffix not in CONTENT_TYPES:
            continue
        name, content_type = str(path.relative_to(layout.files)), CONTENT_TYPES[path.suffix]
        pages.append(("/" + name, name, content_type))
        if name == "view/index.html":
            pages.append(("/view/", name, content_type))
        if name.startswith("dashboards/"):      # the page asks beside itself
            pages.append(("/view/" + name, name, content_type))
    return pages
