"""A Django project whose consumers, workers and views share channel layers with Strait."""
