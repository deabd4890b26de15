# Runs the specs beside this file against the module that was built into bin/. `dotnet test src` calls this; by hand:
#   pwsh -NoProfile tests/pester/Invoke-Specs.ps1 [-Name Display*] [-Pester path or name of the module]
param([string] $Name = '*', [string] $Pester = 'Pester')

$ErrorActionPreference = 'Stop'
$specs = Get-ChildItem -LiteralPath $PSScriptRoot -Filter "$Name.Tests.ps1"
if (-not $specs) {
    'No spec file matches the filter.'
    exit 0
}
Import-Module $Pester -MinimumVersion 5.5
$configuration = New-PesterConfiguration
$configuration.Run.Path = $specs.FullName
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
if ([Console]::IsOutputRedirected) {
    $configuration.Output.RenderMode = 'Plaintext'
}
$result = Invoke-Pester -Configuration $configuration

# A spec file that does not load, or a block whose set-up fails, fails no test of its own.
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
if ($result.PassedCount -eq 0) {
    $failed = [Math]::Max(1, $failed)
}
"$($result.PassedCount) passed, $failed failed"
exit [Math]::Min($failed, 100)
