# What a terminal gets: whole numbers at every width, and no character of a stranger that it would obey.

BeforeDiscovery {
    $names = 'connections', 'rungs', 'interfaces', 'scenarios', 'results', 'steps', 'servers', 'log entries', 'teardowns'
    Import-Module (Resolve-Path "$PSScriptRoot/../../BrokenPipeTools.psd1").Path -Force
    $cmdlets = (Get-Command -Module BrokenPipeTools).Name
}

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    $capture = "$root/tests/captures/write-after-peer-close.pcapng"
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'

    function Show([object] $Formatted, [int] $Width) {
        ($Formatted | Out-String -Width $Width) -split '\r?\n' | ForEach-Object TrimEnd | Where-Object { $_ -and $_ -notmatch '^ +Path: ' }
    }

    # Control and format characters, line and paragraph separators, but for line ends.
    $invisible = '[\p{Cc}\p{Cf}\p{Zl}\p{Zp}-[\r\n]]'
}

AfterAll { $PSStyle.OutputRendering = $rendering }

Describe 'At every width from 40 to 200' {
    BeforeAll {
        $server = Start-BrokenPipeServer ResetAfterRequest
        { Invoke-WebRequest "$($server.Uri)orders" } | Should -Throw
        $null = $server.WaitForEnded(1, '00:02:00')
        $result = Invoke-BrokenPipeScenario NormalClose
        $record = Get-PcapConnectionClose $capture
        $tables = @{
            'connections' = Get-PcapConnectionClose "$root/tests/captures/refused-connect.pcap" # one group, two rows
            'rungs'       = $record.Events
            'interfaces'  = Get-PcapInterface
            'scenarios'   = Get-BrokenPipeScenario | Select-Object -First 5
            'results'     = $result
            'steps'       = $result.Steps
            'servers'     = $server
            'log entries' = $server.Connections
            'teardowns'   = $server | Test-TcpTeardown -WaitSeconds 0.5 -Probe PeerClose, HalfClose
        }
    }

    AfterAll { $server | Stop-BrokenPipeServer }

    It 'a number in the table of <_> is complete, or its column is marked or left out' -ForEach $names {
        $rows = @($tables[$_]).Count
        $whole = @(Show ($tables[$_] | Format-Table) 400 | Select-Object -Last $rows)
        foreach ($width in 40..200) {
            $shown = @(Show ($tables[$_] | Format-Table) $width | Select-Object -Last $rows)
            $shown.Count | Should -Be $rows
            for ($i = 0; $i -lt $rows; $i++) {
                $expected = -split $whole[$i]
                $tokens = -split $shown[$i]
                for ($t = 0; $t -lt $tokens.Count; $t++) {
                    if ($tokens[$t] -match '^[\d.:-]+$' -and $tokens[$t] -cne $expected[$t]) {
                        throw "at $width columns '$($tokens[$t])' stands for '$($expected[$t])': $($shown[$i])"
                    }
                }
            }
        }
    }
}

