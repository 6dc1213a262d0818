"""Adjudication: what becomes of clusters of spans."""
