"""How long a shopper who joins a line now will wait, and how sure that is."""
