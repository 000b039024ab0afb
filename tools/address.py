"""Where the book is published: the one place that knows, so that a fork's pages lead to the fork.

python tools/address.py      prints the repository and the site, one a line

BOOK_REPOSITORY and BOOK_SITE in the environment come first. Otherwise the repository is the git
remote `origin`, if that is a public host, and the site is the one that GitHub serves for it.
"""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# The branch that Binder opens. It holds what `make public` writes: no solution, no hidden test.
BRANCH = "public"
PRINTED = "learning-to-integrate.pdf"  # at the top of the site
LITE = "lite"  # the folder of the site that has the chapters with Python in the page

REMOTE = re.compile(
    r"^(?:https://(?:[^@/]+@)?|(?:ssh://)?git@)(github\.com|gitlab\.com)[:/]([\w.-]+)/([\w.-]+?)(?:\.git)?/?$"
)


def origin():
    """The address of the git remote `origin`, or an empty string."""
    command = ["git", "-C", ROOT, "remote", "get-url", "origin"]
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def repository():
    """Return the address of the repository (https, no slash at the end), or None if not known.

    Raises
    ------
    ValueError
        If BOOK_REPOSITORY is no address of a repository on GitHub or GitLab. A remote of another
        kind (a path, a private host) is not an error: readers could not open it.
    """
    given = os.environ.get("BOOK_REPOSITORY", "").strip()
    match = REMOTE.match(given or origin())
    if match:
        return "https://{}/{}/{}".format(*match.groups())
    if given:
        raise ValueError(
            f"BOOK_REPOSITORY is {given!r}; expected something like https://github.com/OWNER/NAME"
        )
    return None


def site():
    """Return the address of the published pages (with a slash at the end), or None if not known."""
    given = os.environ.get("BOOK_SITE", "").strip()
    if given:
        if not re.match(r"https?://[^\s/]", given):
            raise ValueError(f"BOOK_SITE is {given!r}; expected https://HOST/PATH/")
        return given.rstrip("/") + "/"
    parts = (repository() or "").removeprefix("https://").split("/")
    if parts[0] != "github.com":
        return None
    owner, name = parts[1].lower(), parts[2]
    path = "" if name.lower() == f"{owner}.github.io" else f"{name}/"
    return f"https://{owner}.github.io/{path}"


if __name__ == "__main__":
    print(repository() or "repository: not known")
    print(site() or "site: not known")
