"""The format of a catalog file, as pydantic models: what may stand where. ``build.py`` makes the nouns of it."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, ClassVar, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    StringConstraints,
    Tag,
    ValidationInfo,
    WithJsonSchema,
    field_validator,
)
from pydantic_core import PydanticCustomError

from dsr_desk.model.catalog import Environment, OnErase, Period, ReferenceKind, Source

LegalBasis = Literal["consent", "contract", "legal_obligation", "vital_interests", "public_task", "legitimate_interests"]
REFERENCE_KINDS: tuple[ReferenceKind, ...] = ("owned_by", "owns", "accessed_by", "accesses", "points_at")
#: The form of catalog files that this program reads; a file of a later one has keys that it doesn't know.
FORMAT = 1
SYSTEM_NAME = r"^[a-z0-9][a-z0-9_-]{0,62}$"


class Shape(BaseModel):
    """A mapping with these keys and no others; no value is turned into another type on the way."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    #: Keys that mean something with nothing after them.
    may_be_empty: ClassVar[frozenset[str]] = frozenset()

    @field_validator("*", mode="before")
    @classmethod
    def _not_empty(cls, value: Any, info: ValidationInfo) -> Any:
        """A key with nothing after it says less than it seems to."""
        if value is None and info.field_name not in cls.may_be_empty:
            raise PydanticCustomError("empty", "is empty")
        return value


def wrong(expected: str) -> PydanticCustomError:
    """An error that says what was expected in words."""
    return PydanticCustomError("expected", "{words}", {"words": expected})


