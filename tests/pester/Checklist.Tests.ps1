# The rules of PowerShell's guidelines for cmdlets, item by item under their ids. README.md here lists the specs for the others, and
# what is not held and why.

BeforeDiscovery {
    Import-Module (Resolve-Path "$PSScriptRoot/../../BrokenPipeTools.psd1").Path -Force
    $cmdlets = Get-Command -Module BrokenPipeTools | ForEach-Object { @{ Name = $_.Name; Cmdlet = $_ } }
}

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
    $capture = "$root/tests/captures/write-after-peer-close.pcapng"

    function Get-Own($Cmdlet) {
        $Cmdlet.Parameters.Values | Where-Object Name -NotIn $common
    }

    # The attribute [Cmdlet] as the class has it.
    function Get-Declaration($Cmdlet) {
        $Cmdlet.ImplementingType.GetCustomAttributes([System.Management.Automation.CmdletAttribute], $false)[0]
    }
}

Describe 'Every cmdlet: <Name>' -ForEach $cmdlets {
    It 'RD01 has an approved verb' {
        (Get-Verb).Verb | Should -Contain $Cmdlet.Verb
    }

    It 'RD02, SD01, SD02 has only letters and digits in its names, and a singular noun in PascalCase' {
        $Cmdlet.Noun | Should -MatchExactly '^([A-Z][a-z]+)+$'
        $Cmdlet.Noun | Should -Not -MatchExactly '[^s]s$'
        (Get-Own $Cmdlet).Name | ForEach-Object { $_ | Should -MatchExactly '^[A-Z][A-Za-z0-9]+$' }
    }

    It 'RD03 names no parameter as PowerShell names its own' {
        $declared = $Cmdlet.ImplementingType.GetProperties([System.Reflection.BindingFlags] 'Instance, Public, DeclaredOnly').Name
        $declared | Where-Object { $_ -in $common -or $_ -in 'Confirm', 'WhatIf', 'UseTransaction' } | Should -BeNullOrEmpty
    }

    It 'RD04 asks before it changes the system, and only then' {
        $changes = $Cmdlet.Verb -in 'Export', 'Invoke', 'Start', 'Stop'
        (Get-Declaration $Cmdlet).SupportsShouldProcess | Should -Be $changes
        $Cmdlet.Parameters.ContainsKey('WhatIf') | Should -Be $changes
    }

    It 'RD06 documents its output, every member of it' {
        foreach ($type in $Cmdlet.OutputType.Type | Where-Object Namespace -Like 'BrokenPipeTools*') {
            $text = (Get-Help $Cmdlet.Name -Full).returnValues | Out-String -Width 4000
            if ($text -match 'Get-Help (?<Other>\S+) explains') {
                $text += (Get-Help $Matches.Other -Full).returnValues | Out-String -Width 4000
            }
            $type.GetProperties().Name | ForEach-Object { $text | Should -Match "\b$_\b" }
        }
    }

    It 'RC01, RC02, AC01 is a public class of the right name, with a default parameter set that exists' {
        $type = $Cmdlet.ImplementingType
        $type.IsPublic | Should -BeTrue
        $type.IsSubclassOf([System.Management.Automation.PSCmdlet]) | Should -BeTrue
        $type.FullName | Should -Be "BrokenPipeTools.Commands.$($Cmdlet.Verb)$($Cmdlet.Noun)Command"
        if ($Cmdlet.ParameterSets.Count -gt 1) {
            @($Cmdlet.ParameterSets | Where-Object IsDefault).Count | Should -Be 1
        }
    }

    It 'RC04 declares its output types' {
        $Cmdlet.Verb -eq 'Stop' -or $Cmdlet.OutputType.Count -gt 0 | Should -BeTrue
    }

    It 'SD03 has singular names, switches in place of bools, and at most one parameter per set that takes objects of the pipeline' {
        foreach ($parameter in Get-Own $Cmdlet) {
            $parameter.ParameterType | Should -Not -Be ([bool]) -Because $parameter.Name
            if ($parameter.ParameterType.IsArray) {
                $parameter.Name | Should -Not -MatchExactly '[^s]s$' -Because 'names are singular, also of what takes several'
            }
        }
        foreach ($set in $Cmdlet.ParameterSets) {
            @($set.Parameters | Where-Object ValueFromPipeline).Count | Should -BeLessOrEqual 1
        }
    }

    It 'SD05 has help with three examples, each with its output' {
        $help = Get-Help $Cmdlet.Name -Full
        $help.examples.example.Count | Should -BeGreaterOrEqual 3
        $help.examples.example | ForEach-Object { @($_.remarks | Where-Object Text).Count | Should -BeGreaterOrEqual 2 }
        $help.relatedLinks.navigationLink.linkText | Should -Contain about_BrokenPipeTools
    }

    It 'AC05 has parameters whose values are the same after serialization' {
        $simple = [string], [byte], [int], [long], [double], [timespan], [datetime], [ipaddress], [switch]
        foreach ($parameter in Get-Own $Cmdlet) {
            $type = $parameter.ParameterType
            $type = $type.IsArray ? $type.GetElementType() : ([System.Nullable]::GetUnderlyingType($type) ?? $type)
            # What Start-BrokenPipeServer wrote goes into Stop-BrokenPipeServer: it is the process's own. A script block runs here.
            # The key of a certificate is not to be serialized.
            if ($parameter.Name -notin 'InputObject', 'ScriptBlock', 'Certificate') {
                $type -in $simple -or $type.IsEnum | Should -BeTrue -Because "$($parameter.Name) is a $type"
            }
        }
    }
}

