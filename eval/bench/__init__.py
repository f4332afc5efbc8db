"""Timings, printed with machine and versions; nothing here is a test."""
