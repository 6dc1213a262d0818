"""Releases: immutable, versioned dataset directories."""
