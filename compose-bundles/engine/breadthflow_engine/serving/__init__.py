"""Ways to serve a saved model: an MLServer runtime and an MLflow loader."""
