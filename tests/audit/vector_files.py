"""The published vectors: ``python -m tests.audit.vector_files`` writes them anew.

They are byte for byte the same as long as nothing changed. ``vectors/true`` has a folder for each bundle that must hold,
``vectors/false`` a JSON file for each that must not: what differs from one of the true ones. ``vectors/README.md`` says how
others use them.
"""

from __future__ import annotations

import base64
import json
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from dsr_desk.audit.bundle import check
from tests.audit.false_bundles import Defect, File, false_bundles
from tests.audit.false_trails import false_trails
from tests.audit.true_bundles import TRUE

VECTORS = Path(__file__).parent / "vectors"


@cache
def false() -> dict[str, Defect]:
    """All bundles that must not hold."""
    found = false_bundles() | false_trails()
    assert len(found) == len(false_bundles()) + len(false_trails())
    return found


@cache
def true_files(name: str) -> dict[str, bytes]:
    return TRUE[name]().written()


def put(folder: Path, base: str, changed: dict[str, File]) -> Path:
    """Write a bundle as it would be unpacked."""
    folder.mkdir(parents=True)
    for name, data in (true_files(base) | changed).items():
        path = folder / name
        if isinstance(data, bytes):
            path.write_bytes(data)
        elif data is not None and "folder" in data:
            path.mkdir()
        elif data is not None and "link" in data:
            path.symlink_to(data["link"])
        elif data is not None:
            with path.open("wb") as file:
                file.truncate(data["size"])
    return folder


def in_memory(base: str, changed: dict[str, File]) -> dict[str, bytes] | None:
    """Its files by name; ``None`` where one of them is no file at all."""
    files = true_files(base) | changed
    if any(isinstance(data, dict) for data in files.values()):
        return None
    return {name: data for name, data in files.items() if isinstance(data, bytes)}


def vector(base: str, changed: dict[str, File]) -> bytes:
    """A vector as it is published."""
    files = in_memory(base, changed)
    fault = type(check(files).fault).__name__ if files else "StrangeFileError"
    if any(isinstance(data, dict) and "size" in data for data in changed.values()):
        fault = "LargeFileError"
    told = {name: _told(true_files(base).get(name, b""), data) for name, data in sorted(changed.items())}
    return json.dumps({"base": base, "fault": fault, "files": told}, indent=1, ensure_ascii=True).encode() + b"\n"


def _told(old: bytes, new: File) -> Any:
    if not isinstance(new, bytes):
        return new
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    part = new[start : len(new) - end]
    place = {"from": start, "to": len(old) - end}
    if len(part) > 1000 and len(set(part)) == 1:
        return {**place, "byte": part[0], "times": len(part)}
    if part.isascii():
        return {**place, "text": part.decode("ascii")}
    return {**place, "base64": base64.b64encode(part).decode("ascii")}


def applied(old: bytes, told: Any) -> File:
    """The file again, as somebody else reads the vector."""
    if told is None or "from" not in told:
        return told  # type: ignore[no-any-return]
    if "byte" in told:
        part = bytes([told["byte"]]) * told["times"]
    else:
        part = told["text"].encode("ascii") if "text" in told else base64.b64decode(told["base64"])
    return old[: told["from"]] + part + old[told["to"] :]


def published() -> dict[str, bytes]:
    """All files of ``vectors``, by their path in it."""
    files = {f"true/{name}/{file}": data for name in TRUE for file, data in true_files(name).items()}
    return files | {f"false/{name}.json": vector(*defect) for name, defect in false().items()}


def main() -> None:
    for part in ("true", "false"):
        shutil.rmtree(VECTORS / part, ignore_errors=True)
    for name, data in published().items():
        path = VECTORS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


if __name__ == "__main__":
    main()
