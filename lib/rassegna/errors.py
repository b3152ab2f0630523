"""The errors that the library raises on purpose, so that a caller can catch them all at once."""


class RassegnaError(Exception):
    """Something the user can put right; the message says what, where and how."""


class PipelineError(RassegnaError):
    """The language pipeline is missing or cannot do what is asked of it."""


class LanguageError(RassegnaError):
    """A language resource is missing or is not formed as it should be."""
