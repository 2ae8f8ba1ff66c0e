"""What the shopper sees: it shows the page it is told to and reports touches."""
