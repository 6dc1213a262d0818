"""Ingest: articles in any format become documents."""
