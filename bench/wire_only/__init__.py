"""Both servers with the counting taken out: what is left is the price of carrying a frame."""
