# SPDX-License-Identifier: Apache-2.0
"""An authority of the stack's own, and the server's certificate, made with openssl.

Agents and browsers trust tls/ca.pem. The server's certificate is made again when the names change
or when it ends within a month; the authority stays.
"""
import ipaddress
import os
import subprocess

from .layout import StackError

AUTHORITY_DAYS, SERVER_DAYS, SECONDS_LEFT = "3650", "397", str(30 * 86400)
NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
ALWAYS = ["localhost", "127.0.0.1", "::1"]


def provide(layout, names):
    """Have an authority and a server certificate for these names."""
    folder, keys = layout.certificates, layout.secrets
    if not (folder / "ca.pem").exists():
        _openssl(["req", "-x509", *NEW_KEY, "-keyout", keys / "ca.key", "-out", folder / "ca.pem",
                  "-days", AUTHORITY_DAYS, "-subj", "/CN=NetMeta stack",
                  "-addext", "basicConstraints=critical,CA:TRUE",
                  "-addext", "keyUsage=critical,keyCertSign,cRLSign"])
    extensions = "\n".join([
        "subjectAltName=" + ",".join(_alternative(name) for name in [*ALWAYS, *names]),
        "basicConstraints=critical,CA:FALSE", "keyUsage=critical,digitalSignature",
        "extendedKeyUsage=serverAuth", ""])
    wanted = folder / "server.ext"
    if wanted.exists() and wanted.read_text() == extensions and _lasts(folder / "server.pem"):
        return
    request = folder / "server.csr"
    _openssl(["req", "-new", *NEW_KEY, "-keyout", keys / "server.key", "-out", request,
              "-subj", "/CN=localhost"])
    wanted.write_text(extensions)
    _openssl(["x509", "-req", "-in", request, "-CA", folder / "ca.pem", "-CAkey", keys / "ca.key",
              "-CAcreateserial", "-CAserial", folder / "ca.srl", "-days", SERVER_DAYS,
              "-extfile", wanted, "-out", folder / "server.pem"])
    request.unlink()
    for public in (folder / "ca.pem", folder / "server.pem"):
        public.chmod(0o644)


def _alternative(name):
    try:
        return f"IP:{ipaddress.ip_address(name)}"
    except ValueError:
        return f"DNS:{name}"


def _lasts(certificate):
    command = ["openssl", "x509", "-in", certificate, "-noout", "-checkend", SECONDS_LEFT]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _openssl(arguments):
    result = subprocess.run(["openssl", *arguments], capture_output=True, text=True, check=False,
                            preexec_fn=lambda: os.umask(0o077))
    if result.returncode:
        raise StackError(f"openssl {arguments[0]} failed: {result.stderr.strip()}")
