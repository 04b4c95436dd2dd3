"""The addresses and the title of the course, read from ``_config.yml``, the one place where they stand."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from mlc_course.content.errors import SiteError


@dataclass(frozen=True)
class Settings:
    """What the site's tools need from ``_config.yml``.

    Attributes:
        site_url: public address of the site, with a slash at its end.
        repository_url: address of the repository, without a slash at its end.
        branch: the branch that links to source files name.
    """

    site_url: str
    repository_url: str
    branch: str

    @property
    def mount(self) -> str:
        """The path the site is served under, ``/mlc-course/`` for instance."""
        return urlsplit(self.site_url).path or "/"

    def source_url(self, path: str) -> str:
        """Address of a file of the repository."""
        return f"{self.repository_url}/blob/{self.branch}/{path}"

    def edit_url(self, path: str) -> str:
        """Address at which a change of a file of the repository can be suggested."""
        return f"{self.repository_url}/edit/{self.branch}/{path}"


def read_settings(root: Path) -> Settings:
    """Read ``_config.yml`` in ``root``.

    Raises:
        SiteError: an address is missing.
    """
    config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
    repository = config.get("repository", {})
    site_url, repository_url = config.get("html", {}).get("baseurl"), repository.get("url")
    if not site_url or not repository_url:
        raise SiteError("_config.yml: html.baseurl and repository.url must hold the public addresses of the course.")
    return Settings(site_url.rstrip("/") + "/", repository_url.rstrip("/"), repository.get("branch", "main"))
