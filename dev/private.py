"""Folders that are nobody else's: whoever reaches the socket of our servers is their master."""

import os
import stat

from . import console, paths


def close(folder, account=None):
    """Make a folder, or close one that is there, to all but us.

    :param account: the account that the server runs as, if it is another one: it may pass
        through, and reads nothing of what it does not know the name of
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if account:
            os.chown(folder, -1, account.pw_gid)
        folder.chmod(0o710 if account else 0o700)
    except PermissionError as error:
        raise console.Failure(
            f'{paths.shown(folder)} belongs to another user: run this as that user, or have it '
            'removed (make clean).'
        ) from error


def require_owned(folder, owner):
    """Refuse a folder in a place where all may make one, unless it is that user's own."""
    found = folder.lstat()
    is_open = found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or is_open:
        raise console.Failure(
            f'{folder} was made by somebody else, or others may write to it: have it removed and '
            'run the command again.'
        )
