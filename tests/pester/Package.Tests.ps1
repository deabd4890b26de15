# What ships: made by build.ps1 as for a release, and used as its users get it.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    $version = (Import-PowerShellDataFile "$root/BrokenPipeTools.psd1").ModuleVersion
    $output = "$TestDrive/output"
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    $log = Invoke-PowerShell "& '$root/build.ps1' -Task Package -OutputPath '$output'; exit `$LASTEXITCODE" -Seconds 900 | Out-String
    $module = "$output/BrokenPipeTools/$version"
    $captures = "$root/tests/captures/*.pcap*"
    $tools = @((Get-ChildItem "$output/brokenpipe-*/brokenpipe*").FullName | Sort-Object)
}

Describe 'build.ps1 -Task Package' {
    It 'makes the module, the package and the tool, on Linux with clang also as native code' {
        $native = $IsLinux -and (Get-Command /usr/bin/clang, /usr/local/bin/clang -ErrorAction Ignore)
        $runtime = [System.Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier
        $folders = @("brokenpipe-$version-$runtime") + @(if ($native) { "brokenpipe-$version-$runtime-portable" })
        (Get-ChildItem $output).Name | Sort-Object | Should -Be (@('BrokenPipeTools', "BrokenPipeTools.$version.nupkg", "BrokenPipeTools.Engine.$version.nupkg") + $folders | Sort-Object)
        ([regex] '\(native AOT\)').Count($log) | Should -Be ([int] [bool] $native)
    }

    It 'makes a module of the assemblies, the views and the help, the bridge with its packages in lib/, and nothing else' {
        Get-ChildItem $module -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath($module, $_.FullName).Replace('\', '/') } |
            Where-Object { $_ -notmatch '^en-US/' } | Sort-Object | Should -Be @(
                'bin/BrokenPipeTools.dll'
                'bin/BrokenPipeTools.Engine.dll'
                'bin/BrokenPipeTools.Engine.pdb'
                'bin/BrokenPipeTools.Format.ps1xml'
                'bin/BrokenPipeTools.pdb'
                'bin/BrokenPipeTools.Types.ps1xml'
                'bin/lib/BrokenPipeTools.SharpPcap.dll'
                'bin/lib/K4os.Compression.LZ4.dll'
                'bin/lib/K4os.Compression.LZ4.Streams.dll'
                'bin/lib/K4os.Hash.xxHash.dll'
                'bin/lib/PacketDotNet.dll'
                'bin/lib/SharpPcap.dll'
                'bin/lib/System.IO.Pipelines.dll'
                'bin/lib/System.Text.Encoding.CodePages.dll'
                'bin/lib/win/System.Text.Encoding.CodePages.dll'
                'bin/lib/ZstdSharp.dll'
                'BrokenPipeTools.psd1'
                'LICENSE'
                'THIRD-PARTY-NOTICES.txt'
            )
        (Get-ChildItem "$module/en-US").Name | Should -Be (Get-ChildItem "$root/en-US").Name
    }

    It 'makes a module that is found by its name and does its work' {
        $count = Invoke-PowerShell "`$env:PSModulePath = '$output'; (Get-PcapConnectionClose '$captures').Count; (Get-Module BrokenPipeTools).ModuleBase"
        [int] $count[0] | Should -BeGreaterThan 3
        $count[1] | Should -Be (Resolve-Path $module).Path
    }

    It 'makes a package with the same files, and the tags by which the Gallery finds its commands' {
        Expand-Archive -LiteralPath "$output/BrokenPipeTools.$version.nupkg" -DestinationPath "$TestDrive/package"
        Get-ChildItem $module -Recurse -File | ForEach-Object {
            $same = Join-Path "$TestDrive/package" ([IO.Path]::GetRelativePath($module, $_.FullName))
            (Get-FileHash $same).Hash | Should -Be (Get-FileHash $_).Hash -Because $_.Name
        }
        $metadata = ([xml] (Get-Content -Raw "$TestDrive/package/BrokenPipeTools.nuspec")).package.metadata
        $metadata.id, $metadata.version | Should -Be 'BrokenPipeTools', $version
        $metadata.releaseNotes | Should -BeLike "${version}:*"
        -split $metadata.tags | Should -Contain 'PSModule'
        -split $metadata.tags | Should -Contain 'PSCmdlet_Get-PcapConnectionClose'
    }

    It 'makes tools that are one file each, need no .NET and give the records of the module' {
        $env:DOTNET_ROOT = "$TestDrive/none"
        try {
            $results = foreach ($tool in $tools) {
                [pscustomobject]@{
                    Files = (Get-ChildItem (Split-Path $tool)).Name
                    Version = & $tool --version
                    Records = & $tool close (Get-ChildItem $captures).FullName --format json | ConvertFrom-Json
                    Scenario = & $tool scenario NormalClose --format csv | Select-Object -Skip 1
                }
            }
        }
        finally {
            Remove-Item Env:DOTNET_ROOT
        }
        Import-Module "$root/BrokenPipeTools.psd1" -Force
        $expected = (Get-PcapConnectionClose $captures).Explanation
        $results.Count | Should -Be $tools.Count
        foreach ($result in $results) {
            $result.Files | Where-Object { $_ -notlike 'brokenpipe*' } | Sort-Object | Should -Be 'DOTNET-THIRD-PARTY-NOTICES.txt', 'LICENSE', 'THIRD-PARTY-NOTICES.txt'
            $result.Files | Should -HaveCount 4
            $result.Version | Should -Be $version
            $result.Records.Explanation | Should -Be $expected
            $result.Scenario | Should -BeLike 'NormalClose,True,*'
        }
    }

    It 'makes native code that runs with glibc 2.34 or later' {
        $native = $tools | Where-Object { (Split-Path (Split-Path $_) -Leaf) -notlike '*-portable' -and $log -match [regex]::Escape("$_ (native AOT)") }
        if (-not $native) {
            Set-ItResult -Skipped -Because 'there is no clang here to link native code with'
            return
        }
        # The versions of symbols that a binary needs are named in it as text: GLIBC_2.34 (ELF, section .gnu.version_r).
        $text = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($native))
        $needed = [regex]::Matches($text, '\0GLIBC_(2\.\d+)(?:\.\d+)?(?=\0)') | ForEach-Object { [version] $_.Groups[1].Value } | Sort-Object -Unique
        $needed | Should -Contain ([version] '2.17') -Because 'otherwise the names were not found'
        $needed[-1] | Should -BeLessOrEqual ([version] '2.34')
    }
}

# As a user gets it from a gallery. The user of the specs keeps his own repositories and modules: HOME is another one meanwhile.
Describe 'The package in a repository' {
    BeforeAll {
        if ($IsWindows) {
            return # the modules of a user are in his Documents there, which no variable moves
        }
        $place = New-Item -ItemType Directory "$TestDrive/install"
        $null = New-Item -ItemType Directory "$place/repository", "$place/home/.local/share", "$place/home/.config", "$place/next" # NuGet writes to the current folder without .config
        Copy-Item "$output/BrokenPipeTools.$version.nupkg" "$place/repository"
        Copy-Item $module "$place/next/BrokenPipeTools" -Recurse
        $manifest = Get-Content -Raw "$place/next/BrokenPipeTools/BrokenPipeTools.psd1"
        $manifest.Replace("'$version'", "'99.0.0'") | Set-Content "$place/next/BrokenPipeTools/BrokenPipeTools.psd1"

        $before = $env:HOME, $env:XDG_DATA_HOME, $env:PSModulePath
        try {
            $env:HOME, $env:XDG_DATA_HOME, $env:PSModulePath = "$place/home", "$place/home/.local/share", $null
            $said = Invoke-PowerShell -Seconds 600 ("& '$PSScriptRoot/Install-Package.ps1' -Repository '$place/repository' " +
                "-Next '$place/next/BrokenPipeTools' -Capture '$root/tests/captures/graceful-close.pcap'") | Out-String
        }
        finally {
            $env:HOME, $env:XDG_DATA_HOME, $env:PSModulePath = $before
        }
        $seen = $said -split '\r?\n' -match '^{' | ConvertFrom-Json
    }

    It 'is installed, and its commands are found by name' -Skip:$IsWindows {
        $seen | Should -Not -BeNullOrEmpty -Because $said
        $seen.Installed | Should -Be $version
        $seen.Loaded | Should -Be "1|$version|$place/home/.local/share/powershell/Modules/BrokenPipeTools/$version"
    }

    It 'is updated beside the version that is there' -Skip:$IsWindows {
        $seen.Updated | Should -Be $version, '99.0.0'
        $seen.Available | Should -Be $version, '99.0.0'
    }

    It 'is uninstalled, and nothing of it is left' -Skip:$IsWindows {
        $seen.Left, $seen.AvailableAtEnd | Should -Be 0, 0
        $seen.Repositories | Should -Not -Contain 'BrokenPipeToolsSpec'
        Get-ChildItem "$place/home/.local/share/powershell/Modules" -ErrorAction Ignore | Should -BeNullOrEmpty
    }
}

Describe 'build.ps1 -Task Install' {
    It 'puts the same module into a folder in which PowerShell finds it by its name' {
        $folder = "$TestDrive/Modules"
        $null = Invoke-PowerShell "& '$root/build.ps1' -Task Install -ModulePath '$folder'; exit `$LASTEXITCODE" -Seconds 300
        (Get-ChildItem "$folder/BrokenPipeTools/$version" -Recurse -File).Name | Sort-Object | Should -Be ((Get-ChildItem $module -Recurse -File).Name | Sort-Object)
        Invoke-PowerShell "`$env:PSModulePath = '$folder'; (Get-PcapConnectionClose '$root/tests/captures/graceful-close.pcap').Cause" | Should -Be NormalClose
    }
}