Describe 'Text from the network' {
    BeforeAll {
        $hostile = "a`e]0;title`a`u{202E}gnp`u{2028}b`u{9b}2J.pcap" # without "[", which Pester's Remove-Item would take for a wildcard
        $file = "$TestDrive/$hostile"
        Copy-Item $capture $file
        $missing = "$TestDrive/missing`ec`u{202E}"
    }

    It 'is escaped in the table and in the list, and whole in the record' -Skip:$IsWindows {
        $record = Get-PcapConnectionClose -LiteralPath $file
        $record.Path | Should -BeExactly (Get-Item -LiteralPath $file).FullName
        foreach ($text in ($record | Format-Table | Out-String -Width 300), ($record | Format-List | Out-String -Width 300)) {
            $text | Should -Not -Match $invisible
            $text | Should -Match ([regex]::Escape('a\x1b]0;title\x07\u202egnp\u2028b\x9b2J.pcap'))
        }
    }

    It 'is unchanged in CSV and JSON' -Skip:$IsWindows {
        $record = Get-PcapConnectionClose -LiteralPath $file | Select-Object Path
        ($record | ConvertTo-Csv | Out-String).Contains($hostile) | Should -BeTrue
        ($record | ConvertTo-Json | ConvertFrom-Json).Path.EndsWith($hostile, 'Ordinal') | Should -BeTrue
    }

    It 'is escaped in errors, and their target is the requested name' {
        $problems = $null
        Get-PcapConnectionClose -LiteralPath $missing -ErrorVariable problems -ErrorAction SilentlyContinue
        "$($problems[0])" | Should -Not -Match $invisible
        "$($problems[0])" | Should -Match ([regex]::Escape('missing\x1bc\u202e'))
        $problems[0].TargetObject | Should -BeLike '*missing*'
        foreach ($view in 'ConciseView', 'NormalView', 'CategoryView') {
            $ErrorView = $view
            ($problems[0] | Out-String) | Should -Not -Match $invisible
        }
    }

    It 'is escaped in errors of names: <Command>' -ForEach @(
        @{ Command = 'Test-TcpTeardown'; Arguments = @{ ComputerName = "a`ec"; Port = 80 } }
        @{ Command = 'Get-BrokenPipeScenario'; Arguments = @{ Name = "a`ec" } }
        @{ Command = 'Get-PcapConnectionClose'; Arguments = @{ InterfaceName = "a`ec"; Duration = 1 } }
    ) {
        $problems = $null
        & $Command @Arguments -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.Count | Should -BeGreaterThan 0
        "$problems" | Should -Not -Match $invisible
        "$problems" | Should -Match ([regex]::Escape('a\x1bc'))
    }

    It 'is escaped in the text of a record' -Skip:$IsWindows {
        "$(Get-PcapConnectionClose -LiteralPath $file)" | Should -Not -Match $invisible
        "$(Get-PcapConnectionClose -LiteralPath $file)" | Should -Match ([regex]::Escape('a\x1b]0;title\x07\u202egnp\u2028b\x9b2J.pcap'))
    }

    It 'is escaped in the error of a name that is not a wildcard pattern: <_>' -ForEach "q`e[31mred.pcap", "[`e", "[]`u{202e}", "a`e[b-" {
        $problems = $null
        Get-PcapConnectionClose -Path $_ -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'CaptureNotFound,BrokenPipeTools.Commands.GetPcapConnectionCloseCommand'
        "$($problems[0])" | Should -Not -Match $invisible
        "$($problems[0])" | Should -Match '-LiteralPath'
    }

    It 'is opened by -Path if it is not a wildcard pattern: <_>' -Skip:$IsWindows -ForEach "q`e[31mred`u{202e}.pcap", 'ring[1.pcap', '[.pcap' {
        $named = "$TestDrive/$_"
        [System.IO.File]::Copy($capture, $named)
        try {
            Get-PcapConnectionClose -Path $named | Should -HaveCount 1
        }
        finally {
            [System.IO.File]::Delete($named) # Pester's own cleaning takes the name for a pattern
        }
    }

    It 'is escaped in verbose messages and warnings' -Skip:$IsWindows {
        $cut = "$TestDrive/cut`ec.pcap"
        [System.IO.File]::WriteAllBytes($cut, [System.IO.File]::ReadAllBytes("$root/tests/captures/graceful-close.pcap")[0..800])
        $messages = Get-PcapConnectionClose -LiteralPath $file, $cut -Verbose 4>&1 3>&1 | Where-Object { $_ -is [System.Management.Automation.InformationalRecord] }
        $messages.Count | Should -BeGreaterOrEqual 3
        $messages.Message | Should -Not -Match $invisible
    }

    It 'goes through the base class of the module in every cmdlet: <_>' -ForEach $cmdlets {
        (Get-Command $_).ImplementingType.BaseType.Name | Should -Be 'DisplayCmdlet'
    }
}

Describe 'A message of validation' {
    BeforeDiscovery {
        # A value that each of the module's own attributes refuses. An attribute without one makes the walk fail; null: it refuses nothing.
        $refused = @{
            ValidateEnumNameAttribute = "Nons`e[31mense`u{202e}"
            ValidateSecondsAttribute  = [timespan]::FromDays(10000)
            PayloadAttribute          = @('one', 'two')
            PacketsNotPathsAttribute  = "a`e[31m`u{202e}.pcap"
            CertificateNotPathAttribute = "a`e[31m`u{202e}.pem"
            ValidateAddressPrefixAttribute = "192.0.2.1`e[31m`u{202e}"
            ValidateTextLengthAttribute = 'x' * 300
            ValidateThresholdAttribute = "Nons`e[31mense`u{202e}:1"
            SecondsAttribute          = $null
            NotScriptBlockAttribute   = { 'Tcp*' }
        }
        $cases = foreach ($cmdlet in Get-Command -Module BrokenPipeTools) {
            foreach ($parameter in $cmdlet.Parameters.Values) {
                foreach ($attribute in $parameter.Attributes | Where-Object { $_.GetType().Namespace -like 'BrokenPipeTools*' }) {
                    @{ Cmdlet = $cmdlet.Name; Parameter = $parameter.Name; Attribute = $attribute.GetType().Name; IsKnown = $refused.ContainsKey($attribute.GetType().Name); Value = $refused[$attribute.GetType().Name] }
                }
            }
        }
    }

    It 'of -<Parameter> of <Cmdlet> begins with a capital letter (<Attribute>)' -ForEach $cases {
        $IsKnown | Should -BeTrue
        if ($null -ne $Value) {
            $arguments = @{ $Parameter = $Value }
            $message = { & $Cmdlet @arguments } | Should -Throw -PassThru | ForEach-Object { $_.Exception.Message }
            $message | Should -MatchExactly "on parameter '$Parameter'\. [A-Z]"
            $message | Should -Not -Match $invisible
        }
    }
}

Describe 'Get-Help -Online' {
    It 'of <_> opens no page of another project' -ForEach $cmdlets {
        $own = (Import-PowerShellDataFile "$root/BrokenPipeTools.psd1").PrivateData.PSData['ProjectUri']
        $addresses = @((Get-Command $_).HelpUri) + @((Get-Help $_ -Full).relatedLinks.navigationLink | ForEach-Object { $_.PSObject.Properties['uri'].Value }) | Where-Object { $_ }
        if ($own) {
            $addresses | Should -Match ([regex]::Escape($own))
        }
        else {
            $addresses | Should -BeNullOrEmpty
            { Get-Help $_ -Online } | Should -Throw '*online version*cannot be displayed*'
        }
    }
}
