"""Files that are kept with a hotspot or watch place."""
