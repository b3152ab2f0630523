"""Every error that Rassegna raises on purpose: catch `RassegnaError` to catch them all."""


class RassegnaError(Exception):
    """Something the user can mend; the message says what, where and what is allowed."""


class CorpusError(RassegnaError):
    """The corpus folder, or its manifest, cannot be used at all."""


class ParameterError(RassegnaError):
    """A parameter is unknown, ill-typed or outside what is allowed."""


class TableError(RassegnaError):
    """A table breaks its schema, or a folder of tables cannot be read or written."""


class BusyError(RassegnaError):
    """Another run writes the same folder; the message names its process."""


class NotebookError(RassegnaError):
    """A notebook failed; the message names the cell and the copy that was kept."""


class PipelineError(RassegnaError):
    """The language pipeline is missing or cannot do what is asked of it."""


class LanguageError(RassegnaError):
    """A language is unknown, or a resource of it is missing or ill-formed."""


class InterchangeError(RassegnaError):
    """A file of another tool cannot be read, or does not fit the corpus."""


class ProvenanceError(RassegnaError):
    """A build has no manifest, or one that cannot be read."""


class CodebookError(RassegnaError):
    """The codebook of facts cannot be used; the message names the fact and the field."""


class AnnotationError(RassegnaError):
    """Hand annotation does not fit its form or its text."""


class EngineError(RassegnaError):
    """The workers of a cluster cannot be reached, do not fit this machine, or die at their work."""
