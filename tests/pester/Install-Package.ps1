# Installs the package from a folder, updates it, uninstalls it, and prints as JSON what a user then has. Package.Tests.ps1 runs it with
# HOME in a folder of its own: PSResourceGet keeps its list of repositories in XDG_DATA_HOME, and installs to HOME/.local/share whatever
# XDG_DATA_HOME is. So that has to be the same folder, for PowerShell to find what was installed.
param(
    # The folder that is the repository; it has the package.
    [Parameter(Mandatory)] [string] $Repository,

    # The folder of the same module with a later version; it is published to the repository.
    [Parameter(Mandatory)] [string] $Next,

    # Captures to read with what was installed.
    [Parameter(Mandatory)] [string] $Capture
)

$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$module = 'BrokenPipeTools'
$seen = [ordered] @{}

# The commands as a new session finds them, and the version that it loads.
function Get-Loaded {
    $runspace = [powershell]::Create()
    try {
        $runspace.AddScript("@(Get-PcapConnectionClose '$Capture').Count; (Get-Module $module).Version.ToString(); (Get-Module $module).ModuleBase").Invoke() -join '|'
    }
    finally {
        $runspace.Dispose()
    }
}

Register-PSResourceRepository -Name BrokenPipeToolsSpec -Uri $Repository -Trusted
try {
    Install-PSResource -Name $module -Repository BrokenPipeToolsSpec -Scope CurrentUser
    $seen.Installed = @((Get-InstalledPSResource $module).Version.ToString())
    $seen.Loaded = Get-Loaded

    Publish-PSResource -Path $Next -Repository BrokenPipeToolsSpec
    Update-PSResource -Name $module -Repository BrokenPipeToolsSpec -Scope CurrentUser
    $seen.Updated = @((Get-InstalledPSResource $module).Version | ForEach-Object ToString | Sort-Object)
    $seen.Available = @((Get-Module -ListAvailable $module).Version | ForEach-Object ToString | Sort-Object)

    Uninstall-PSResource -Name $module -Version '*' -Scope CurrentUser
    $seen.Left = @(Get-InstalledPSResource $module -ErrorAction Ignore).Count
    $seen.AvailableAtEnd = @(Get-Module -ListAvailable $module).Count
}
finally {
    Unregister-PSResourceRepository -Name BrokenPipeToolsSpec
}
$seen.Repositories = @((Get-PSResourceRepository).Name)
[pscustomobject] $seen | ConvertTo-Json -Compress
