"""How fast the product is at London's size, against bars that are measured in the same run: `python -m benchmarks`."""
