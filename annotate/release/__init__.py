"""Releases: immutable, versioned dataset directories."""

from annotate.release.reader import Release, load

__all__ = ["Release", "load"]
