"""What can be wrong with an evidence bundle, beside its entries: each as one plain sentence."""

from __future__ import annotations

from dsr_desk.errors import TamperedError

_HINT = "Ask whoever gave it to you for a new one, and compare its checkpoint with the one on the report."


class BundleError(TamperedError):
    """Something about a bundle does not hold."""

    def __init__(self, what: str) -> None:
        super().__init__(what, _HINT)


class MissingFileError(BundleError):
    """Files of a bundle are not there."""


class StrangeFileError(BundleError):
    """There is something that belongs to no bundle: another file, a folder, a link, a name that leads elsewhere, one twice."""


class LargeFileError(BundleError):
    """A file is larger than any of a bundle."""


class ChangedFileError(BundleError):
    """A file is not the one that the manifest names."""


class FormError(BundleError):
    """A file is not in the one form that it has to have."""


class ForeignLineError(BundleError):
    """A line belongs to another log, to another case, or stands in another's place."""


class LeftOutError(BundleError):
    """An entry of the case, or one about keys, is left out."""


class InclusionError(BundleError):
    """An entry does not stand in the log of the checkpoint."""


class LastLineError(BundleError):
    """The last line of the trail does not speak of this bundle."""


class SealError(BundleError):
    """The signature of the manifest or of the checkpoint does not hold."""


class SaidError(BundleError):
    """A file says something else than the entries."""


class OpenedError(BundleError):
    """What opens the case does not fit its entries."""
