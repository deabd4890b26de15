# The displayed output: tables, lists, help, completion, verbose output.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    $record = Get-PcapConnectionClose "$root/tests/captures/write-after-peer-close.pcapng"
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'

    function Show([object] $Formatted, [int] $Width) {
        ($Formatted | Out-String -Width $Width) -split '\r?\n' | ForEach-Object TrimEnd
    }

    function Complete([string] $Text) {
        [System.Management.Automation.CommandCompletion]::CompleteInput($Text, $Text.Length, $null).CompletionMatches.CompletionText
    }
}

AfterAll { $PSStyle.OutputRendering = $rendering }

Describe 'The table' {
    It 'is grouped by capture' {
        (Show $record 120) -match '^   Path: ' | Should -Be "   Path: $($record.Path)"
    }

    It 'has its columns at <Width>: <Columns>' -ForEach @(
        @{ Width = 80; Columns = 'Stream Client Server State ClosedBy Cause' }
        @{ Width = 120; Columns = 'Stream Client Server State ClosedBy Cause Idle Sequence' }
        @{ Width = 200; Columns = 'Stream Client Server State ClosedBy Cause Idle Sequence Confidence Packets Seconds Sent Received StartTime' }
    ) {
        $lines = Show $record $Width
        ($lines -match '^Stream') -replace ' +', ' ' | Should -Be $Columns
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $Width
    }

    It 'shows the cause and the closing uncut at 120' {
        (Show $record 120) -match '127.0.0.1:40202' |
            Should -Be '     0 127.0.0.1:40202  127.0.0.1:5432  Reset      Server   WriteAfterPeerClose  0.500272 S:FIN C:ACK C:DATA(9) S:RST'
    }

    It 'paints states through $PSStyle' {
        $PSStyle.OutputRendering = 'Ansi'
        $painted = $record | Out-String -Width 80
        $PSStyle.OutputRendering = 'PlainText'
        $painted.Contains("$($PSStyle.Foreground.Red)Reset$($PSStyle.Reset)") | Should -BeTrue
        ($record | Out-String -Width 80).Contains([char] 27) | Should -BeFalse
    }

    It 'is the same for a record from another machine' {
        $back = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($record, 1))
        Show $back 120 | Should -Be (Show $record 120)
        Show ($back | Format-List) 200 | Should -Be (Show ($record | Format-List) 200)
    }

    It 'of a ladder shows the events with their notes' {
        $lines = Show $record.Events 120
        ($lines -match '^ +Frame') -replace ' +', ' ' | Should -Be ' Frame Time Side Flags Seq Ack Length Count Note Window TTL IP ID'
        $lines -match '^ +11 ' | Should -BeLike '*Server Rst *probably no socket*'
    }
}

Describe 'The list' {
    It 'shows every property, and the ladder with one event per line' {
        $lines = Show ($record | Format-List) 240
        $labels = $lines | Where-Object { $_ -match '^(\w+) +: ?' } | ForEach-Object { $Matches[1] }
        $labels | Should -Be ([BrokenPipeTools.Reports.ReadingOrder]::ConnectionClose)
        $start = $lines.IndexOf(($lines -match '^Events ')[0])
        $rungs = $lines[$start..($start + 3)] -replace '^(Events +: | +)', ''
        $rungs -replace '^[> ] ' -replace '  <- .*' | Should -Be @($record.Events | ForEach-Object ToString)
    }

    It 'marks the events that decide the cause, with their evidence' {
        $lines = Show ($record | Format-List) 240
        foreach ($evidence in $record.Evidence) {
            @($lines -match "> #$($evidence.Frame) .*  <- $($evidence.Shows)$").Count | Should -Be 1
        }
        @($lines -match '  <- ').Count | Should -Be $record.Evidence.Count
        @($lines -match '   #9 .*Client \[Ack\]').Count | Should -Be 1
    }

    It 'has a line for each side''s errors, each frame of evidence and each alternative' {
        $lines = Show ($record | Format-List) 400
        foreach ($one in $record.Errors + $record.Evidence + $record.Alternatives) {
            @($lines | Where-Object { $_.EndsWith(" $one") }).Count | Should -Be 1
        }
    }

    It 'has small numbers without exponents' {
        $small = (Get-PcapConnectionClose "$root/tests/captures/refused-connect.pcap")[1]
        Show ($small | Format-List) 120 -match '^MaxGap' | Should -Contain 'MaxGap                 : 0.000039'
    }
}

