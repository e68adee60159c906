# SPDX-License-Identifier: Apache-2.0
"""Configuration of ClickHouse and stunnel: the files of stack/config with the blanks filled in."""
import string
from xml.sax.saxutils import escape

from . import passwords
from .layout import SOURCE

RULE = """\
    <rule>
      <url>{url}</url>
      <methods>GET</methods>{condition}
      <handler>
        <type>static</type>
        <status>{status}</status>
        <content_type>{content_type}</content_type>
        <http_response_headers>
          <{header}>{value}</{header}>
        </http_response_headers>
        <response_content>{content}</response_content>
      </handler>
    </rule>"""

NO_QUERY = "\n      <empty_query_string/>"


def write(layout, settings, pages):
    """Write all files; returns whether one of them changed.

    `pages` are (path on the server, path under files/, content type).
    """
    address = settings.listen.strip("[]")
    values = {
        "logs": layout.logs, "files": layout.files, "certificates": layout.certificates,
        "secrets": layout.secrets, "users": layout.config / "users.xml",
        "accept": f"{address}:{settings.https_port}", "http_port": settings.http_port,
        **{user: passwords.digest(layout, user) for user in passwords.USERS},
    }
    handlers = "\n".join([_redirect("/", "/view/"), *(_page(*page) for page in pages)])
    changed = False
    for template in (SOURCE / "stack" / "config").iterdir():
        safe = {name: escape(str(value)) for name, value in values.items()}
        content = string.Template(template.read_text()).substitute(safe, handlers=handlers)
        path = layout.config / template.name
        if not path.exists() or path.read_text() != content:
            path.touch(mode=0o600)
            path.write_text(content)
            changed = True
    return changed


def _redirect(url, target):
    return RULE.format(url=url, condition=NO_QUERY, status=302, content_type="text/plain",
                       header="Location", value=target, content="")


def _page(url, path, content_type):
    return RULE.format(url=escape(url), condition="", status=200, content_type=content_type,
                       header="Cache-Control", value="no-cache",
                       content="file://" + escape(path))
