"""Push what students get, `_build/public`, as the only commit of a branch.

python -m tools.push_public [REMOTE [BRANCH]]      after `make public`

By default that is the branch `public` of `origin`. A course whose own repository is private names
the remote of a second one, which students may see.

The branch has no history, so nothing that was taken out of the folder stays in it. If the branch
holds these files already, it is left alone: Binder builds an environment for each commit.

ghp-import would write a branch of the working repository, keep its history where the remote's has
not been fetched, push unchanged files anew, and push what was there if the import failed.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from assignments import course
from tools import address

ROOT = Path(__file__).resolve().parent.parent

FOLDER = ROOT / "_build" / "public"


def push(folder, repository, branch, remote="origin"):
    """Push the files in `folder` from `repository`; return the commit, or None if none is needed.

    Raises
    ------
    FileNotFoundError
        If the folder is missing or empty.
    ValueError
        If it holds workflows, which the token of a workflow may not push.
    subprocess.CalledProcessError
        If git fails; it has said why.
    """
    if not folder.is_dir() or not any(folder.iterdir()):
        raise FileNotFoundError(f"{folder} has no files: run `make public` first")
    if (folder / ".github").exists():
        raise ValueError(f"{folder} holds .github: what students get has no workflows of its own")

    def ask(*arguments):
        command = ["git", "-C", repository, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    name, mail, date, source = ask("log", "-1", "--format=%cn%n%ce%n%cI%n%h").split("\n")
    with tempfile.TemporaryDirectory() as scratch:
        # An index of its own: what is staged in the working tree is neither seen nor changed. The
        # commit bears the name of the newest one, as a runner has none.
        environment = os.environ | {
            "GIT_DIR": ask("rev-parse", "--absolute-git-dir"),
            "GIT_WORK_TREE": str(folder.resolve()),
            "GIT_INDEX_FILE": f"{scratch}/index",
        }
        for role in ("AUTHOR", "COMMITTER"):
            environment |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": mail}
            environment[f"GIT_{role}_DATE"] = date

        def git(*arguments):
            done = subprocess.run(
                ["git", *arguments], cwd=folder, env=environment, stdout=subprocess.PIPE, check=True
            )
            return done.stdout.decode().strip()

        # --force: a file is pushed even if its name is ignored.
        git("add", "--all", "--force", ".")
        tree = git("write-tree")
        if git("ls-remote", remote, f"refs/heads/{branch}"):
            git("fetch", "--quiet", remote, f"refs/heads/{branch}")
            _, *parents = git("rev-list", "--max-count=1", "--parents", "FETCH_HEAD").split()
            if git("rev-parse", "FETCH_HEAD^{tree}") == tree and not parents:
                return None
        commit = git("commit-tree", tree, "-m", f"What students get, from {source}")
        git("push", "--quiet", "--force", remote, f"{commit}:refs/heads/{branch}")
        return commit


def main():
    """Push, and say what was done."""
    course.warn(course.read())
    remote = sys.argv[1] if len(sys.argv) > 1 else "origin"
    branch = sys.argv[2] if len(sys.argv) > 2 else address.BRANCH
    try:
        commit = push(FOLDER, ROOT, branch, remote)
    except (FileNotFoundError, ValueError) as error:
        sys.exit(str(error))
    except subprocess.CalledProcessError as error:
        sys.exit(f"`{' '.join(map(str, error.cmd))}` failed")
    print(f"{remote}, {branch}: {f'pushed as {commit}' if commit else 'holds these files already'}")


if __name__ == "__main__":
    main()
