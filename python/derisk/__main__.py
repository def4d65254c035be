"""python -m derisk: the program."""

from derisk._core import main

main()
