# What leaves the session: CSV, JSON, Clixml, jobs. The values stay what they are, in every culture.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    $tool = (Get-ChildItem "$root/src/BrokenPipeTools.Cli/bin/*/net10.0/brokenpipe$($IsWindows ? '.exe' : '')" | Sort-Object LastWriteTime)[-1].FullName
    Import-Module "$PSScriptRoot/CaptureBytes.psm1"

    # Durations of nothing, of whole seconds, of years with all the decimals that a double has.
    $durations = "$TestDrive/durations.pcap"
    $syn = { param($Port, $Seconds, $Microseconds) Get-PcapRecord (Get-SynFrame $Port) $Seconds $Microseconds }
    [System.IO.File]::WriteAllBytes($durations, (Get-PcapHeader) + (& $syn 40001 1000000000 0) + (& $syn 40002 1000000001 123457) + (& $syn 40003 1000000001 123458) +
        (& $syn 40001 1000000003 0) + (& $syn 40002 1211467833 392776) + (& $syn 40001 1211467834 0) + (& $syn 40004 1211467834 1) + (& $syn 40004 1211467836 1))
    $capture = @((Get-ChildItem "$root/tests/captures/*.pcap*").FullName) + $durations
    $records = Get-PcapConnectionClose -LiteralPath $capture -WarningAction SilentlyContinue -ErrorAction SilentlyContinue

    function Use-Culture([string] $Name, [scriptblock] $Script) {
        $before = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = $Name
            & $Script
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }
    }

    function Get-RoundTrip($Object, [int] $Depth = 2) {
        $file = Join-Path $TestDrive "$([guid]::NewGuid()).xml"
        $Object | Export-Clixml $file -Depth $Depth
        Import-Clixml $file
    }
}

Describe 'The property set Row' {
    It 'has the columns of the command line' {
        $header = (& $tool close --format csv $capture 2>$null | Select-Object -First 1) -split ','
        ($records[0] | Select-Object Row).PSObject.Properties.Name | Should -Be $header
    }

    It 'is the CSV of the command line, in <_>' -ForEach 'en-US', 'de-DE', 'tr-TR', 'fa-IR' {
        $expected = & $tool close --format csv $capture 2>$null | ConvertFrom-Csv | ConvertTo-Json -Compress # as values: Export-Csv leaves out the quotes of null
        $written = Use-Culture $_ { $records | Select-Object Row | ConvertTo-Csv } | ConvertFrom-Csv | ConvertTo-Json -Compress
        $written | Should -Be $expected
    }

    It 'is the JSON of the command line, in <_>' -ForEach 'en-US', 'de-DE' {
        $names = ($records[0] | Select-Object Row).PSObject.Properties.Name
        $expected = & $tool close --format json $capture 2>$null | ForEach-Object { $_ | ConvertFrom-Json -DateKind String | Select-Object $names | ConvertTo-Json -Compress }
        $written = Use-Culture $_ { $records | Select-Object Row | ForEach-Object { $_ | ConvertTo-Json -Compress -EnumsAsStrings } }
        $written | Should -Be $expected
    }

    It 'has durations without decimals and with all' {
        $written = ($records | Where-Object Path -EQ $durations | Select-Object Row | ConvertTo-Csv | ConvertFrom-Csv).Duration
        $written | Should -Contain '0'
        $written | Should -Contain '2'
        $written | Should -Contain '211467832.269319'
    }

    It 'keeps the types of numbers and times' {
        $records[0].Duration | Should -BeOfType [double]
        $records[0].StartTime | Should -BeOfType [datetime]
        ($records | Measure-Object Duration -Maximum).Maximum | Should -Be ($records.Duration | Sort-Object | Select-Object -Last 1)
        Use-Culture 'de-DE' { '{0:n1}' -f $records[0].Duration } | Should -Be '0,1'
        Use-Culture 'de-DE' { $records[0].StartTime.ToString('d.M.yyyy') } | Should -Be '21.11.2026'
        $records[0].EndTime - $records[0].StartTime | Should -BeOfType [timespan]
        [math]::Round($records[0].Duration, 1) | Should -Be 0.1
        @($records | Where-Object Duration -GT 0.001).Count | Should -Be @($records.Where{ [double] $_.Duration -gt 0.001 }).Count
    }
}

