#!/bin/sh
# Finds a Python that Gongkai runs on and hands the rest of the command line to it.
# usage: python.sh WANTED SCRIPT [ARGUMENT...]    WANTED may be empty.
wanted=$1
shift
check='import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'
for python in $wanted python3.13 python3.12 python3.11 python3 python; do
    if command -v "$python" >/dev/null 2>&1 && "$python" -c "$check" >/dev/null 2>&1; then
        exec "$python" "$@"
    fi
    [ -n "$wanted" ] && break
done
if [ -n "$wanted" ]; then
    echo "setup: $wanted is not a Python 3.11, 3.12 or 3.13 that starts; name another with PYTHON=..." >&2
else
    echo "setup: Python 3.11, 3.12 or 3.13 is needed and none was found; install one or name it with PYTHON=..." >&2
fi
exit 2
