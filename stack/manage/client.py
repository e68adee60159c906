# SPDX-License-Identifier: Apache-2.0
"""A client of ClickHouse's HTTP interface. The login goes in headers, never into an address."""
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request


class ClickHouseError(Exception):
    """The server's answer to a statement it did not like, with its exception code."""

    def __init__(self, text, code=0):
        super().__init__(text)
        self.code = code


class Client:
    """Asks one server as one user."""

    def __init__(self, url, user, password, ca_file=None):
        self.url = url
        self.headers = {"X-ClickHouse-User": user, "X-ClickHouse-Key": password}
        context = ssl.create_default_context(cafile=ca_file) if url.startswith("https") else None
        handlers = [urllib.request.ProxyHandler({})]
        if context:
            handlers.append(urllib.request.HTTPSHandler(context=context))
        self.opener = urllib.request.build_opener(*handlers)

    def execute(self, statement, body=None, **settings):
        """The answer to one statement as text; a body goes behind the statement as its data."""
        settings["wait_end_of_query"] = 1
        if body is not None:
            settings["query"] = statement
        address = self.url + "?" + urllib.parse.urlencode(settings)
        data = statement.encode() if body is None else body
        request = urllib.request.Request(address, data, self.headers)
        try:
            with self.opener.open(request, timeout=120) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError as error:
            code = int(error.headers.get("X-ClickHouse-Exception-Code") or 0)
            raise ClickHouseError(error.read().decode(errors="replace").strip(), code) from error
        except urllib.error.URLError as error:
            raise ClickHouseError(f"{self.url}: {error.reason}") from error

    def rows(self, query, **settings):
        """The rows that a SELECT finds, as dictionaries."""
        settings["output_format_json_quote_64bit_integers"] = 0
        return json.loads(self.execute(query + "\nFORMAT JSON", **settings))["data"]

    def is_up(self):
        """Whether somebody answers /ping."""
        try:
            with self.opener.open(urllib.parse.urljoin(self.url, "/ping"), timeout=5) as answer:
                return answer.read() == b"Ok.\n"
        except OSError:
            return False
