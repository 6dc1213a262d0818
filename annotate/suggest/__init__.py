"""Suggest: spans proposed by rules."""
