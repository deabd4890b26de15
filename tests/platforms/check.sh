#!/usr/bin/env bash
# Publishes the command line for another platform and runs it here: in an emulator, with another C library, or under Wine.
#   tests/platforms/check.sh linux-arm64      needs qemu-aarch64 (qemu-user) and an arm64 C library, or an arm64 machine
#   tests/platforms/check.sh linux-musl-x64   runs only on Alpine (musl, with libstdc++); elsewhere it is published
#   tests/platforms/check.sh win-x64          needs wine
# It must give the records that it gives on this machine, in any culture, and the exit codes of the README. Not checked: the results of
# socket calls, which an emulator takes from the wrong kernel. If a tool is missing, the check is skipped with the reason, and the
# exit code is 77.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
runtime=${1:?linux-arm64, linux-musl-x64 or win-x64}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

skip() {
    echo "$runtime: SKIPPED: $1"
    exit 77
}

fail() {
    echo "$runtime: FAILED: $1" >&2
    exit 1
}

run=()
options=(-p:PublishAot=false)
binary=brokenpipe
case $runtime in
linux-arm64)
    if [[ $(uname -m) != aarch64 ]]; then
        run=("$(command -v qemu-aarch64 || command -v qemu-aarch64-static)") || skip 'qemu-aarch64 is not installed (package qemu-user)'
        export QEMU_LD_PREFIX=${QEMU_LD_PREFIX:-/usr/aarch64-linux-gnu}
        compgen -G "$QEMU_LD_PREFIX/lib/libstdc++.so.6*" >/dev/null || skip "there is no arm64 C++ library in $QEMU_LD_PREFIX (package libstdc++6-arm64-cross)"
    fi
    ;;
linux-musl-x64) ;;
win-x64)
    run=("$(command -v wine64 || command -v wine)") || skip 'wine is not installed (packages wine, wine64)'
    options+=(-p:PublishSingleFile=false) # Wine 8 cannot map an assembly that is inside another file
    export WINEPREFIX=${WINEPREFIX:-$work/wine} WINEDEBUG=${WINEDEBUG:--all}
    binary=brokenpipe.exe
    ;;
*)
    fail "not one of linux-arm64, linux-musl-x64, win-x64"
    ;;
esac

dotnet publish "$root/src/BrokenPipeTools.Cli" --configuration Release --runtime "$runtime" --output "$work/published" --nologo --verbosity quiet "${options[@]}"
[[ $runtime != linux-musl-x64 || -e /etc/alpine-release ]] || skip 'published, but not run: it needs musl and a libstdc++ made for it, as Alpine has'

brokenpipe() {
    LC_ALL=${culture:-C} timeout 300 ${run[@]+"${run[@]}"} "$work/published/$binary" "$@"
}

# The same code, run by this machine's own runtime.
dotnet build "$root/src/BrokenPipeTools.Cli" --configuration Release --output "$work/reference" --nologo --verbosity quiet
reference() {
    dotnet "$work/reference/brokenpipe.dll" "$@"
}

expect() {
    local expected=$1 actual=0
    shift
    brokenpipe "$@" >"$work/out" 2>"$work/err" || actual=$?
    [[ $actual == "$expected" ]] || fail "exit code $actual of: $*: $(cat "$work/err")"
}

mkdir "$work/with a space"
cp "$root"/tests/captures/*.pcap* "$work/with a space/"
cd "$work/with a space"

expect 0 --version
grep -q '^[0-9]*\.[0-9]*\.[0-9]*' "$work/out" || fail 'no version is printed'
for trial in 'csv C' 'csv de_DE.UTF-8' 'json ar_SA.UTF-8' 'list C' 'table de_DE.UTF-8'; do
    read -r format culture <<<"$trial"
    expect 0 close --format "$format" *.pcap*
    reference close --format "$format" *.pcap* | cmp - "$work/out" || fail "$format in culture $culture differs"
done
expect 1 close missing.pcap
expect 2 close --format 9 graceful-close.pcap
expect 0 scenario --list
echo "$runtime: passed: version, 4 captures in 4 formats in 3 cultures, exit codes 0, 1 and 2"
