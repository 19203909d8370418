"""The commands on who works here: operators, their keys, and how many have to approve."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from typing import Any

from dsr_desk.app.secrets import new_passphrase, recovery_code
from dsr_desk.cli.answer import Answer
from dsr_desk.flow.desk import Desk
from dsr_desk.flow.operators import Key
from dsr_desk.store.workspace import Operator


def _code(desk: Desk) -> str | None:
    """The recovery code; ``None`` in a workspace of an earlier version, which has none."""
    return recovery_code(desk.workspace.folder) if desk.root_is_away() else None


def _list(desk: Desk, a: Namespace) -> Answer:
    operators, me = desk.operators(), desk.workspace.operator.key_id
    asked, away = desk.approvals_asked(), desk.root_is_away()
    document = {
        "operators": [{**_shape(o), "you": o.key_id == me} for o in operators],
        "approvals": asked,
        "recovery": away,
    }
    wide = max(len(o.name) for o in operators)
    lines = [f"{o.name.ljust(wide)}  {o.role.ljust(8)}  {o.key_id}{'  (you)' if o.key_id == me else ''}" for o in operators]
    lines.append("A plan needs one approval." if asked == 1 else f"A plan needs {asked} approvals by different people.")
    if not away:
        lines.append("The root key lies with the other keys, as an earlier version put it. Take it away: dsr-desk key recovery")
    return 0, document, lines


def _add(desk: Desk, a: Namespace) -> Answer:
    code = _code(desk)
    added = desk.add_operator(a.name, a.role, new_passphrase(f"{a.name} chooses a passphrase: "), code)
    lines = [
        f"{added.name} works here now, as {_A[added.role]}. Key {added.key_id}.",
        f"They open the workspace with their own passphrase: dsr-desk --as {_quoted(added.name)} …",
    ]
    return 0, _shape(added), lines


def _leave(desk: Desk, a: Namespace) -> Answer:
    gone = desk.operator_leaves(a.name, _code(desk))
    lines = [
        f"{gone.name} has left: key {gone.key_id} signs nothing any more, and the workspace has a new key that doesn't reach them.",
        "Change the passwords of the systems that they knew. What they saw and copied before, no program takes back.",
    ]
    return 0, _shape(gone), lines


def _forget(desk: Desk, a: Namespace) -> Answer:
    desk.forget_operator(a.name)
    line = "The name is deleted. The trail keeps the id of the key; requests that name them keep it sealed until they are shredded."
    return 0, {"forgotten": True}, [line]


def _keys(desk: Desk, a: Namespace) -> Answer:
    keys = desk.key_list()
    return 0, {"keys": [_key(k) for k in keys]}, [_key_line(k) for k in keys]


def _key(key: Key) -> dict[str, Any]:
    return {
        "key": key.key_id,
        "name": key.name or None,
        "role": key.role,
        "state": key.state,
        "since": key.since,
        "until": key.until or None,
        "doubted": key.doubted or None,
    }


def _key_line(key: Key) -> str:
    ends = f", ended by entry {key.until}" if key.until else ""
    doubt = f", doubted from entry {key.doubted} on" if key.doubted else ""
    return f"{key.key_id}  {key.name or '(name deleted)'}, {key.role}: since entry {key.since}{ends}{doubt}"


def _compromise(desk: Desk, a: Namespace) -> Answer:
    desk.key_compromised(a.key, a.since, _code(desk))
    lines = [
        f"Key {a.key} has ended. What it signed from entry {a.since} on is doubted, and its approvals from there count no more.",
        "The workspace has a new key. Look through those entries: dsr-desk audit list",
    ]
    need = desk.too_few_approve()
    if need:
        lines += [need, "dsr-desk operator add NAME --role approver, or dsr-desk policy approvals 1"]
    return 0, {"key": a.key, "since": a.since, "next": need or None}, lines


def _renew(desk: Desk, a: Namespace) -> Answer:
    before = desk.workspace.operator.key_id
    after = desk.renew_key(_code(desk))
    return 0, {"key": after.key_id, "before": before}, [f"Your new key is {after.key_id}. {before} signs nothing any more."]


def _recovery(desk: Desk, a: Namespace) -> Answer:
    code = desk.make_recovery_code()
    return 0, {"recovery": code}, recovery_lines(code)


def _policy(desk: Desk, a: Namespace) -> Answer:
    desk.ask_for_approvals(a.approvals, _code(desk))
    how = "one approval" if a.approvals == 1 else f"{a.approvals} approvals by different people"
    return 0, {"approvals": a.approvals}, [f"From now on a plan needs {how}."]


def recovery_lines(code: str) -> list[str]:
    """How a recovery code is shown, once."""
    return [
        f"Recovery code: {code}",
        "Write it down and keep it away from this computer: it is shown once, and nobody can show it again. It is needed to admit",
        "operators, to end or renew a key, and to change how many have to approve.",
    ]


def _shape(operator: Operator) -> dict[str, Any]:
    return {"name": operator.name, "role": operator.role, "key": operator.key_id}


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


_A = {"agent": "an agent", "approver": "an approver", "auditor": "an auditor"}

VERBS: Mapping[str, Callable[[Desk, Namespace], Answer]] = {
    "operator list": _list,
    "operator add": _add,
    "operator leave": _leave,
    "operator forget": _forget,
    "key list": _keys,
    "key compromise": _compromise,
    "key renew": _renew,
    "key recovery": _recovery,
    "policy approvals": _policy,
}
