"""The data and model steps of BreadthFlow Workbench, each implemented here and nowhere else."""

__version__ = "0.1.0"
