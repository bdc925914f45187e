"""Files that are kept with a record: documents, and photos without their place and camera."""