Describe 'The property set Row of the other reports' {
    BeforeAll {
        $server = Start-BrokenPipeServer CloseAfterRequest
        $test = Test-TcpTeardown localhost $server.Port -HttpPath / -WaitSeconds 5
        $null = $server.WaitForEnded(1, '00:02:00')
        $reports = @{ TeardownTest = $test; ServedConnection = $server.Connections[0]; ScenarioResult = Invoke-BrokenPipeScenario NormalClose }
    }

    AfterAll {
        $server | Stop-BrokenPipeServer
    }

    It 'has the behaviors that requests met in one cell, also after serialization' {
        $steps = Start-BrokenPipeServer HttpJson, HttpHtml, CloseAfterRequest -Per Request
        try {
            $client = [System.Net.Http.HttpClient]::new()
            1..2 | ForEach-Object { $null = $client.GetStringAsync($steps.Uri).GetAwaiter().GetResult() }
            { $client.GetStringAsync($steps.Uri).GetAwaiter().GetResult() } | Should -Throw
            $met = $steps.Connections[0]
            $met.Behaviors -join ',' | Should -Be 'HttpJson,HttpHtml,CloseAfterRequest'
            foreach ($entry in $met, (Get-RoundTrip $met 1), (Get-RoundTrip $met), (Get-RoundTrip (Get-RoundTrip $met))) {
                ($entry | Select-Object Row | ConvertTo-Csv | ConvertFrom-Csv).Behaviors | Should -Be 'HttpJson; HttpHtml; CloseAfterRequest'
                $entry.Behaviors[1] | Should -BeOfType $met.Behavior.GetType()
            }
        } finally {
            $client.Dispose()
            $steps | Stop-BrokenPipeServer
        }
    }

    It 'has every property that is not a list of records, and the same text in every culture: <_>' -ForEach 'TeardownTest', 'ServedConnection', 'ScenarioResult' {
        $report = $reports[$_]
        $flat = $report.GetType().GetProperties().Where{
            $_.PropertyType -eq [string] -or -not [System.Collections.IEnumerable].IsAssignableFrom($_.PropertyType) -or $_.PropertyType.GenericTypeArguments.Where{ $_.IsEnum }
        }.Name
        ($report | Select-Object Row).PSObject.Properties.Name | Should -Be $flat
        $invariant = Use-Culture '' { $report | Select-Object Row | ConvertTo-Csv }
        foreach ($culture in 'de-DE', 'tr-TR', 'fa-IR') {
            Use-Culture $culture { $report | Select-Object Row | ConvertTo-Csv } | Should -Be $invariant -Because $culture
        }

        ($invariant | ConvertFrom-Csv).Duration | Should -Match '^\d+(\.\d+)?$'
    }

    It 'is the same after serialization: <_>' -ForEach 'TeardownTest', 'ServedConnection', 'ScenarioResult' {
        $once = Get-RoundTrip $reports[$_]
        $written = $reports[$_] | Select-Object Row | ConvertTo-Csv
        Use-Culture 'de-DE' { $once | Select-Object Row | ConvertTo-Csv } | Should -Be $written
        Use-Culture 'de-DE' { Get-RoundTrip $once | Select-Object Row | ConvertTo-Csv } | Should -Be $written
    }

    It 'has no type name in a cell: <_>' -ForEach 'TeardownTest', 'ServedConnection', 'ScenarioResult' {
        ($reports[$_] | ConvertTo-Csv)[-1] | Should -Not -Match 'System\.|BrokenPipeTools\.Reports'
    }

    It 'leaves no type name for the connections of a server' {
        ($server | ConvertTo-Csv | ConvertFrom-Csv).Connections | Should -Be "$($server.Connections[0])"
    }

    It 'names target, cause and connections in the text of a report' {
        { $reports.TeardownTest | Should -BeNullOrEmpty } | Should -Throw "*localhost:$($server.Port)*$($test.Cause)*"
        { $reports.ScenarioResult | Should -BeNullOrEmpty } | Should -Throw '*NormalClose: *expected cause NormalClose*'
    }
}

