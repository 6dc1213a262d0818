"""Learning: models trained on and evaluated against a release."""
