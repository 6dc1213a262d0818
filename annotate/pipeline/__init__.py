"""The stages in order, wired: one library function per command."""