Describe 'A list in one cell' {
    It 'is its items: <_>' -ForEach 'Errors', 'Evidence', 'Alternatives', 'Events' {
        $record = $records | Where-Object $_ | Select-Object -First 1
        $cell = ($record | Select-Object $_ | ConvertTo-Csv | ConvertFrom-Csv).$_
        $cell | Should -Be (@($record.$_ | ForEach-Object { "$_" }) -join '; ')
        $cell | Should -Not -Match 'System\.|BrokenPipeTools\.'
    }
}

Describe 'A deserialized record' {
    It 'from Clixml has its enumerations, at depth <_>' -ForEach 1, 2, 4 {
        $back = Get-RoundTrip $records $_
        foreach ($property in 'State', 'ClosedBy', 'BrokenPipe', 'Cause', 'Confidence', 'CaptureQuality') {
            $back.$property | Should -Be $records.$property
            $back[0].$property | Should -BeOfType $records[0].$property.GetType()
        }

        @($back | Where-Object Confidence -GE Medium).Count | Should -Be @($records | Where-Object Confidence -GE Medium).Count
        @($back | Where-Object Confidence -GE High).Count | Should -BeLessThan @($back).Count
    }

    It 'from Clixml of objects from Clixml has its enumerations too' {
        $back = Get-RoundTrip (Get-RoundTrip (Get-RoundTrip $records))
        $enums = 'State', 'ClosedBy', 'BrokenPipe', 'Cause', 'Confidence', 'CaptureQuality'
        ($back | Select-Object $enums | ConvertTo-Csv) | Should -Be ($records | Select-Object $enums | ConvertTo-Csv)
        $back[0].State | Should -BeOfType $records[0].State.GetType()
        @($back | Where-Object State -EQ Reset).Count | Should -Be @($records | Where-Object State -EQ Reset).Count
        @($back | Where-Object State -EQ Reset).Count | Should -BeGreaterThan 0
        $back.Events.Flags | Should -Be $records.Events.Flags
        $back.Events[0].Flags | Should -BeOfType $records.Events[0].Flags.GetType()
    }

    It 'has the same Row, at depth <Depth> after <Times> times' -ForEach @(@{ Depth = 1; Times = 1 }, @{ Depth = 2; Times = 1 }, @{ Depth = 2; Times = 2 }) {
        $back = $records
        for ($i = 0; $i -lt $Times; $i++) { $back = Get-RoundTrip $back $Depth }
        Use-Culture 'de-DE' { $back | Select-Object Row | ConvertTo-Csv } | Should -Be ($records | Select-Object Row | ConvertTo-Csv)
        Use-Culture 'de-DE' { $back | Select-Object Row | ForEach-Object { $_ | ConvertTo-Json -Compress -EnumsAsStrings } } |
            Should -Be ($records | Select-Object Row | ForEach-Object { $_ | ConvertTo-Json -Compress -EnumsAsStrings })
        $back[0].StartTime | Should -BeOfType [datetime]
        $back[0].Duration | Should -BeOfType [double]
    }

    It 'keeps members that were added to a record' {
        $back = Get-RoundTrip (Get-RoundTrip ($records[0] | Select-Object -Property * | Add-Member -PassThru Site 'web1'))
        $back.Site | Should -Be 'web1'
        $added = Get-RoundTrip (Get-RoundTrip (Get-PcapConnectionClose -LiteralPath $records[0].Path | Select-Object -First 1 | Add-Member -PassThru Site 'web1'))
        $added.Site | Should -Be 'web1'
    }

    It 'has every enumeration: <_>' -ForEach 'Reports.ConnectionClose', 'Reports.Alternative', 'Reports.CloseEvent', 'Reports.SocketStep', 'Reports.TeardownTest', 'Reports.ScenarioResult', 'Reports.ServedConnection', 'Lab.ScenarioInfo', 'FaultServer.BrokenPipeServer' {
        $type = [BrokenPipeTools.Reports.ConnectionClose].Assembly.GetType("BrokenPipeTools.$_")
        $enums = $type.GetProperties().Where{ $_.PropertyType.IsEnum -or [Nullable]::GetUnderlyingType($_.PropertyType).IsEnum }.Name
        $enums | Should -Not -BeNullOrEmpty
        (Get-TypeData "Deserialized.BrokenPipeTools.$_").Members.Values.Where{ $_.GetType().Name -eq 'ScriptPropertyData' }.Name | Sort-Object | Should -Be ($enums | Sort-Object)
    }

    It 'has the enumerations of nested records too, flags included' {
        $back = Get-RoundTrip $records 4
        $back.Events.Kind | Should -Be $records.Events.Kind
        $back.Events.Flags | Should -Be $records.Events.Flags
        $back.Events[0].Flags | Should -BeOfType $records.Events[0].Flags.GetType()
        $back.Alternatives.Cause | Should -Be $records.Alternatives.Cause
    }

    It 'has them in a session that has imported the module and run no cmdlet' {
        $file = Join-Path $TestDrive 'fresh.xml'
        $records | Export-Clixml $file
        $script = "Import-Module '$root/BrokenPipeTools.psd1'; `$back = Import-Clixml '$file'; @(`$back | Where-Object Confidence -GE Medium).Count; @(`$back.Cause) -join ','"
        $answer = Invoke-PowerShell $script
        $answer | Should -Be @("$(@($records | Where-Object Confidence -GE Medium).Count)", (@($records.Cause) -join ','))
    }

    It 'from a job can be compared' {
        $manifest = "$root/BrokenPipeTools.psd1"
        $job = Start-ThreadJob { param($manifest, $files) Import-Module $manifest; Get-PcapConnectionClose -LiteralPath $files -WarningAction SilentlyContinue -ErrorAction SilentlyContinue } -ArgumentList $manifest, $capture
        $null = $job | Wait-Job -Timeout 120
        $fromThread = $job | Receive-Job
        $job | Remove-Job -Force
        @($fromThread | Where-Object Confidence -GE Medium).Count | Should -Be @($records | Where-Object Confidence -GE Medium).Count
        Use-Culture 'de-DE' { $fromThread | Select-Object Row | ConvertTo-Csv } | Should -Be ($records | Select-Object Row | ConvertTo-Csv)
        $serialized = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($records, 1))
        @($serialized | Where-Object Cause -EQ NormalClose).Count | Should -Be @($records | Where-Object Cause -EQ NormalClose).Count
        $serialized[0].Confidence -ge 'Low' | Should -BeTrue
    }
}

