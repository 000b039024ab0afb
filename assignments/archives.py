"""Look into the zips that students hand in, so that nothing in them can do harm."""

import stat
import struct
import zipfile
from pathlib import Path

from .reading import MAX_BYTES

MOST_FILES = 5000  # in a zip
MOST_BYTES = 200_000_000  # of a zip, and of all that is taken out of it
MOST_RATIO = 200  # by which a file may have been compressed
DEEPEST = 30  # folders within folders
# The list of contents is read into memory as a whole before anything can be known about it.
LONGEST_LIST = 2_000_000
END, END_64, END_BYTES = b"PK\x05\x06", b"PK\x06\x07", 22


def check_list(path):
    """Raise a ValueError if the list of contents of a zip is missing or very long."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"the zip is larger than {MOST_BYTES / 1e6:g} MB")
    with open(path, "rb") as file:
        file.seek(max(0, size - END_BYTES - 0xFFFF))
        tail = file.read()
    places = [k for k in range(len(tail) - END_BYTES + 1) if tail.startswith(END, k)]
    if not places:
        raise ValueError("the zip is broken, or none")
    lengths = [struct.unpack_from("<L", tail, k + 12)[0] for k in places]
    if END_64 in tail or max(lengths) > LONGEST_LIST:
        raise ValueError("the zip is of the kind for very large ones")


def obstacle(info):
    """Return why a file of a zip is not taken out, or nothing."""
    name = info.filename.replace("\\", "/")
    if name.startswith("/") or name[1:2] == ":" or ".." in name.split("/"):
        return "its name leads out of the zip"
    if name.count("/") > DEEPEST:
        return f"it is more than {DEEPEST} folders deep"
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        return "it is a link, or no ordinary file"
    if info.flag_bits & 0x1:
        return "it is encrypted"
    if info.file_size > MAX_BYTES:
        return f"it is larger than {MAX_BYTES / 1e6:g} MB"
    if info.file_size > MOST_RATIO * max(info.compress_size, 10_000):
        return f"it was compressed more than {MOST_RATIO}-fold"
    return ""


def files(path, wanted):
    """Yield the files of a zip, and take out some: into memory, never to where the zip says.

    Parameters
    ----------
    path : Path
    wanted : callable
        Tells by its parts (folders and name) whether a file is taken out.

    Yields
    ------
    tuple of str
        Folders and name.
    tuple of int
        When it was changed, as the zip says, in no particular time zone.
    bytes or None
        What is in it, if it was taken out.
    str
        Why not, if it was wanted and could not be.

    Raises
    ------
    ValueError
        If the zip as a whole cannot be opened; the text says why.
    """
    path = Path(path)
    check_list(path)
    try:
        archive = zipfile.ZipFile(path)
    except Exception as error:  # whatever its bytes are: it must not stop the others
        raise ValueError(f"the zip cannot be opened ({type(error).__name__})") from error
    with archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        if len(infos) > MOST_FILES:
            raise ValueError(f"the zip has more than {MOST_FILES} files")
        taken = 0
        for info in infos:
            parts = tuple(part for part in info.filename.replace("\\", "/").split("/") if part)
            if not wanted(parts):
                yield parts, info.date_time, None, ""
                continue
            why, data = obstacle(info), None
            if not why and taken + info.file_size > MOST_BYTES:
                why = f"there are more than {MOST_BYTES / 1e6:g} MB in the zip"
            if not why:
                try:
                    with archive.open(info) as file:
                        data = file.read(MAX_BYTES + 1)
                    taken += len(data)
                except Exception as error:  # as above
                    why = f"it cannot be unpacked ({type(error).__name__})"
            yield parts, info.date_time, data, why
