# The way to start one more PowerShell like this one.

Set-StrictMode -Version Latest

<#
.SYNOPSIS
    Returns the command that starts the PowerShell that is running: a program, and its first argument if there is one. The program is
    dotnet, and the argument the path of pwsh.dll, if PowerShell was installed as a .NET tool or restored as a package.
#>
function Get-RunningPowerShell {
    $program = [Environment]::ProcessPath
    $program
    if ((Split-Path -LeafBase $program) -eq 'dotnet') {
        Join-Path $PSHOME 'pwsh.dll'
    }
}
