"""A real timestamp authority on this computer: ``openssl ts`` behind a small HTTP server, which may answer wrongly on purpose."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

_CONFIG = """
[req]
distinguished_name = dn
x509_extensions = ext
prompt = no
[dn]
CN = A test authority
[ext]
basicConstraints = critical,CA:TRUE
extendedKeyUsage = critical,timeStamping
[tsa]
default_tsa = here
[here]
serial = {folder}/serial
signer_cert = {folder}/cert.pem
certs = {folder}/cert.pem
signer_key = {folder}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
"""


@dataclass
class Authority:
    """``url`` is where it answers; ``change`` gets its reply before it goes out; ``asked`` has what was sent to it."""

    folder: Path
    url: str = ""
    change: Callable[[bytes], bytes] = lambda reply: reply
    redirect: str = ""
    asked: list[bytes] = field(default_factory=list)

    def reply(self, query: bytes) -> bytes:
        """What ``openssl ts`` says."""
        (self.folder / "query").write_bytes(query)
        _openssl("ts", "-reply", "-config", "config", "-queryfile", "query", "-out", "reply", folder=self.folder)
        return (self.folder / "reply").read_bytes()


@contextmanager
def authority(folder: Path) -> Iterator[Authority]:
    """One that runs until the end of the block."""
    folder.mkdir()
    (folder / "config").write_text(_CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    made = ("-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", "-days", "30")
    _openssl("req", "-x509", "-config", "config", *made, folder=folder)
    one = Authority(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            one.asked.append(query)
            if one.redirect:
                self.send_response(307)
                self.send_header("Location", one.redirect)
                self.end_headers()
                return
            body = one.change(one.reply(query))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is printed."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        one.url = f"http://127.0.0.1:{server.server_port}/tsa"
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield one
        finally:
            server.shutdown()
            thread.join()


def _openssl(*arguments: str, folder: Path) -> None:
    done = subprocess.run(["openssl", *arguments], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def checks(folder: Path, checkpoint: Path, reply: Path) -> bool:
    """Whether ``openssl ts`` takes the reply for this checkpoint."""
    named = ("-data", str(checkpoint), "-in", str(reply), "-CAfile", str(folder / "cert.pem"))
    return subprocess.run(["openssl", "ts", "-verify", *named], capture_output=True).returncode == 0
