"""The terminal and the browser: everything that a person sees."""
