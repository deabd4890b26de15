# What ships: made by build.ps1 as for a release, and used as its users get it.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    $version = (Import-PowerShellDataFile "$root/BrokenPipeTools.psd1").ModuleVersion
    $output = "$TestDrive/output"
    $pwsh = (Get-Process -Id $PID).Path
    $log = & $pwsh -NoProfile -NonInteractive -File "$root/build.ps1" -Task Package -OutputPath $output 2>&1 | Out-String
    $made = $LASTEXITCODE
    $module = "$output/BrokenPipeTools/$version"
    $captures = "$root/tests/captures/*.pcap*"
    $tool = (Get-ChildItem "$output/brokenpipe-*/brokenpipe*").FullName
}

Describe 'build.ps1 -Task Package' {
    It 'makes the module, the package and the tool' {
        $made | Should -Be 0 -Because $log
        (Get-ChildItem $output).Name | Should -HaveCount 3
    }

    It 'makes a module of the assemblies, the views and the help, and nothing else' {
        Get-ChildItem $module -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath($module, $_.FullName).Replace('\', '/') } |
            Where-Object { $_ -notmatch '^en-US/' } | Sort-Object | Should -Be @(
                'bin/BrokenPipeTools.dll'
                'bin/BrokenPipeTools.Engine.dll'
                'bin/BrokenPipeTools.Engine.pdb'
                'bin/BrokenPipeTools.Format.ps1xml'
                'bin/BrokenPipeTools.pdb'
                'bin/BrokenPipeTools.Types.ps1xml'
                'bin/lib/BrokenPipeTools.SharpPcap.dll'
                'bin/lib/PacketDotNet.dll'
                'bin/lib/SharpPcap.dll'
                'bin/lib/System.Text.Encoding.CodePages.dll'
                'bin/lib/win/System.Text.Encoding.CodePages.dll'
                'BrokenPipeTools.psd1'
                'LICENSE'
            )
        (Get-ChildItem "$module/en-US").Name | Should -Be (Get-ChildItem "$root/en-US").Name
    }

    It 'makes a module that is found by its name and does its work' {
        $count = & $pwsh -NoProfile -Command "`$env:PSModulePath = '$output'; (Get-PcapConnectionClose '$captures').Count; (Get-Module BrokenPipeTools).ModuleBase"
        [int] $count[0] | Should -BeGreaterThan 3
        $count[1] | Should -Be (Resolve-Path $module).Path
    }

    It 'makes a package with the same files, and the tags by which the Gallery finds its commands' {
        Expand-Archive -LiteralPath (Get-ChildItem "$output/*.nupkg").FullName -DestinationPath "$TestDrive/package"
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

    It 'makes a tool that is one file, needs no .NET and says what the module says' {
        (Get-ChildItem (Split-Path $tool)).Count | Should -Be 1
        & $tool --version | Should -Be $version
        $env:DOTNET_ROOT = "$TestDrive/none"
        try {
            $said = & $tool close (Get-ChildItem $captures).FullName --format json | ConvertFrom-Json
        }
        finally {
            Remove-Item Env:DOTNET_ROOT
        }
        Import-Module "$root/BrokenPipeTools.psd1" -Force
        $said.Explanation | Should -Be (Get-PcapConnectionClose $captures).Explanation
        & $tool scenario NormalClose --format csv | Select-Object -Skip 1 | Should -BeLike 'NormalClose,True,*'
    }
}
