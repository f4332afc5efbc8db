"""A question in, an Answer with Citations out. Nothing here knows what a screen is."""
