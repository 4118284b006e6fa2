# Sourced by scripts/run, test and import: starts the jxcdev package with a fitting
# Python (3.10 to 3.13). Where the machine has none, the Python of its own Debian or
# Ubuntu release is unpacked below .local/python, without root.

lib=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$lib/../.." && pwd)
JXC_STARTED=${JXC_STARTED:-$(date +%s.%N)}
export JXC_STARTED
PATH=${PATH//"$root/.venv/bin:"/} # an activated .venv must not build itself

# Whether a Python is one of ours. Debian splits venv: without the package python3-venv
# the module is there and cannot install pip. Such a Python does, with pip's wheel from
# the distribution, but one that is complete is preferred.
fits() {
    "$1" -B -c '
import sys, venv, ssl
raise SystemExit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1
}

is_complete() {
    "$1" -B -c 'import ensurepip' >/dev/null 2>&1
}

find_python() {
    local name incomplete=
    for name in ${JXC_PYTHON:-python3 python3.12 python3.11 python3.13 python3.10}; do
        if command -v "$name" >/dev/null && fits "$name"; then
            if is_complete "$name"; then
                command -v "$name"
                return
            fi
            incomplete=${incomplete:-$(command -v "$name")}
        fi
    done
    [ -n "$incomplete" ] && echo "$incomplete"
}

use_private_python() {
    local home=$root/.local/python multiarch
    multiarch=$(dpkg --print-architecture 2>/dev/null) || return 1
    case $multiarch in
        amd64) multiarch=x86_64-linux-gnu ;;
        arm64) multiarch=aarch64-linux-gnu ;;
        *) multiarch=$multiarch-linux-gnu ;;
    esac
    local libraries=$home/usr/lib/$multiarch:$home/lib/$multiarch
    export LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
    if ! fits "$home/usr/bin/python3"; then
        echo "No Python 3.10 to 3.13 here: unpacking one below .local/python" >&2
        mkdir -p "$root/.local/log"
        "$lib/private_apt.sh" install own "$root/.local/apt" "$home" \
            python3 python3-venv ca-certificates \
            >"$root/.local/log/python.log" 2>&1 || return 1
        fits "$home/usr/bin/python3" || return 1
    fi
    python=$home/usr/bin/python3
}

start_jxcdev() {
    local python
    if ! python=$(find_python) && { [ -n "${JXC_PYTHON:-}" ] || ! use_private_python; }; then
        echo "error: no Python 3.10 to 3.13 with venv and ssl was found and none could be" \
            "fetched from this machine's package archive: install python3 and" \
            "python3-venv, or set JXC_PYTHON (details: .local/log/python.log)" >&2
        exit 1
    fi
    exec "$python" -B "$lib/main.py" "$@"
}
