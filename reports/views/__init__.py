"""Pages: read the address by a form, ask what the page shows, hand the answer to one presenter. A module a page."""
