"""The nouns of the catalog, made from files whose shape is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Literal

import dsr_desk.drivers
from dsr_desk.catalog.problem import Problem
from dsr_desk.catalog.shape import (
    BackupsShape,
    CollectionShape,
    Condition,
    Conditional,
    FieldShape,
    KeepShape,
    ObjectShape,
    RestrictShape,
    SystemFile,
    known_fields,
)
from dsr_desk.catalog.source import Source
from dsr_desk.catalog.targets import Targets
from dsr_desk.drivers.base import Driver
from dsr_desk.model.catalog import Automated, Backups, Collection, Erase, Field, Keep, Mark, Reference, System, When
from dsr_desk.plugins import plugins
from dsr_desk.strategies.base import Strategy

Strategies = Mapping[str, type[Strategy]]


def build_system(source: Source, targets: Targets, strategies: Strategies) -> tuple[System, list[Problem]]:
    """One system; what its references say wrong is left out of it and reported."""
    shape = source.shape
    problems: list[Problem] = []
    collections: dict[str, Collection] = {}
    driver = plugins(dsr_desk.drivers, Driver).get(shape.driver)
    whole = driver is not None and driver.whole
    for name, collection in shape.collections.items():
        references, wrong = targets.of(source, name, collection)
        problems += wrong
        line = source.line(("collections", name))
        made = _collection(shape, name, collection, tuple(references), line, strategies)
        collections[name] = replace(made, whole=whole)
    system = System(
        name=shape.system,
        driver=shape.driver,
        title=shape.title or "",
        url=shape.url or "",
        path=shape.path or "",
        environment=shape.environment,
        owner=shape.owner or "",
        purpose=shape.purpose or "",
        legal_basis=shape.legal_basis,
        recipients=tuple(shape.recipients),
        transfers=tuple(shape.transfers),
        region=shape.region,
        instructions=shape.instructions or "",
        compact=shape.compact,
        backups=_backups(shape.backups),
        timeout=shape.timeout,
        options=shape.options,
        collections=collections,
        file=source.file,
    )
    return system, problems


def _collection(
    system: SystemFile, name: str, shape: CollectionShape, references: tuple[Reference, ...], line: int, strategies: Strategies
) -> Collection:
    source = shape.source or system.source
    legal_basis = shape.legal_basis or system.legal_basis
    written = {name: FieldShape() for name in known_fields(shape)} | shape.fields
    fields = {
        field: Field(
            name=field,
            title=f.title or "",
            category=_word(f.category),
            category_when=_when(f.category),
            identity=_word(f.identity),
            identity_when=_when(f.identity),
            source=f.source or source,
            legal_basis=f.legal_basis or legal_basis,
            erase=_erase(f, strategies),
            mentions=f.mentions,
            stored_plain=f.stored == "plain",
        )
        for field, f in written.items()
    }
    return Collection(
        system=system.system,
        name=name,
        key=tuple(shape.key),
        fields=fields,
        title=shape.title or "",
        table=shape.table or "",
        subject=shape.subject is not False,
        subject_when=_when(shape.subject),
        on_erase=shape.on_erase,
        keep=_keep(shape.keep),
        on_restrict=_restrict(shape.on_restrict),
        on_object=_object(shape.on_object),
        automated=Automated(shape.automated.logic, shape.automated.effect or "") if shape.automated else None,
        cascade=shape.cascade,
        references=references,
        identities={kind: tuple(names) for kind, names in shape.identities.items()},
        source=source,
        legal_basis=legal_basis,
        options=shape.options,
        line=line,
    )


def _word(value: str | Conditional | None) -> str | None:
    return value.is_ if isinstance(value, Conditional) else value


def _when(value: str | bool | Condition | Conditional | None) -> When:
    return value.when if isinstance(value, Condition | Conditional) else {}


def _keep(shape: KeepShape | None) -> Keep | None:
    if shape is None:
        return None
    until = shape.until
    if until is None or isinstance(until, date):
        return Keep(shape.ground, shape.reason, until=until)
    return Keep(shape.ground, shape.reason, field=until.field, plus=until.plus)


def _backups(shape: BackupsShape | None) -> Backups | None:
    """``None`` where nothing is said, with an empty ``{}`` too."""
    return Backups(shape.kept, shape.note or "") if shape and (shape.kept or shape.note) else None


def _restrict(shape: RestrictShape | None) -> Mark | None:
    return Mark(shape.set or {}, shape.lift, shape.move or "") if shape else None


def _object(shape: Literal["delete"] | ObjectShape | None) -> Mark | None:
    return Mark(delete=True) if shape == "delete" else Mark(shape.set) if shape else None


def _erase(shape: FieldShape, strategies: Strategies) -> Erase | None:
    """The short form ``{constant: "x"}`` gives the strategy's first parameter."""
    if "erase" not in shape.model_fields_set:
        return None
    name, settings = shape.erase
    if settings is None:
        return Erase(name)
    if isinstance(settings, dict):
        return Erase(name, settings)
    strategy = strategies.get(name)
    first = next(iter(strategy.parameters), "value") if strategy else "value"
    params: dict[str, Any] = {first: settings}
    return Erase(name, params)
