"""What the shopper sees and touches: it shows the page it is told to, and decides nothing.

Kivy is imported inside this package alone, and only once a window is opened (`glass.py`).
"""
