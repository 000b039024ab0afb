"""The live figures, one a module; what each draws in the browser is in the file beside it."""
