"""Files in, Articles out: one module per family of formats."""
