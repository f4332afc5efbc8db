"""Articles in, ranked passages out. Nothing here knows what a question is."""
