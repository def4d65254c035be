#!/usr/bin/env python3
"""Calls that POSIX does not have are made in src/base/portable.c alone, so that another system needs changes there
alone.

usage: tools/check-portable.py [SOURCE_FOLDER]"""

import re
import sys
from pathlib import Path

source = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "src"
HOME = source / "base" / "portable.c"

# Names of Linux and of the GNU library that neither POSIX nor the systems of BSD have, and paths of Linux.
NAMES = re.compile(
    r"\b(memfd_create|O_TMPFILE|linkat|sched_[gs]etaffinity|CPU_COUNT|sendfile|splice|copy_file_range|fallocate|pipe2"
    r"|dup3|accept4|SOCK_CLOEXEC|SOCK_NONBLOCK|getrandom|reallocarray|strchrnul|rawmemchr|mempcpy|canonicalize_file_name"
    r"|get_nprocs|secure_getenv|program_invocation_\w+|renameat2|mremap|prctl|eventfd|signalfd|timerfd_create|epoll_\w+"
    r"|inotify_\w+|fopencookie|euidaccess|get_current_dir_name|malloc_usable_size|mallopt|malloc_trim|close_range)\b"
    r'|"/(proc|sys|dev/shm)/'
)


def code(text):
    """The text without comments, with its lines in their places."""
    return re.sub(r"/\*.*?\*/", lambda found: re.sub(r"[^\n]", " ", found[0]), text, flags=re.DOTALL)


complaints = []
for path in sorted([*source.rglob("*.c"), *source.rglob("*.h")]):
    if path == HOME:
        continue
    for number, line in enumerate(code(path.read_text()).splitlines(), 1):
        for found in NAMES.finditer(line):
            complaints.append(f"{path}:{number}: {found[0]}; calls of one system only belong into {HOME}")

print("\n".join(complaints), file=sys.stderr, end="\n" if complaints else "")
sys.exit(1 if complaints else 0)
