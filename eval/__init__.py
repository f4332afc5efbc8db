"""Measuring answers: data sets, measures, error bars."""
