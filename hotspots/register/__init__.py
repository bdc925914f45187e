"""The register of hotspots and watch places: what is said of a place, its boundary, its status and documents."""
