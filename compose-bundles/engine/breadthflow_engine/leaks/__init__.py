"""Leak detectors: each looks for one way in which a result may know what it could not have known.

A detector is a pure function of what a run left (`subject.Subject`) and tells one `LeakTest`.
`audit` runs all for which the subject has what they need. Import the modules: this one is empty, so
that a step's code version depends on what it uses.
"""