def _scalar(value: Any) -> str:
    """A text, number or truth value as the text that rows are compared by."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | float):
        return str(value)
    raise wrong("a text or a number")


def _texts(value: Any) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    if not values:
        raise wrong("at least one text")
    return tuple(_scalar(v) for v in values)


def _period(value: Any) -> Period:
    match = re.fullmatch(r"([1-9][0-9]{0,3}) (day|week|month|year)s?", value) if isinstance(value, str) else None
    if match is None:
        raise wrong("a length of time such as 10 years, 6 months, 2 weeks or 30 days")
    return Period(int(match[1]), f"{match[2]}s")  # type: ignore[arg-type]  # the pattern admits the four units only


def _day(value: Any) -> date:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else _no_day()
    except ValueError:
        return _no_day()


def _no_day() -> date:
    raise wrong("a date such as 2036-12-31")


def _format(value: Any) -> int:
    if value != FORMAT or isinstance(value, bool | float):
        raise wrong(f"{FORMAT}")
    return FORMAT


def _erase(value: Any) -> tuple[str, Any]:
    """``(strategy, settings)``; the settings are ``None`` in the short form."""
    if value is None:
        return "null", None
    if isinstance(value, str) and value:
        return value, None
    if isinstance(value, dict) and len(value) == 1:
        ((strategy, settings),) = value.items()
        return str(strategy), {} if settings is None else settings
    raise wrong('the name of a strategy, or one strategy with its settings such as {constant: "Erased"}')


#: The forms that one key can have, by their type in YAML; they stand in pydantic's error paths.
FORMS: dict[str, type] = {"truth": bool, "text": str, "mapping": dict, "list": list}


def _form(value: Any) -> str | None:
    return next((form for form, kind in FORMS.items() if isinstance(value, kind)), None)


def _either(expected: str) -> Discriminator:
    """Chooses a form by its type in YAML, so that an error speaks of the form that was meant."""
    return Discriminator(_form, custom_error_type="expected", custom_error_message=expected)


Text = Annotated[str, StringConstraints(min_length=1)]
_ANY_SCALAR = {"type": ["string", "number", "boolean"]}
When = Annotated[
    dict[
        Text,
        Annotated[
            Any,
            BeforeValidator(_texts),
            WithJsonSchema({"anyOf": [_ANY_SCALAR, {"type": "array", "items": _ANY_SCALAR, "minItems": 1}]}),
        ],
    ],
    Field(min_length=1, description="Field: the text it must have, or a list of which it must have one"),
]
PeriodText = Annotated[
    Any,
    BeforeValidator(_period),
    WithJsonSchema({"type": "string", "pattern": "^[1-9][0-9]{0,3} (day|week|month|year)s?$", "examples": ["10 years"]}),
]
Day = Annotated[Any, BeforeValidator(_day), WithJsonSchema({"type": "string", "format": "date"})]
EraseShape = Annotated[
    Any,
    BeforeValidator(_erase),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "null"},
                {"type": "string", "examples": ["null", "blank", "random", "keep"]},
                {"type": "object", "minProperties": 1, "maxProperties": 1, "examples": [{"constant": "Erased"}]},
            ]
        }
    ),
]


class Condition(Shape):
    """Only rows that meet a condition."""

    when: When


class Conditional(Shape):
    """A word that holds only for rows that meet a condition."""

    is_: Text = Field(alias="is", description="The word: a kind of identifier, or a data category")
    when: When


class TargetShape(Shape):
    """One target of a reference that has several."""

    to: Text = Field(description="collection.field, or system/collection.field")
    when: When | None = None


ConditionalText = Annotated[
    Annotated[Text, Tag("text")] | Annotated[Conditional, Tag("mapping")],
    _either("a text, or {is: …, when: {…}}"),
]
Subject = Annotated[
    Annotated[bool, Tag("truth")] | Annotated[Condition, Tag("mapping")],
    _either("true, false, or {when: {…}}"),
]
OneTarget = Annotated[
    Annotated[Text, Tag("text")] | Annotated[TargetShape, Tag("mapping")], _either("collection.field, or {to: …, when: {…}}")
]
Targets = Annotated[
    Annotated[Text, Tag("text")]
    | Annotated[TargetShape, Tag("mapping")]
    | Annotated[list[OneTarget], Field(min_length=1), Tag("list")],
    _either("collection.field, {to: …, when: {…}}, or a list of them"),
]


class FieldShape(Shape):
    """A column, cell or attribute. ``{}`` means: known, and not personal."""

    may_be_empty: ClassVar[frozenset[str]] = frozenset({"erase"})

    title: Text | None = Field(None, description="What people call it")
    category: ConditionalText | None = Field(None, description="Data category (a fideslang key such as user.contact.email)")
    identity: ConditionalText | None = Field(None, description="The kind of identifier that the field carries")
    source: Source | None = Field(None, description="Where the value comes from; decides portability (Art. 20)")
    legal_basis: LegalBasis | None = Field(None, description="Art. 6(1); overrides the collection's and the system's")
    erase: EraseShape = Field(None, description="How the value is erased: a strategy, or a strategy with its settings")
    mentions: bool = Field(False, description="Free text that is searched for mentions of the person")
    stored: Literal["plain"] | None = Field(
        None, description="plain: every value stands in its normal form, so an index may answer"
    )
    owned_by: Targets | None = Field(None, description="This row belongs to the row it points to")
    owns: Targets | None = Field(None, description="The row pointed to belongs to whoever owns this one")
    accessed_by: Targets | None = Field(None, description="The row pointed to may see this one, not erase it")
    accesses: Targets | None = Field(None, description="This row may see the row pointed to, not erase it")
    points_at: Targets | None = Field(None, description="Names a person, but the row is not theirs")


class UntilShape(Shape):
    """An end date that is computed from the row."""

    field: Text
    plus: PeriodText = Field(None, description="10 years, 6 months, 2 weeks, 30 days")


class KeepShape(Shape):
    """Why rows stay on erasure (Art. 17(3)), and until when."""

    ground: Text = Field(description="The article: 17(3)(a) to 17(3)(e)")
    reason: Text = Field(description="In plain words; the report prints it")
    until: (
        Annotated[
            Annotated[Day, Tag("text")] | Annotated[UntilShape, Tag("mapping")],
            _either("a date such as 2036-12-31, or {field: …, plus: 10 years}"),
        ]
        | None
    ) = Field(None, description="A date, or a field of the row plus a length of time")


class RestrictShape(Shape):
    """How processing is restricted: fields are set, or the row is moved aside. Exactly one of ``set`` and ``move``."""

    set: Annotated[dict[Text, Any], Field(min_length=1)] | None = None
    lift: dict[Text, Any] = Field(default_factory=dict, description="What is set when it ends; else what stood there before")
    move: Text | None = Field(None, description="A collection of the same system with the same columns")


class ObjectShape(Shape):
    """What an objection does: fields are set."""

    set: Annotated[dict[Text, Any], Field(min_length=1)]


class AutomatedShape(Shape):
    """A decision that a machine takes alone."""

    logic: Text = Field(description="How it is taken, in words that the person understands (Art. 15(1)(h))")
    effect: Text | None = Field(None, description="What follows from it for the person")


class ReferenceShape(Shape):
    """A reference over several fields. Exactly one of the five kinds names the collection it points to."""

    fields: Annotated[list[Text], Field(min_length=1)]
    to: Annotated[list[Text], Field(min_length=1)]
    when: When | None = None
    owned_by: Text | None = None
    owns: Text | None = None
    accessed_by: Text | None = None
    accesses: Text | None = None
    points_at: Text | None = None


class CollectionShape(Shape):
    """A table, sheet, endpoint or folder."""

    title: Text | None = Field(None, description="What people call it")
    table: Text | None = Field(None, description="schema.name, where it differs from the collection's name")
    subject: Subject = Field(False, description="true: a row here is a person")
    key: list[Text] = Field(default_factory=list, description="The fields that together name one row")
    on_erase: OnErase | None = Field(None, description="What happens to a row on erasure")
    on_restrict: RestrictShape | None = Field(None, description="What is set while processing is restricted (Art. 18)")
    on_object: Literal["delete"] | ObjectShape | None = Field(None, description="What an objection does (Art. 21)")
    automated: AutomatedShape | None = Field(None, description="A decision that a machine takes alone (Art. 22)")
    cascade: bool = Field(False, description="true: its owner agrees that ON DELETE CASCADE takes rows the catalog does not list")
    keep: KeepShape | None = Field(None, description="Why rows stay, and until when")
    fields: dict[Text, FieldShape] = Field(default_factory=dict, description="Every column; {} is known and not personal")
    references: list[ReferenceShape] = Field(default_factory=list, description="References over several fields")
    identities: dict[Text, Annotated[list[Text], Field(min_length=1)]] = Field(
        default_factory=dict, description="Identifiers that stand over several fields: {name: [given_name, family_name]}"
    )
    source: Source | None = Field(None, description="Where the values come from, unless a field says otherwise")
    legal_basis: LegalBasis | None = Field(None, description="Art. 6(1); overrides the system's")
    options: dict[Text, Any] = Field(default_factory=dict, description="Settings of the driver for this collection")
    fides: dict[Text, Any] = Field(default_factory=dict, description="What a fides dataset says beyond this, for the way back")


class BackupsShape(Shape):
    """The backups of a system: no program reaches into them, so the report says until when they hold what was erased."""

    kept: PeriodText = Field(None, description="How long a backup is kept until it is overwritten: 30 days")
    note: Text | None = Field(None, description="What the report says of them, in plain words")


class SystemFile(Shape):
    """One system: a place that holds personal data."""

    system: Annotated[str, StringConstraints(pattern=SYSTEM_NAME)] = Field(description="Its name, unique in the catalog")
    format: Annotated[Literal[1], BeforeValidator(_format)] = Field(
        1, description="The form of the file; a newer program may write a higher one"
    )
    title: Text | None = Field(None, description="What people call it")
    connector: Text | None = Field(None, description="The ready description that this one starts from")
    driver: Text = Field(description="The code that speaks to it: sql, sheet, manual …")
    url: Text | None = Field(None, description="SQLAlchemy URL, relative to the workspace; never with a password")
    path: Text | None = Field(None, description="File or folder, relative to the workspace")
    environment: Environment = Field("production", description="production or test")
    owner: Text | None = Field(None, description="Who answers for the system")
    purpose: Text | None = Field(None, description="What the data is used for (Art. 5(1)(b))")
    legal_basis: LegalBasis | None = Field(None, description="Art. 6(1)")
    source: Source | None = Field(None, description="Where the values come from, unless a collection or field says otherwise")
    recipients: list[Text] = Field(default_factory=list, description="Who else receives the data (Art. 15(1)(c))")
    transfers: list[Text] = Field(
        default_factory=list, description="Countries outside the EEA that the data goes to, each with its safeguard (Art. 15(2))"
    )
    region: Annotated[str, StringConstraints(pattern="^[A-Z]{2}$")] | None = Field(
        None, description="Country (ISO 3166) whose national phone numbers it holds"
    )
    instructions: Text | None = Field(None, description="What a person is asked to do (driver manual)")
    compact: bool = Field(False, description="true: its owner agrees that files are compacted (VACUUM) after an erasure")
    backups: BackupsShape | None = Field(None, description="How long its backups are kept, and what the report says of them")
    timeout: Annotated[int, Field(ge=1, le=86_400)] | None = Field(
        None, description="Seconds that a search waits for an answer of this system (120)"
    )
    options: dict[Text, Any] = Field(default_factory=dict, description="Settings of the driver")
    fides: dict[Text, Any] = Field(default_factory=dict, description="What a fides dataset says beyond this, for the way back")
    collections: dict[Text, CollectionShape] = Field(default_factory=dict, description="Its tables, sheets, endpoints or folders")


_BY_LAST_KEY: dict[str, type[Shape]] = {
    "keep": KeepShape,
    "backups": BackupsShape,
    "until": UntilShape,
    "on_restrict": RestrictShape,
    "on_object": ObjectShape,
    "automated": AutomatedShape,
    "subject": Condition,
    "identity": Conditional,
    "category": Conditional,
    "references": ReferenceShape,
    **dict.fromkeys(REFERENCE_KINDS, TargetShape),
}


def shape_at(path: tuple[object, ...]) -> type[Shape] | None:
    """The model of the mapping at a place in a catalog file; ``None`` where any key may stand."""
    match path:
        case ():
            return SystemFile
        case ("collections", _):
            return CollectionShape
        case ("collections", _, "fields", _):
            return FieldShape
        case _:
            last = next((p for p in reversed(path) if isinstance(p, str)), "")
            return _BY_LAST_KEY.get(last)


def known_fields(shape: CollectionShape) -> list[str]:
    """Every column that the description names: those under ``fields``, and those that the key, references, conditions and end dates
    speak of, which are thereby known and not personal.
    """
    names = [*shape.key, *shape.fields]
    names += [n for columns in shape.identities.values() for n in columns]
    names += [n for reference in shape.references for n in (*reference.fields, *(reference.when or {}))]
    if isinstance(shape.subject, Condition):
        names += shape.subject.when
    if shape.on_restrict:
        names += [*(shape.on_restrict.set or {}), *shape.on_restrict.lift]
    if isinstance(shape.on_object, ObjectShape):
        names += shape.on_object.set
    if shape.keep and isinstance(shape.keep.until, UntilShape):
        names.append(shape.keep.until.field)
    for field in shape.fields.values():
        for part in (field.category, field.identity, *(getattr(field, kind) for kind in REFERENCE_KINDS)):
            for one in part if isinstance(part, list) else [part]:
                if isinstance(one, Conditional | TargetShape):
                    names += one.when or {}
    return list(dict.fromkeys(names))


def keys_of(shape: type[Shape]) -> list[str]:
    """The keys that may stand in a mapping of this shape, as written."""
    return [info.alias or name for name, info in shape.model_fields.items()]
