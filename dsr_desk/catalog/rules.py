"""What a catalog must keep beyond its form: rules over the whole, and over each system. No live system is asked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

import dsr_desk.drivers
from dsr_desk.catalog.build import Strategies
from dsr_desk.catalog.problem import Problem, did_you_mean, join, near_words, quote
from dsr_desk.catalog.reach import unreached
from dsr_desk.catalog.rules_collection import check_collection
from dsr_desk.catalog.source import Source
from dsr_desk.drivers.base import Driver
from dsr_desk.model.catalog import Catalog, System
from dsr_desk.model.identity import CONFIRMING, MENTIONED, WEAK
from dsr_desk.plugins import plugins

Drivers = Mapping[str, type[Driver]]

#: Kinds of identifiers that mean the same everywhere, so that they may be the key of several collections.
EVERYWHERE = frozenset({"email", "phone", "iban", "national_id"})
_KINDS = CONFIRMING | MENTIONED | WEAK
_SECRET = re.compile(r"pass(word|wd|phrase)?|pwd|secret|token|api_?key|credential", re.IGNORECASE)
_URL = re.compile(r"(?P<scheme>[a-zA-Z][\w+.-]*):(//(?P<authority>[^/?#]*))?[^?#]*(\?(?P<query>[^#]*))?.*", re.DOTALL)


def check_rules(catalog: Catalog, sources: Mapping[str, Source], strategies: Strategies) -> list[Problem]:
    """Every rule, over every system."""
    drivers = plugins(dsr_desk.drivers, Driver)
    problems: list[Problem] = []
    for system in catalog.systems.values():
        source = sources[system.name]
        problems += _system(system, source, drivers)
        for collection in system.collections.values():
            problems += check_collection(collection, source, strategies)
    problems += _same_place(catalog, sources)
    problems += _keys_of_two(catalog, sources)
    problems += _lonely_kinds(catalog, sources)
    problems += _nobody_finds(catalog, sources)
    return problems


def _system(system: System, source: Source, drivers: Drivers) -> Iterator[Problem]:
    driver = drivers.get(system.driver)
    if driver is None:
        hint = did_you_mean(system.driver, drivers) or f"There are {join(sorted(drivers))}."
        yield source.error(("driver",), f"There is no driver {quote(system.driver)}.", hint)
    elif driver.by_hand:
        if not system.instructions:
            yield source.warning(
                ("driver",), "instructions: is missing.", "Say what a person is to do here, and where the papers are."
            )
    else:
        if not system.url and not system.path:
            yield source.error(
                ("driver",), "Neither url: nor path: says where the system is.", "Write url: for a database, path: for a file."
            )
        yield from (source.error(w.path, w.message, w.hint, key=True) for w in driver.wrong(system))
        if not system.collections:
            yield source.warning(
                ("system",), "The system lists no collections, so nothing in it is searched.", "Write collections:."
            )
    if system.url and system.path:
        yield source.error(("path",), "url: and path: stand side by side.", "Keep the one that the driver takes.")
    if system.url:
        yield from _url(system.url, source)
    for name in system.options:
        if _SECRET.search(name):
            yield source.error(("options", name), f"{quote(name)} looks like a password.", _keyring(source), key=True)
    if system.region and system.region not in _regions():
        hint = "Write GB." if system.region == "UK" else "Write a code of ISO 3166, such as DE."
        yield source.error(("region",), f"No phone numbers are known for the country {system.region}.", hint)


def _regions() -> frozenset[str]:
    import phonenumbers  # 0.1 s, and most systems name no region

    return frozenset(phonenumbers.SUPPORTED_REGIONS)


def _url(url: str, source: Source) -> Iterator[Problem]:
    match = _URL.fullmatch(url)
    if match is None:
        yield source.error(("url",), "url: is not a URL.", "Write it like sqlite:///shop.db or postgresql://reader@host/name.")
        return
    user, at, _ = (match["authority"] or "").rpartition("@")
    if at and user.partition(":")[2]:
        yield source.error(("url",), "A password stands in url:.", _keyring(source))
    elif any(_SECRET.search(name) for name, _ in parse_qsl(match["query"] or "", keep_blank_values=False)):
        yield source.error(("url",), "A password stands in url:, behind the question mark.", _keyring(source))


def _keyring(source: Source) -> str:
    return f"Delete it here and in every backup, change it, and give the new one in a terminal: dsr-desk secret set {source.system}"


def _same_place(catalog: Catalog, sources: Mapping[str, Source]) -> Iterator[Problem]:
    places: dict[str, System] = {}
    for system in catalog.systems.values():
        place = system.url or system.path
        first = places.setdefault(place, system) if place else system
        shared = sorted(set(first.collections) & set(system.collections))
        if first is not system and shared:
            message = f"{first.name} is at the same place and lists {join(map(quote, shared[:3]))}, too."
            path = ("url",) if system.url else ("path",)
            yield sources[system.name].warning(path, message, "Describe each collection once, or its rows are found twice.")


def _keys_of_two(catalog: Catalog, sources: Mapping[str, Source]) -> Iterator[Problem]:
    """A row number is unique in its own system only."""
    first: dict[str, str] = {}
    for collection in catalog.collections():
        for name in collection.key:
            kind = collection.fields[name].identity
            if kind is None or kind in EVERYWHERE:
                continue
            here = f"{collection.system}/{collection.name}"
            before = first.setdefault(kind, here)
            if before != here:
                yield sources[collection.system].error(
                    ("collections", collection.name, "fields", name, "identity"),
                    f"The identity {quote(kind)} stands on the key of {quote(before)} already.",
                    "A row number is unique in its own system only: give this key another identity name, or none.",
                )


def _lonely_kinds(catalog: Catalog, sources: Mapping[str, Source]) -> Iterator[Problem]:
    """A kind of identifier that stands in one place only and looks like another one is most likely misspelt."""
    places: dict[str, list[tuple[str, tuple[object, ...]]]] = defaultdict(list)
    for collection in catalog.collections():
        here = ("collections", collection.name)
        for field in collection.fields.values():
            if field.identity:
                places[field.identity].append((collection.system, (*here, "fields", field.name, "identity")))
        for kind in collection.identities:
            places[kind].append((collection.system, (*here, "identities", kind)))
    for kind, found in places.items():
        near = near_words(kind, _KINDS, most=1, cutoff=0.7) or near_words(kind, places.keys() - {kind}, most=1, cutoff=0.9)
        if len(found) == 1 and kind not in _KINDS and near:
            system, path = found[0]
            message = f"No other field has the identity {quote(kind)}."
            yield sources[system].warning(path, message, f"Did you mean {near[0]}?")


def _nobody_finds(catalog: Catalog, sources: Mapping[str, Source]) -> Iterator[Problem]:
    for collection, why in unreached(catalog):
        personal = any(f.personal for f in collection.fields.values())
        if personal or collection.subject or collection.on_erase or collection.references:
            cure = "Say whose its rows are (owned_by), or which field carries an identity."
            yield sources[collection.system].warning(
                ("collections", collection.name), f"{quote(collection.name)}: {why}", cure, key=True
            )
