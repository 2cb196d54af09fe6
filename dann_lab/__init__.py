"""What a person sees: the live page, the command line, and the servers behind them."""
