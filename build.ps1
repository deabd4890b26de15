#!/usr/bin/env pwsh
#Requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests, cleans or packages the module. Needs pwsh and the .NET SDK, nothing else; without pwsh: dotnet run, dotnet test (README).
.DESCRIPTION
    Build    compiles the module into bin/, so that the repository root is importable, and the command line tool.
    Test     dotnet test src: builds, then runs the xunit tests, then the Pester specs, in the PowerShell that runs this script.
    Clean    removes bin/, obj/ and output/.
    Package  makes what ships, in output/: the module's folder BrokenPipeTools/<version>/, the .nupkg as the PowerShell Gallery wants
             it, and the command line tool as one file that needs no .NET. The version is the manifest's.
    The exit code is not zero where anything failed.
.EXAMPLE
    ./build.ps1
    Import-Module ./BrokenPipeTools.psd1
.EXAMPLE
    ./build.ps1 -Task Test
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Clean', 'Package')]
    [string] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

    # Package: where to.
    [string] $OutputPath = "$PSScriptRoot/output",

    # Package: the platform that the command line tool is made for, as win-x64, linux-arm64 or osx-arm64. This one, where not given.
    [string] $Runtime = [System.Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier,

    # The specs always run: Pester comes as a package. Kept for scripts that pass this switch.
    [Parameter(DontShow)]
    [switch] $RequirePester
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false # exit codes are looked at below, with a message that names the command
$root = $PSScriptRoot
$moduleName = 'BrokenPipeTools'
$OutputPath = [IO.Path]::GetFullPath($OutputPath, $PWD.ProviderPath)
Import-Module "$root/src/PowerShell/RunningPowerShell.psm1"
$ownPowerShell = "-p:PowerShellPath=$(@(Get-RunningPowerShell)[-1])" # there is one: its package need not be fetched

function Invoke-Dotnet {
    & dotnet @args $ownPowerShell
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
    Invoke-Dotnet test "$root/src" --configuration $Configuration --nologo
}

function Invoke-Clean {
    $projects = Get-ChildItem -Path "$root/src", "$root/tests" -Recurse -Include *.csproj | ForEach-Object DirectoryName
    Remove-Folder -Path (@("$root/bin", "$root/output") + ($projects | ForEach-Object { "$_/bin", "$_/obj" }))
}

# Exactly what ships, in folders of its own: the bin/ of the repository may be loaded by a session.
function Invoke-Package {
    $manifest = Import-PowerShellDataFile -LiteralPath "$root/$moduleName.psd1"
    $version = $manifest.ModuleVersion
    $module = "$OutputPath/$moduleName/$version"
    Remove-Folder $module
    $null = New-Item -ItemType Directory -Path $module
    Copy-Item -LiteralPath "$root/$moduleName.psd1", "$root/LICENSE" -Destination $module
    Copy-Item -LiteralPath "$root/en-US" -Destination $module -Recurse
    Invoke-Dotnet build "$root/src/$moduleName/$moduleName.csproj" --configuration Release --nologo --verbosity quiet "-p:OutputPath=$module/bin/"
    Remove-Item -Path "$module/bin/*.xml", "$module/bin/*.deps.json" # for compilers; PowerShell reads neither
    $null = Test-ModuleManifest -Path "$module/$moduleName.psd1"
    Write-Host "Packaged $module"

    New-GalleryPackage -Manifest $manifest -Module $module
    Write-Host "Packaged $OutputPath/$moduleName.$version.nupkg"

    $tool = "$OutputPath/brokenpipe-$version-$Runtime"
    Remove-Folder $tool
    Invoke-Dotnet publish "$root/src/$moduleName.Cli/$moduleName.Cli.csproj" --configuration Release --runtime $Runtime --output $tool --nologo --verbosity quiet '-p:DebugType=embedded'
    Write-Host "Packaged $(Join-Path $tool (Split-Path -Leaf (Get-ChildItem -LiteralPath $tool -Filter 'brokenpipe*').FullName))"
}

# What Publish-PSResource would make of the module: the Gallery finds modules and commands by these tags.
function New-GalleryPackage([hashtable] $Manifest, [string] $Module) {
    $data = $Manifest.PrivateData.PSData
    $tags = @('PSModule', 'PSEdition_Core', 'PSIncludes_Cmdlet') + ($Manifest.CmdletsToExport | ForEach-Object { "PSCmdlet_$_"; "PSCommand_$_" }) + $data.Tags
    $text = @{
        id = $moduleName; version = $Manifest.ModuleVersion; authors = $Manifest.Author; owners = $Manifest.CompanyName
        description = $Manifest.Description; copyright = $Manifest.Copyright; releaseNotes = $data.ReleaseNotes; tags = $tags -join ' '
    }
    $nuspec = [xml] '<package xmlns="http://schemas.microsoft.com/packaging/2011/08/nuspec.xsd"><metadata/><files><file src="**"/></files></package>'
    foreach ($name in 'id', 'version', 'authors', 'owners', 'description', 'releaseNotes', 'copyright', 'tags') {
        $element = $nuspec.CreateElement($name, $nuspec.package.NamespaceURI)
        $element.InnerText = $text[$name]
        $null = $nuspec.package['metadata'].AppendChild($element)
    }
    $license = $nuspec.CreateElement('license', $nuspec.package.NamespaceURI)
    $license.SetAttribute('type', 'expression')
    $license.InnerText = 'MIT'
    $null = $nuspec.package['metadata'].AppendChild($license)

    $path = "$OutputPath/$moduleName.nuspec"
    $nuspec.Save($path)
    # NU5100, NU5110, NU5111, NU5128: a PowerShell module keeps its assembly beside its manifest, not in lib/.
    Invoke-Dotnet pack "$root/src/$moduleName/$moduleName.csproj" --no-build --output $OutputPath --nologo --verbosity quiet `
        "-p:NuspecFile=$path" "-p:NuspecBasePath=$Module" '-p:NoWarn=NU5100%3BNU5110%3BNU5111%3BNU5128'
    Remove-Item -LiteralPath $path
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
