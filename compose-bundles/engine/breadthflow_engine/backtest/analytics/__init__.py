"""What a book says of itself, beyond its headline numbers: each file answers one question.

Every function returns plain JSON values. What cannot be known is None, and `Absent` says why.
"""
