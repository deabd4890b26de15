#!/usr/bin/env pwsh
#Requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests, cleans or packages the module. Needs pwsh and the .NET SDK, nothing else.
.DESCRIPTION
    Build    compiles the module into bin/, so that the repository root is importable, and the command line tool.
    Test     builds, then runs the xunit tests and, where Pester is installed, the Pester specs.
    Clean    removes bin/, obj/ and output/.
    Package  builds and puts exactly what ships into output/BrokenPipeTools/<version>/, and a zip of it beside it.
    The exit code is not zero where anything failed.
.EXAMPLE
    ./build.ps1
    Import-Module ./BrokenPipeTools.psd1
.EXAMPLE
    ./build.ps1 -Task Test -RequirePester
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Clean', 'Package')]
    [string] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

    # Fail where the Pester specs cannot run, in place of saying so.
    [switch] $RequirePester
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false # exit codes are looked at below, with a message that names the command
$root = $PSScriptRoot
$moduleName = 'BrokenPipeTools'

function Invoke-Dotnet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) {
        throw "dotnet $($args -join ' ') failed with exit code $LASTEXITCODE"
    }
}

function Remove-Folder([string[]] $Path) {
    foreach ($folder in $Path | Where-Object { Test-Path -LiteralPath $_ }) {
        Remove-Item -LiteralPath $folder -Recurse -Force
    }
}

function Invoke-Build {
    Invoke-Dotnet build "$root/src/$moduleName/$moduleName.csproj" --configuration $Configuration --nologo --verbosity quiet
    Invoke-Dotnet build "$root/src/$moduleName.Cli/$moduleName.Cli.csproj" --configuration $Configuration --nologo --verbosity quiet
    Write-Host "Built $root/bin. Use it with: Import-Module '$root/$moduleName.psd1'"
}

function Invoke-Test {
    Invoke-Build
    Invoke-Dotnet test "$root/tests/$moduleName.Engine.Tests/$moduleName.Engine.Tests.csproj" --configuration $Configuration --nologo
    Invoke-PesterSpecs
}

# In a process of its own: an assembly cannot be unloaded, and the specs must see the one just built.
function Invoke-PesterSpecs {
    if (-not (Get-Module -ListAvailable Pester | Where-Object Version -GE '5.0')) {
        $message = 'Pester 5 is not installed: THE SPECS IN tests/pester WERE NOT RUN. Install it with: Install-PSResource Pester'
        if ($RequirePester) {
            throw $message
        }
        Write-Warning $message
        return
    }
    & (Get-Process -Id $PID).Path -NoProfile -NonInteractive -File "$root/tests/pester/Invoke-Specs.ps1" | Out-Host
    if ($LASTEXITCODE -ne 0) {
        throw "Pester specs failed with exit code $LASTEXITCODE"
    }
}

function Invoke-Clean {
    $projects = Get-ChildItem -Path "$root/src", "$root/tests" -Recurse -Include *.csproj | ForEach-Object DirectoryName
    Remove-Folder -Path (@("$root/bin", "$root/output") + ($projects | ForEach-Object { "$_/bin", "$_/obj" }))
}

function Invoke-Package {
    # Whatever an older build left in bin/ would ship.
    Remove-Folder "$root/bin"
    Invoke-Build
    $version = (Import-PowerShellDataFile -LiteralPath "$root/$moduleName.psd1").ModuleVersion
    $target = "$root/output/$moduleName/$version"
    Remove-Folder $target
    $null = New-Item -ItemType Directory -Path $target
    Copy-Item -LiteralPath "$root/$moduleName.psd1", "$root/src/LICENSE" -Destination $target
    Copy-Item -LiteralPath "$root/bin", "$root/en-US" -Destination $target -Recurse
    $null = Test-ModuleManifest -Path "$target/$moduleName.psd1"
    $zip = "$root/output/$moduleName.$version.zip"
    Compress-Archive -LiteralPath "$root/output/$moduleName" -DestinationPath $zip -Force
    Write-Host "Packaged $target"
    Write-Host "Packaged $zip"
}

try {
    & "Invoke-$Task"
}
catch {
    [Console]::Error.WriteLine("build.ps1: $($_.Exception.Message)")
    Write-Verbose $_.ScriptStackTrace
    exit 1
}
exit 0
