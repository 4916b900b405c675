"""What can be fitted, how it is prepared, blended, saved and loaded again.

`models.saved` needs nothing but numpy and LightGBM, so that the serving environment can load what
the core environment fitted; this module therefore imports nothing.
"""
