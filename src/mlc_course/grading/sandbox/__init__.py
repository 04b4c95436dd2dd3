"""The sandbox: bubblewrap, seccomp, namespaces, limits, and the probe that says whether they hold."""
