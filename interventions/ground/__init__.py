"""Work on the ground: what the pages of patrols, visits, searches and walks show besides their fields."""
