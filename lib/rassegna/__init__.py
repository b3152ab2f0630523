"""Compare how several outlets cover one event."""

__version__ = "0.1.0"
