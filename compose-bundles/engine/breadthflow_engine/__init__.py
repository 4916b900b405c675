"""The data and model steps of BreadthFlow Workbench: one package, the only implementation of each."""

__version__ = "0.1.0"
