"""An evidence bundle as a file: packed into one zip, and read back from a zip or a folder that somebody else may have made."""

from __future__ import annotations

import io
import lzma
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from dsr_desk.audit.bundle import LARGEST, NAMES, check
from dsr_desk.audit.bundle_faults import FormError, LargeFileError, StrangeFileError
from dsr_desk.errors import CredentialsError, UnreachableError
from dsr_desk.render.files import Draft
from dsr_desk.render.package_zip import zip_draft

if TYPE_CHECKING:
    from pyzipper.zipfile_aes import AESZipFile

#: More members than a bundle ever has are not even looked at.
_MOST = 2 * len(NAMES)
_TIME = slice(0, 19)
#: What reading a broken zip raises, beside its own error.
_BROKEN = (zlib.error, lzma.LZMAError, struct.error, EOFError, LookupError, OSError, ValueError, NotImplementedError)


class EncryptedError(CredentialsError):
    """A bundle that only a password opens, and that password was not given, or is another one."""


def packed(name: str, files: Mapping[str, bytes], made: str, password: str) -> Draft:
    """All files in one zip, without a folder, so that the script is where it was unpacked; with a password, encrypted (AES-256).

    Read back, it has to hold.

    ``made`` is the time of its entry (ISO 8601): the same files at the same time give the same zip.
    """
    if password:
        drafts = [Draft(n, files[n], "Evidence", lambda _: None) for n in sorted(files)]
        return zip_draft(name, drafts, password)
    out = io.BytesIO()
    year, month, day, hour, minute, second = (int(part) for part in made[_TIME].replace("T", "-").replace(":", "-").split("-"))
    with zipfile.ZipFile(out, "w") as archive:
        for file in sorted(files):
            info = zipfile.ZipInfo(file, (max(year, 1980), month, day, hour, minute, second))
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, (stat.S_IFREG | 0o600) << 16
            archive.writestr(info, files[file])

    def holds(data: bytes) -> None:
        if not check(_unzipped(io.BytesIO(data), "")).ok:
            raise ValueError("the bundle does not hold")

    return Draft(name, out.getvalue(), "Evidence", holds)


def unpacked(path: Path, password: str = "") -> dict[str, bytes]:
    """The files of a bundle by name, from its zip or its folder.

    ``BundleError`` for what no bundle has: folders, links, names that lead elsewhere, the same name twice, too much of anything.
    ``EncryptedError`` where a password is missing or wrong, ``UnreachableError`` where it can't be read.
    """
    try:
        if path.is_dir():
            return _folder(path)
        with path.open("rb") as file:
            return _unzipped(file, password)
    except (OSError, ValueError):
        raise UnreachableError("The bundle can't be read.", "Name its zip, or the folder that it was unpacked into.") from None


def _folder(path: Path) -> dict[str, bytes]:
    found = list(islice(path.iterdir(), _MOST + 1))
    for one in found:
        if one.name not in NAMES or one.is_symlink() or not one.is_file():
            raise StrangeFileError(f"{one.name!a} does not belong to a bundle.")
        if one.stat().st_size > LARGEST:
            raise LargeFileError(f"{one.name} is larger than any file of a bundle.")
    return {one.name: one.read_bytes() for one in found}


def _unzipped(file: io.BufferedIOBase, password: str) -> dict[str, bytes]:
    from pyzipper.zipfile import BadZipFile  # 3 MB, and few open a bundle
    from pyzipper.zipfile_aes import AESZipFile

    try:
        with AESZipFile(file) as archive:
            archive.setpassword(password.encode("utf-8") or None)
            members = [m for m in archive.infolist() if not m.is_dir()]
            _check_members(members)
            return {m.filename.rpartition("/")[2]: _member(archive, m, password) for m in members}
    except (BadZipFile, *_BROKEN):
        raise FormError("It is not a zip file, or a broken one.") from None


def _check_members(members: Iterable[zipfile.ZipInfo]) -> None:
    names: set[str] = set()
    folders: set[str] = set()
    for member in members:
        folder, _, name = member.filename.rpartition("/")
        folders.add(folder)
        kind = stat.S_IFMT(member.external_attr >> 16)
        plain = folder not in (".", "..") and not set(folder) & set("/\\:\0") and member.orig_filename == member.filename
        if name not in NAMES or not plain or len(folders) > 1 or kind not in (0, stat.S_IFREG):
            raise StrangeFileError(f"{member.filename[:80]!a} does not belong to a bundle.")
        if name in names:
            raise StrangeFileError(f"{name} stands in the zip twice.")
        if member.file_size > LARGEST:
            raise LargeFileError(f"{name} is larger than any file of a bundle.")
        names.add(name)


def _member(archive: AESZipFile, member: zipfile.ZipInfo, password: str) -> bytes:
    if member.flag_bits & 1 and not password:
        raise EncryptedError(
            "This bundle opens the case, so it is encrypted.", "Give the password that was shown when it was made."
        )
    try:
        with archive.open(member) as stream:
            data: bytes = stream.read(LARGEST + 1)
    except RuntimeError:
        raise EncryptedError(
            "The password does not open this bundle.", "Type it as it was shown when the bundle was made."
        ) from None
    if len(data) > LARGEST:
        raise LargeFileError(f"{member.filename[-40:]!a} is larger than any file of a bundle.")
    return data
