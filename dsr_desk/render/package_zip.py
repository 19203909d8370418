"""A package under a password: one zip that 7-Zip opens, and that says nothing without it."""

from __future__ import annotations

import io
import secrets
import zlib
from collections.abc import Sequence

from dsr_desk.render.files import Draft

#: Letters and digits that nobody takes for one another, and how many of them: 5 bits each, 120 in all.
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
_GROUPS, _LENGTH = 6, 4


def new_password() -> str:
    """A password of 120 random bits, in groups that can be read out: ``k7mw-…``."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(_GROUPS))


def zip_draft(name: str, drafts: Sequence[Draft], password: str) -> Draft:
    """All drafts in one zip, each encrypted with AES-256 (WinZip AE-2). Made in memory: nothing plain is ever on the disk.

    It is checked as anybody opens it: with the password, every file inside, by that file's own check.
    """
    from pyzipper.zipfile import ZIP_DEFLATED, BadZipFile  # 3 MB, and few packages are encrypted
    from pyzipper.zipfile_aes import WZ_AES, WZ_AES_V2, AESZipFile

    out = io.BytesIO()
    with AESZipFile(out, "w", compression=ZIP_DEFLATED) as archive:
        archive.setpassword(password.encode("ascii"))
        archive.setencryption(WZ_AES, nbits=256, force_wz_aes_version=WZ_AES_V2)  # AE-2 writes no checksum of what is inside
        for draft in drafts:
            archive.writestr(draft.name, draft.data)

    def check(data: bytes) -> None:
        try:
            with AESZipFile(io.BytesIO(data)) as archive:
                archive.setpassword(password.encode("ascii"))
                if archive.namelist() != [d.name for d in drafts]:
                    raise ValueError("the zip holds other files")
                for info, draft in zip(archive.infolist(), drafts, strict=True):
                    if not info.flag_bits & 1 or info.wz_aes_strength != 3:
                        raise ValueError("a file is not encrypted with AES-256")
                    back = archive.read(info)
                    if back != draft.data:
                        raise ValueError("a file in the zip says something else")
                    draft.check(back)
        except (BadZipFile, RuntimeError, EOFError, zlib.error):
            raise ValueError("the zip can't be opened") from None

    return Draft(name, out.getvalue(), "Everything, encrypted", check)
