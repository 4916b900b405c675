"""The step protocol: what goes into a step, what it says while it works, what it leaves behind."""