Describe 'The module' {
    It 'RC03, SC02 works in the middle of a pipeline, one path at a time' {
        $seen = $capture, $capture | Get-PcapConnectionClose | ForEach-Object Cause
        $seen | Should -HaveCount 2
    }

    It 'RC05 keeps no record that it has written' {
        $weak = & { [System.WeakReference]::new((Get-PcapConnectionClose $capture)) }
        foreach ($try in 1..10) {
            [GC]::Collect()
            [GC]::WaitForPendingFinalizers()
            if (-not $weak.IsAlive) {
                break
            }
        }
        $weak.IsAlive | Should -BeFalse
    }

    It 'RC06 has error records with an id, a category and a target, and continues' {
        $records = Get-PcapConnectionClose "$TestDrive/none.pcap", $capture -ErrorVariable problems -ErrorAction SilentlyContinue
        $records | Should -HaveCount 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'CaptureNotFound,BrokenPipeTools.Commands.GetPcapConnectionCloseCommand'
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
        $problems[0].TargetObject | Should -Be "$TestDrive/none.pcap"
    }

    It 'RC07 ships with a manifest that names its commands, its edition and the oldest PowerShell' {
        $manifest = Import-PowerShellDataFile "$root/BrokenPipeTools.psd1"
        $manifest.CmdletsToExport | Should -Not -Contain '*'
        $manifest.CompatiblePSEditions | Should -Be Core
        $manifest.PowerShellVersion | Should -Be '7.4'
        $manifest.FormatsToProcess, $manifest.TypesToProcess | Should -Not -BeNullOrEmpty
        $manifest.PrivateData.PSData.Tags | Should -Contain pcap
    }

    It 'RD05 never prompts without a user' {
        $said = Invoke-PowerShell "Import-Module '$root/BrokenPipeTools.psd1'; (Start-BrokenPipeServer NeverAnswer).IsRunning; Get-BrokenPipeServer | Stop-BrokenPipeServer; (Invoke-BrokenPipeScenario NormalClose).Passed"
        $said | Should -Be 'True', 'True'
    }

    It 'SD04 writes to no console of its own' {
        $source = Get-ChildItem "$root/src/BrokenPipeTools/Commands" -Filter *.cs | Get-Content -Raw
        "$source" | Should -Not -Match 'Console\.(Write|Error|Out)'
    }

    It 'SC01 takes paths with wildcards and literal ones, by position, by value and by the name of the property' {
        $parameters = (Get-Command Get-PcapConnectionClose).Parameters
        $path = $parameters.Path.ParameterSets.Path
        $path.Position, $path.ValueFromPipeline, $path.ValueFromPipelineByPropertyName | Should -Be 0, $true, $true
        $parameters.LiteralPath.ParameterSets.LiteralPath.ValueFromPipelineByPropertyName | Should -BeTrue
        $parameters.LiteralPath.Aliases | Should -Contain PSPath
        $parameters.LiteralPath.Aliases | Should -Contain LP
    }

    It 'SC04 takes names in any case and keeps theirs' {
        (Get-PcapConnectionClose $capture -Cause WRITEAFTERPEERCLOSE).Cause | Should -BeExactly WriteAfterPeerClose
        (Get-BrokenPipeScenario normalclose).Name | Should -BeExactly NormalClose
    }

    It 'AD01 names the parameter for its own objects InputObject' {
        (Get-Command Stop-BrokenPipeServer).Parameters.Keys | Should -Contain InputObject
    }

    It 'AC04 frees its resources also if its end is never reached' {
        [System.IDisposable].IsAssignableFrom((Get-Command Get-PcapConnectionClose).ImplementingType) | Should -BeTrue
        if (Test-Path "/proc/$PID/fd") {
            $held = { @(Get-ChildItem "/proc/$PID/fd" -ErrorAction Ignore | Where-Object Target -EQ $capture).Count }
            $null = Get-PcapConnectionClose $capture | Select-Object -First 1
            & $held | Should -Be 0
        }
    }

    It 'has texts that no culture changes' {
        $record = Get-PcapConnectionClose $capture
        $step = (Invoke-BrokenPipeScenario NormalClose -NoCapture).Steps[-1]
        $texts = { $record.Explanation, "$($record.Events)", "$step" }
        $culture = [cultureinfo]::CurrentCulture
        $expected = & $texts
        try {
            [cultureinfo]::CurrentCulture = 'de-DE'
            $there = & $texts
        }
        finally {
            [cultureinfo]::CurrentCulture = $culture
        }
        $there | Should -Be $expected
        $there[-1] | Should -Match '^ *\d+\.\d{3} '
    }

    It 'works with -OutVariable and Tee-Object' {
        $null = Get-PcapConnectionClose $capture -OutVariable kept | Tee-Object -Variable teed
        $kept.Cause, $teed.Cause | Should -Be WriteAfterPeerClose, WriteAfterPeerClose
    }
}

