"""The trusted ends of sandboxed processes: starting them, forking kernels, talking to them."""
