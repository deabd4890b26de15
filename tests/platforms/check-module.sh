#!/usr/bin/env bash
# Runs the module under Wine, in a PowerShell that has its own runtime: it loads, reads Windows paths, and gives the records that the
# command line gives here. Nothing about sockets: Wine takes their errors from this kernel.
#   tests/platforms/check-module.sh
# Needs wine (packages wine, wine64), otherwise it is skipped with exit code 77.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
wine=$(command -v wine64 || command -v wine) || {
    echo 'module under Wine: SKIPPED: wine is not installed (packages wine, wine64)'
    exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

module="$work/a folder/BrokenPipeTools"
mkdir -p "$module"
cp "$root"/tests/captures/*.pcap* "$work/a folder/"
dotnet build "$root/src/BrokenPipeTools" --configuration Release --output "$module/bin" --nologo --verbosity quiet
cp -r "$root/BrokenPipeTools.psd1" "$root/en-US" "$module/"
dotnet build "$root/src/BrokenPipeTools.Cli" --configuration Release --output "$work/reference" --nologo --verbosity quiet
dotnet publish "$root/tests/platforms/WindowsHost" --configuration Release --output "$work/host" --nologo --verbosity quiet

# Wine 8 does not map memory twice, as .NET does to keep code from being writable.
export WINEPREFIX="$work/wine" WINEDEBUG=-all DOTNET_EnableWriteXorExecute=0 DOTNET_TieredCompilation=0
run() {
    timeout 300 "$wine" "$work/host/WindowsHost.exe" "$1" 2>"$work/err" | tr -d '\r'
}

folder="Z:${work//\//\\}\\a folder"
import="Import-Module '$folder\\BrokenPipeTools\\BrokenPipeTools.psd1'; [cultureinfo]::CurrentCulture = 'de-DE';"
(cd "$work/a folder" && dotnet "$work/reference/brokenpipe.dll" close --format json *.pcap* >records.json)
run "$import
    \$here = @(Get-PcapConnectionClose '$folder\\*.pcap*')
    \$expected = @(Get-Content '$folder\\records.json' | ConvertFrom-Json)
    if (\$here.Count -ne \$expected.Count) { Write-Error \"\$(\$here.Count) records, not \$(\$expected.Count)\" }
    for (\$i = 0; \$i -lt \$expected.Count; \$i++) {
        if (\$here[\$i].Path -ne '$folder\\' + \$expected[\$i].Path) { Write-Error \"the path \$(\$here[\$i].Path)\" }
        if (\$here[\$i].Explanation -cne \$expected[\$i].Explanation) { Write-Error \"other explanation: \$(\$here[\$i].Explanation)\" }
    }
    \$here.Count" >"$work/count" || {
    echo "module under Wine: FAILED: $(cat "$work/err")" >&2
    exit 1
}
[[ $(cat "$work/count") -ge 4 ]]
if run "$import Get-PcapConnectionClose Z:\\none.pcap"; then
    echo 'module under Wine: FAILED: a missing capture was no error' >&2
    exit 1
fi
grep -q '^CaptureNotFound,' "$work/err"
echo "module under Wine: passed: loaded, $(cat "$work/count") records of Windows paths with a space in them, the error of a missing capture"
