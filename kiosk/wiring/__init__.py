"""The one place that knows every concrete part: `front.py` opens the glass before all else.

`whole.py` puts the rest behind it and runs it, `checks.py` tries each part. Nothing is imported
here: a shopper would wait for it before a black glass.
"""
