"""Two synthetic boroughs: files in the official formats, generated from a seed, with known truths planted in them.

`borough` draws the places, `crime` and `next_door` make events happen there, `files` writes them down as publishers
would, and `truths.json` says what was planted. `manage.py make_demo` writes the files and imports them by the real
importers.
"""
