"""Real servers for tests, started once a session and always stopped."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic

import pytest


def missing(reason: str) -> None:
    """Skip with the reason; in CI, where everything is installed, that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def postgresql() -> Iterator[str]:
    """A PostgreSQL of its own on loopback; gives ``postgresql://postgres@127.0.0.1:PORT``. Local users need no password."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    if not programs:
        missing("PostgreSQL is not installed under /usr/lib/postgresql")
    folder = Path(tempfile.mkdtemp(prefix="dsr-desk-postgresql-"))
    as_nobody = []
    if hasattr(os, "geteuid") and os.geteuid() == 0:  # PostgreSQL refuses to run as root
        shutil.chown(folder, "nobody")
        as_nobody = ["runuser", "-u", "nobody", "--"]
    port = free_port()
    data = folder / "data"

    def run(program: str, *arguments: str) -> None:
        done = subprocess.run(
            [*as_nobody, str(programs[-1] / program), "-D", str(data), *arguments],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr

    try:
        run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -F -c autovacuum=off"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}"
        finally:
            run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def mariadb() -> Iterator[str]:
    """A MariaDB of its own on loopback; gives ``mariadb://root@127.0.0.1:PORT``. Local users need no password."""
    for program in ("mariadbd", "mariadb-install-db"):
        if shutil.which(program) is None:
            missing(f"MariaDB is not installed: no {program}")
    folder = Path(tempfile.mkdtemp(prefix="dsr-desk-mariadb-"))
    as_nobody = []
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        shutil.chown(folder, "nobody")
        as_nobody = ["--user=nobody"]
    port = free_port()
    data = f"--datadir={folder / 'data'}"
    made = subprocess.run(
        ["mariadb-install-db", "--no-defaults", *as_nobody, data, "--auth-root-authentication-method=normal", "--skip-test-db"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
    )
    try:
        assert made.returncode == 0, made.stderr
        with (folder / "log").open("wb") as log:
            server = subprocess.Popen(
                [
                    "mariadbd",
                    "--no-defaults",
                    *as_nobody,
                    data,
                    f"--socket={folder / 's'}",
                    f"--port={port}",
                    "--bind-address=127.0.0.1",
                    f"--pid-file={folder / 'pid'}",
                    "--skip-log-bin",
                    "--innodb-flush-method=nosync",
                    "--innodb-flush-log-at-trx-commit=0",
                    "--innodb-buffer-pool-size=32M",
                    "--innodb-doublewrite=0",
                    "--innodb-log-file-size=8M",
                    "--sync-frm=0",
                ],
                cwd=folder,
                stdout=log,
                stderr=log,
            )
        try:
            answering(port, server)
            yield f"mariadb://root@127.0.0.1:{port}"
        finally:
            server.kill()
            server.wait(30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def answering(port: int, server: subprocess.Popen[bytes], patience: float = 60) -> None:
    """Wait until the port takes connections, as long as its program lives."""
    end = monotonic() + patience
    while True:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        assert server.poll() is None and monotonic() < end, "the server did not start"
        Event().wait(0.02)


@contextmanager
def mongodb() -> Iterator[str]:
    """A peer of its own that speaks MongoDB's wire protocol, on loopback; gives ``mongodb://127.0.0.1:PORT``. No user is needed."""
    program = Path(sys.executable).with_name("nx-27017")
    if not program.exists():
        missing("nx-27017, which speaks MongoDB's wire protocol, is not installed")
    folder = Path(tempfile.mkdtemp(prefix="dsr-desk-mongodb-"))
    port = free_port()
    where = ["--data-dir", "memory", "-p", str(port), "--log-file", str(folder / "log"), "--pid-file", str(folder / "pid")]
    server = subprocess.Popen([str(program), *where], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        answering(port, server)
        yield f"mongodb://127.0.0.1:{port}"
    finally:
        server.kill()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


#: Attributes of the tests' own, whose values may hold anything that is a text.
PEOPLE_SCHEMA = """
attributetype ( 1.3.6.1.4.1.99999.1.1 NAME 'contactMail' EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )
attributetype ( 1.3.6.1.4.1.99999.1.2 NAME 'contactPhone' EQUALITY caseExactMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.3.6.1.4.1.99999.1.3 NAME 'bornAt' EQUALITY generalizedTimeMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.24 SINGLE-VALUE )
objectclass ( 1.3.6.1.4.1.99999.2.1 NAME 'deskPerson' SUP inetOrgPerson STRUCTURAL MAY ( contactMail $ contactPhone $ bornAt ) )
"""


@contextmanager
def slapd(certificate: Path | None = None) -> Iterator[tuple[str, str]]:
    """An OpenLDAP of its own on loopback, empty below ``dc=example,dc=org``: ``ldap://127.0.0.1:PORT`` and ``ldaps://…``.

    ``cn=admin,dc=example,dc=org`` may do everything, its password is ``secret``. ``certificate``: a file with certificate and key.
    """
    program = shutil.which("slapd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/libexec")
    if program is None or not Path("/etc/ldap/schema/inetorgperson.schema").exists():
        missing("OpenLDAP's slapd is not installed")
    folder = Path(tempfile.mkdtemp(prefix="dsr-desk-slapd-"))
    (folder / "db").mkdir()
    (folder / "people.schema").write_text(PEOPLE_SCHEMA)
    schemas = [f"/etc/ldap/schema/{name}.schema" for name in ("core", "cosine", "nis", "inetorgperson")]
    lines = [f"include {name}" for name in [*schemas, str(folder / "people.schema")]]
    lines += ["modulepath /usr/lib/ldap", "moduleload back_mdb", f"pidfile {folder / 'pid'}"]
    if certificate is not None:
        lines += [f"TLSCertificateFile {certificate}", f"TLSCertificateKeyFile {certificate}"]
    lines += ["sizelimit 1000", "database mdb", 'suffix "dc=example,dc=org"', 'rootdn "cn=admin,dc=example,dc=org"']
    lines += ["rootpw secret", f"directory {folder / 'db'}", "maxsize 10485760", "dbnosync", "access to * by users write by * read"]
    (folder / "slapd.conf").write_text("\n".join([*lines, ""]))
    port, safe = free_port(), free_port()
    urls = f"ldap://127.0.0.1:{port}" + (f" ldaps://127.0.0.1:{safe}" if certificate is not None else "")
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen([str(program), "-f", str(folder / "slapd.conf"), "-h", urls, "-d", "0"], stdout=log, stderr=log)
    try:
        answering(port, server)
        yield f"ldap://127.0.0.1:{port}", f"ldaps://127.0.0.1:{safe}"
    finally:
        server.kill()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def dovecot(
    more: str = "", certificate: tuple[Path, Path] | None = None, tls_only: bool = False
) -> Iterator[tuple[int, int, Path]]:
    """An IMAP server of its own on loopback: its port, its port with TLS, and the folder with a maildir for each user.

    Every user exists, with the password ``se-cret``. ``more`` is further configuration; ``certificate`` names a certificate and its
    key; ``tls_only`` takes no password without TLS.
    """
    program = shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if not program:
        missing("dovecot is not installed")
    if os.geteuid() != 0:
        missing("dovecot's configuration of these tests starts as root only")
    folder = Path(tempfile.mkdtemp(prefix="dsr-desk-dovecot-"))
    folder.chmod(0o755)
    port, secure = free_port(), free_port()
    (folder / "mail").mkdir()
    shutil.chown(folder / "mail", "nobody", "nogroup")
    tls = f"ssl = yes\nssl_cert = <{certificate[0]}\nssl_key = <{certificate[1]}" if certificate else "ssl = no"
    (folder / "dovecot.conf").write_text(
        f"""
protocols = imap
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
{tls}
disable_plaintext_auth = {"yes" if tls_only else "no"}
{"login_trusted_networks =" if tls_only else ""}
mail_location = maildir:{folder}/mail/%u
mail_fsync = never
first_valid_uid = 1
first_valid_gid = 1
passdb {{
  driver = static
  args = password=se-cret
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={folder}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service imap-login {{
  service_count = 0
  inet_listener imap {{
    address = 127.0.0.1
    port = {port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {secure if certificate else 0}
    ssl = yes
  }}
}}
{more}
"""
    )
    server = subprocess.Popen(
        [program, "-F", "-c", str(folder / "dovecot.conf")], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        answering(port, server)
        yield port, secure, folder / "mail"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder, ignore_errors=True)
