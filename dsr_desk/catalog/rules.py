"""What a catalog must keep beyond its form."""

from __future__ import annotations

from collections.abc import Mapping

from dsr_desk.catalog.build import Strategies
from dsr_desk.catalog.problem import Problem
from dsr_desk.catalog.source import Source
from dsr_desk.model.catalog import Catalog


def check_rules(catalog: Catalog, sources: Mapping[str, Source], strategies: Strategies) -> list[Problem]:
    """Every rule over the whole catalog."""
    return []
