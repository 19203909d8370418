from __future__ import annotations

from hypothesis import HealthCheck, settings

# How long an example takes says more of the machine than of us.
settings.register_profile("untimed", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