Describe 'The list of items' {
    It 'is complete: each item has a spec here, or a line in README.md' {
        $items = @('RD', 6), @('RC', 7), @('SD', 5), @('SC', 4) | ForEach-Object { $kind, $last = $_; 1..$last | ForEach-Object { '{0}{1:00}' -f $kind, $_ } }
        $items += 'AD01', 'AD05', 'AC01', 'AC03', 'AC04', 'AC05'
        $here = [regex]::Matches((Get-Content -Raw "$PSScriptRoot/Checklist.Tests.ps1"), "It '([A-Z]{2}\d\d(?:, [A-Z]{2}\d\d)*) ") | ForEach-Object { $_.Groups[1].Value -split ', ' }
        $there = [regex]::Matches((Get-Content -Raw "$PSScriptRoot/README.md"), '(?m)^\| ([A-Z]{2}\d\d) ') | ForEach-Object { $_.Groups[1].Value }
        $items | Where-Object { $_ -notin $here -and $_ -notin $there } | Should -BeNullOrEmpty
    }

    It 'names every spec file' {
        $readme = Get-Content -Raw "$PSScriptRoot/README.md"
        Get-ChildItem $PSScriptRoot -Filter *.Tests.ps1 | ForEach-Object { $readme | Should -Match ([regex]::Escape("``$($_.Name)``")) }
    }
}
