#!/usr/bin/env pwsh
#Requires -Version 7.4
<#
.SYNOPSIS
    Builds, tests, cleans or packages the module. Needs pwsh and the .NET SDK, nothing else; without pwsh: dotnet run, dotnet test (README).
.DESCRIPTION
    Build    compiles the module into bin/, so that the repository root is importable, and the command line tool.
    Test     dotnet test src: builds, then runs the xunit tests, then the Pester specs, in the PowerShell that runs this script.
    Install  puts the module where PowerShell finds it by its name, for this user.
    Clean    removes bin/, obj/, output/ and the made help.
    Package  makes what ships, in output/: the module's folder BrokenPipeTools/<version>/, the .nupkg as the PowerShell Gallery wants
             it, the engine's .nupkg for C# developers, and the command line tool as one file that needs no .NET. If clang is here, for
             this Linux, that is native code in
             brokenpipe-<version>-<platform>/; brokenpipe-<version>-<platform>-portable/ then has the one for older systems.
             The version is the manifest's.
    The exit code is not zero where anything failed.
.EXAMPLE
    ./build.ps1
    Import-Module ./BrokenPipeTools.psd1
.EXAMPLE
    ./build.ps1 -Task Test
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Install', 'Clean', 'Package')]
    [string] $Task = 'Build',

    [ValidateSet('Release', 'Debug')]
    [string] $Configuration = 'Release',

    # Package: where to.
    [string] $OutputPath = "$PSScriptRoot/output",

    # Install: a folder of modules. The default is the first of PSModulePath, which is the user's own.
    [string] $ModulePath = ($env:PSModulePath -split [IO.Path]::PathSeparator)[0],

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

function Invoke-Install {
    $version = (Import-PowerShellDataFile -LiteralPath "$root/$moduleName.psd1").ModuleVersion
    $module = [IO.Path]::GetFullPath("$ModulePath/$moduleName/$version", $PWD.ProviderPath)
    New-ModuleFolder -Module $module
    Write-Host "Installed $module. Use it with: Import-Module $moduleName"
}

function Invoke-Clean {
    $projects = Get-ChildItem -Path "$root/src", "$root/tests" -Recurse -Include *.csproj | ForEach-Object DirectoryName
    Remove-Folder -Path (@("$root/bin", "$root/output") + ($projects | ForEach-Object { "$_/bin", "$_/obj" }))
    Remove-Item -Path "$root/en-US/*-Help.xml"
}

function Invoke-Package {
    $manifest = Import-PowerShellDataFile -LiteralPath "$root/$moduleName.psd1"
    $version = $manifest.ModuleVersion
    $module = "$OutputPath/$moduleName/$version"
    New-ModuleFolder -Module $module
    Write-Host "Packaged $module"

    Invoke-Dotnet pack "$root/src/$moduleName.Engine/$moduleName.Engine.csproj" --output $OutputPath --nologo --verbosity quiet
    Write-Host "Packaged $OutputPath/$moduleName.Engine.$version.nupkg"

    New-GalleryPackage -Manifest $manifest -Module $module
    Write-Host "Packaged $OutputPath/$moduleName.$version.nupkg"

    $native = Test-NativePublish
    Publish-CommandLine -Folder "$OutputPath/brokenpipe-$version-$Runtime" -Native $native
    if ($native) {
        # Native code needs the C library of the machine that built it, or a newer one. This one runs on older systems too.
        Publish-CommandLine -Folder "$OutputPath/brokenpipe-$version-$Runtime-portable" -Native $false
    }
}

# Exactly what ships, in folders of its own: the bin/ of the repository may be loaded by a session.
function New-ModuleFolder([string] $Module) {
    Remove-Folder $Module
    $null = New-Item -ItemType Directory -Path $Module
    Copy-Item -LiteralPath "$root/$moduleName.psd1", "$root/LICENSE", "$root/src/THIRD-PARTY-NOTICES.txt" -Destination $Module
    Invoke-Dotnet build "$root/src/$moduleName/$moduleName.csproj" --configuration Release --nologo --verbosity quiet "-p:OutputPath=$Module/bin/"
    Copy-Item -LiteralPath "$root/en-US" -Destination $Module -Recurse # the build has made the help in it
    Get-ChildItem -LiteralPath "$Module/bin" -Recurse -File |
        Where-Object { $_.Extension -eq '.xml' -or $_.Name -like '*.deps.json' } | # for compilers; PowerShell reads neither
        Remove-Item
    $null = Test-ModuleManifest -Path "$Module/$moduleName.psd1"
    Assert-Notice -Module $Module
}

# An assembly of others must not ship without its license.
function Assert-Notice([string] $Module) {
    $notices = Get-Content -Raw -LiteralPath "$Module/THIRD-PARTY-NOTICES.txt"
    foreach ($assembly in Get-ChildItem -LiteralPath "$Module/bin" -Recurse -Filter *.dll | Where-Object BaseName -NotLike "$moduleName*") {
        if ($notices -notmatch "(?m)^$([regex]::Escape($assembly.BaseName))\s") {
            throw "src/THIRD-PARTY-NOTICES.txt: does not name $($assembly.BaseName); add its license"
        }
    }
}

# Whether the project's own rules make a native binary here: Linux, for this platform, with clang.
function Test-NativePublish {
    $native = Invoke-Dotnet msbuild "$root/src/$moduleName.Cli/$moduleName.Cli.csproj" '-getProperty:PublishAot' "-p:RuntimeIdentifier=$Runtime"
    "$native".Trim() -eq 'true'
}

function Publish-CommandLine([string] $Folder, [bool] $Native) {
    Remove-Folder $Folder
    Invoke-Dotnet publish "$root/src/$moduleName.Cli/$moduleName.Cli.csproj" --configuration Release --runtime $Runtime --output $Folder `
        --nologo --verbosity quiet '-p:DebugType=embedded' "-p:PublishAot=$Native"
    $kind = $Native ? 'native AOT' : 'one file with the runtime in it'
    Write-Host "Packaged $((Get-ChildItem -LiteralPath $Folder -Filter 'brokenpipe*').FullName) ($kind)"
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
