"""Reports and the annotators' guide."""
