"""What goes wrong while building the site, told to the person who builds it."""


class SiteError(RuntimeError):
    """The site cannot be built; the message is one paragraph that says what to do."""
