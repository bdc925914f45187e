"""Source files to facts and areas: one module per format, `pipeline` runs them."""