Describe 'The details of a diagnosis' {
    It 'are tables that cut nothing' {
        $evidence = Show $record.Evidence 80
        @($evidence -match '^ +8 10:01:18\.841816 closed$').Count | Should -Be 1
        $errors = (Show $record.Errors 80) -match '^Client Linux'
        $errors | Should -Be 'Client Linux    EOF, EOF, EOF                EPIPE, EPIPE, EPIPE'
        foreach ($lines in (Show $record.Alternatives 80), (Show $record.Errors 80), $evidence) {
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
            "$lines" | Should -Not -Match '…'
        }
    }
}

Describe 'Every table' {
    BeforeAll {
        $server = Start-BrokenPipeServer ResetAfterRequest
        { Invoke-WebRequest "$($server.Uri)orders/a/long/one?with=a&query=string" } | Should -Throw
        $null = $server.WaitForEnded(1, '00:02:00')
        $result = Invoke-BrokenPipeScenario NormalClose
        $outputs = @{
            'connections' = Get-PcapConnectionClose "$root/tests/captures/*.pcap*"
            'interfaces'  = Get-PcapInterface
            'scenarios'   = Get-BrokenPipeScenario
            'results'     = $result
            'steps'       = $result.Steps
            'servers'     = $server
            'log entries' = $server.Connections
            'rungs'       = $record.Events
            'errors'      = $record.Errors
        }
    }

    AfterAll { $server | Stop-BrokenPipeServer }

    It 'of <Name> fits <Width> columns, and is plain if colors are off' -ForEach @(
        foreach ($name in 'connections', 'interfaces', 'scenarios', 'results', 'steps', 'servers', 'log entries', 'rungs', 'errors') {
            foreach ($width in 80, 120) {
                @{ Name = $name; Width = $width }
            }
        }
    ) {
        $lines = Show ($outputs[$Name] | Format-Table) $Width
        # The line above the columns that names the capture is as long as its name.
        $table = $lines -notmatch '^ +Path: '
        ($table | Measure-Object Length -Maximum).Maximum | Should -BeGreaterThan 30
        ($table | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $Width
        "$lines" | Should -Not -Match "`e"
    }

    It 'of a log shows a whole request line at 80' {
        $short = Start-BrokenPipeServer CloseAfterRequest
        { Invoke-WebRequest "$($short.Uri)orders" } | Should -Throw
        $null = $short.WaitForEnded(1, '00:02:00')
        # One per attempt: the client retries if a connection closes without an answer.
        Show $short.Connections 80 | Where-Object { $_ -match 'GET /orders HTTP/1\.1$' } | Should -HaveCount $short.Connections.Count
        $short | Stop-BrokenPipeServer
    }
}

Describe 'Sorting without a property' {
    It 'puts connections in the order of their captures, and there of their beginning' {
        $all = Get-PcapConnectionClose "$root/tests/captures/*.pcap*"
        $shuffled = $all[3, 1, 4, 0, 2]
        $sorted = $shuffled | Sort-Object
        $sorted | ForEach-Object { "$($_.Path) $($_.Stream)" } | Should -Be @($all | ForEach-Object { "$($_.Path) $($_.Stream)" })
        [array]::Sort($shuffled)
        $shuffled.Stream | Should -Be $sorted.Stream
        $all[2] -lt $all[3] | Should -BeTrue
        ($all + $all | Sort-Object -Unique).Count | Should -Be $all.Count
    }

    It 'puts <_> in the order of their frames' -ForEach 'Events', 'Evidence' {
        $wanted = $record.$_.Frame
        $mixed = $record.$_ | Sort-Object { Get-Random }
        ($mixed | Sort-Object).Frame | Should -Be $wanted
        [array]::Sort($mixed)
        $mixed.Frame | Should -Be $wanted
    }
}

Describe 'The topic on causes' {
    It 'is found by name and explains the cause of a record' {
        $topic = Get-Help about_BrokenPipeTools_Causes | Out-String
        $topic | Should -BeLike '*WriteAfterPeerClose*'
        ($topic -replace '\s+', ' ').Contains($record.Advice) | Should -BeTrue
    }
}

Describe 'The other topics' {
    It 'are found by name: <_>' -ForEach (Get-ChildItem "$PSScriptRoot/../../en-US/about_*.help.txt").Name.Replace('.help.txt', '') {
        Get-Help $_ | Out-String | Should -BeLike "*$_*SHORT DESCRIPTION*SEE ALSO*"
    }

    It 'lead to a first answer in lines that work' {
        $topic = Get-Help about_BrokenPipeTools | Out-String
        $topic -match '(?s)TEN LINES TO THE FIRST ANSWER\r?\n(?<lines>.*?)\r?\n\r?\n' | Should -BeTrue
        # The module is loaded already, the gateway is somebody's, the clipboard and half a minute of an interface are for people.
        $lines = $Matches.lines -split '\r?\n' | ForEach-Object Trim | Where-Object { $_ -notmatch '^#|^Import-Module|^Test-TcpTeardown gateway|^Get-Clipboard|-InterfaceName' }
        $lines.Count | Should -Be 3
        $folder = (New-Item -ItemType Directory "$TestDrive/first").FullName
        Copy-Item "$root/tests/captures/write-after-peer-close.pcapng" "$folder/capture.pcapng"
        Push-Location $folder
        try {
            foreach ($line in $lines) {
                $shown = [scriptblock]::Create("`$ErrorActionPreference = 'Stop'; $line").Invoke() | Out-String
                $shown | Should -Not -BeNullOrEmpty -Because $line
            }
        }
        finally {
            Pop-Location
        }
    }
}

Describe '-Verbose' {
    It 'reports the outcome of the frames of each capture' {
        $path = $record.Path
        $lines = Get-PcapConnectionClose $path -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        "$lines" | Should -Be "$path`: 11 frames, 11 TCP segments"
    }
}

Describe 'Help' {
    BeforeAll { $help = Get-Help Get-PcapConnectionClose -Full }

    It 'has a synopsis of its own' { $help.Synopsis | Should -BeLike 'Reports how and why each TCP connection*' }

    It 'has three examples or more, each with its output' {
        $help.examples.example.Count | Should -BeGreaterOrEqual 3
        foreach ($example in $help.examples.example) {
            @($example.remarks | Where-Object Text).Count | Should -BeGreaterOrEqual 2
        }
    }

    It 'and the README show the output of their commands' -Skip:$IsWindows {
        & "$PSScriptRoot/Update-Outputs.ps1" -Check | ForEach-Object { "$($_.Path):$($_.Line): $($_.Command) writes`n$($_.Recorded)" } | Should -BeNullOrEmpty
    }

    It 'of the README shows the frames that decide as Format-List does' {
        $readme = (Get-Content "$root/README.md" | ForEach-Object TrimEnd) -join "`n"
        $list = Show ($record | Format-List) 130
        $ladder = $list[$list.IndexOf(($list -match '^Evidence ')[0])..($list.IndexOf(($list -match '^Errors ')[0]) - 1)] | Where-Object Length
        $readme.Contains($ladder -join "`n") | Should -BeTrue
    }

    It 'explains every parameter' {
        $own = (Get-Command Get-PcapConnectionClose).Parameters.Keys | Where-Object { $_ -notin [System.Management.Automation.PSCmdlet]::CommonParameters }
        foreach ($name in $own) {
            (Get-Help Get-PcapConnectionClose -Parameter $name).description.Text | Should -Not -BeNullOrEmpty
        }
    }
}

Describe 'Completion' {
    It 'completes the command' { Complete 'Get-PcapC' | Should -Be 'Get-PcapConnectionClose' }

    It 'completes the parameters' {
        Complete 'Get-PcapConnectionClose -' | Select-Object -First 24 |
            Should -Be '-Path', '-LiteralPath', '-Continuous', '-InputObject', '-InterfaceName', '-Duration', '-CaptureFilter', '-NetworkNamespace', '-CapturePath', '-Force', '-MaxConnections', '-Linger', '-LocalAddress', '-TimerFile', '-IncludePacket', '-Address', '-Port', '-State', '-Cause', '-After', '-Before', '-Contains', '-FromText', '-Text'
    }

    It 'completes processes, the namespaces of others, and addresses, with a tooltip' {
        $own = [System.Diagnostics.Process]::GetCurrentProcess()
        function Find([string] $Text) {
            [System.Management.Automation.CommandCompletion]::CompleteInput($Text, $Text.Length, $null).CompletionMatches
        }
        foreach ($command in 'Trace-BrokenPipe', 'Get-TcpSocket') {
            (Find "$command -ProcessId $PID" | Where-Object CompletionText -EQ "$PID").ToolTip | Should -Be $own.ProcessName
        }
        (Find "Trace-BrokenPipe -ProcessName $($own.ProcessName)" | Where-Object CompletionText -EQ $own.ProcessName).ToolTip | Should -Match '\d'
        (Find 'Start-BrokenPipeServer HttpJson -Address ').CompletionText | Should -Contain '127.0.0.1'
        (Find 'Get-PcapConnectionClose x -LocalAddress 127.')[0].CompletionText | Should -Be '127.0.0.1'
    }

    It 'quotes the name of a program that is not one word' -Skip:(-not $IsLinux) {
        Copy-Item (Get-Command sleep -CommandType Application)[0].Source "$TestDrive/-it's; odd"
        $odd = [System.Diagnostics.Process]::Start("$TestDrive/-it's; odd", '300')
        try {
            $deadline = [datetime]::UtcNow.AddSeconds(60)
            while ($odd.ProcessName -ne "-it's; odd" -and [datetime]::UtcNow -lt $deadline) {
                Start-Sleep -Milliseconds 20
                $odd.Refresh()
            }
            Complete 'Trace-BrokenPipe -ProcessName ' | Should -Contain "'-it''s; odd'"
            Complete "Trace-BrokenPipe -ProcessName '-it" | Should -Contain "'-it''s; odd'"
        }
        finally {
            $odd.Kill()
            $odd.Dispose()
        }
    }

    It 'completes network namespaces, for each command' -Skip:(-not ($IsLinux -and (id -u) -eq 0 -and (Get-Command unshare -ErrorAction Ignore))) {
        $start = [System.Diagnostics.ProcessStartInfo]::new('unshare', [string[]] ('--net', 'sleep', '300'))
        $other = [System.Diagnostics.Process]::Start($start)
        try {
            while ((Get-Item "/proc/$($other.Id)/ns/net").Target -eq (Get-Item '/proc/self/ns/net').Target) {
                Start-Sleep -Milliseconds 20
            }
            foreach ($command in 'Get-PcapConnectionClose -InterfaceName lo', 'Get-TcpAbortCounter', 'Get-TcpSocket', 'Trace-BrokenPipe') {
                Complete "$command -NetworkNamespace $($other.Id)" | Should -Contain "$($other.Id)"
                Complete "$command -NetworkNamespace $PID" | Should -Not -Contain "$PID" -Because 'it is the own namespace'
            }
        }
        finally {
            $other.Kill()
            $other.Dispose()
        }
    }

    It 'completes the causes, with their summaries' {
        $text = 'Get-PcapConnectionClose x -Cause NormalClose, write'
        $found = [System.Management.Automation.CommandCompletion]::CompleteInput($text, $text.Length, $null).CompletionMatches
        $found.CompletionText | Should -Be 'WriteAfterPeerClose'
        $found.ToolTip | Should -BeLike '*the classic broken pipe*'
        Complete 'Get-PcapConnectionClose x -Cause ' | Sort-Object | Should -Be ([enum]::GetNames([BrokenPipeTools.Diagnosis.Cause]) | Sort-Object)
    }

    It 'completes the files' {
        Push-Location "$root/tests/captures"
        try {
            Complete 'Get-PcapConnectionClose grace' | Should -BeLike '*graceful-close.pcap'
        }
        finally {
            Pop-Location
        }
    }

    It 'completes the properties of the output' {
        Complete 'Get-PcapConnectionClose x | Where-Object IdleB' | Should -Be 'IdleBeforeClose'
    }
}
