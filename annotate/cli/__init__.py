"""The command line: one file per command, each a thin parse-call-render."""
