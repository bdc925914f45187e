"""Places that a hotspot is compared with: groups of LSOAs outside the programme."""