Describe 'Durations' {
    It 'are numbers of seconds' {
        foreach ($type in [BrokenPipeTools.Reports.ConnectionClose].Assembly.GetExportedTypes().Where{ $_.Namespace -eq 'BrokenPipeTools.Reports' }) {
            $type.GetProperties().Where{ $_.PropertyType -in [timespan], [Nullable[timespan]] } | Should -BeNullOrEmpty -Because $type.Name
        }
    }
}

Describe 'The text of a record' {
    It 'names endpoints, cause, file and frame' {
        $record = $records | Where-Object Evidence | Select-Object -First 1
        "$record" | Should -Be "[$($record.ClientAddress)]:$($record.ClientPort) > [$($record.ServerAddress)]:$($record.ServerPort) $($record.State), $($record.Cause) ($($record.Path), frame $($record.Evidence[0].Frame))"
        { $record | Should -BeNullOrEmpty } | Should -Throw "*$($record.Cause)*frame*"
    }
}

Describe 'The list views' {
    It 'follow the order in which a person reads: <_>' -ForEach 'ConnectionClose', 'TeardownTest', 'ScenarioResult' {
        $view = (Get-FormatData -TypeName "BrokenPipeTools.Reports.$_").FormatViewDefinition | Where-Object { $_.Control -is [System.Management.Automation.ListControl] }
        $labels = $view.Control.Entries[0].Items | ForEach-Object { if ($_.Label) { $_.Label } else { $_.DisplayEntry.Value } }
        $labels | Should -Be ([BrokenPipeTools.Reports.ReadingOrder]::$_)
        $labels | Sort-Object | Should -Be ([BrokenPipeTools.Reports.ConnectionClose].Assembly.GetType("BrokenPipeTools.Reports.$_").GetProperties().Name | Sort-Object)
    }
}
