"""The action tracker: who promised what, by when, and what came of it, across agencies."""
