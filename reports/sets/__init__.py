"""Sets of candidates: searches for hotspots that are kept, compared with later ones, checked, made into hotspots."""
