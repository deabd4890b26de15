# Runs the specs beside this file against the module that was built into bin/. build.ps1 -Task Test calls this; by hand:
#   pwsh -NoProfile tests/pester/Invoke-Specs.ps1 [-Name CloseCommand*]
param([string] $Name = '*')

$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 5.0
$configuration = New-PesterConfiguration
$configuration.Run.Path = (Get-ChildItem -LiteralPath $PSScriptRoot -Filter "$Name.Tests.ps1").FullName
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$result = Invoke-Pester -Configuration $configuration

# A spec file that does not load, or a block whose set-up fails, fails no test of its own.
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
if ($result.PassedCount -eq 0) {
    $failed = [Math]::Max(1, $failed)
}
"$($result.PassedCount) passed, $failed failed"
exit [Math]::Min($failed, 100)
