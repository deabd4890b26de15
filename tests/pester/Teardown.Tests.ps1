# The active probe: its results for servers that close in every way, its arguments, its pipeline, its display.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    $command = 'BrokenPipeTools.Commands.TestTcpTeardownCommand'
    $maxWait = [timespan]'00:02:00'

    function Start-Probing([string] $Arguments) {
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$root/BrokenPipeTools.psd1'; Test-TcpTeardown $Arguments")
        $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $nothing = [System.Management.Automation.PSDataCollection[psobject]]::new()
        [pscustomobject] @{ Shell = $shell; Output = $output; Run = $shell.BeginInvoke($nothing, $output) }
    }
}

Describe 'A specification of a gateway' {
    BeforeAll {
        $server = Start-BrokenPipeServer IdleTimeout -IdleTimeoutSeconds 1
    }

# README.md shows this with a gateway of its own and 55 s; the last test of this file compares the two.
Describe 'Our gateway' {
    BeforeAll {
        $gateway = @{
            ComputerName = '127.0.0.1'
            Port = $server.Port
            HttpPath = '/health'
        }
        $idle = Test-TcpTeardown @gateway -Probe Idle -WaitSeconds 120
    }

    It 'closes idle connections with FIN' {
        $idle.Mechanism | Should -Be Fin -Because $idle.Explanation
    }

    It 'does not close them before 0.9 s' {
        $idle.ClosedAfter | Should -BeGreaterOrEqual 0.9
    }

    It 'answers a client that has finished sending' {
        $passed = Test-TcpTeardown @gateway -Probe HalfClose -Quiet
        $passed | Should -BeTrue
    }
}

    AfterAll {
        $server | Stop-BrokenPipeServer
    }
}

Describe 'Test-TcpTeardown' {
    AfterEach { Get-BrokenPipeServer | Stop-BrokenPipeServer }

    It 'recognizes <Behavior> by <Probe> over <Address>' -ForEach @(
        foreach ($address in '127.0.0.1', '::1') {
            @{ Address = $address; Behavior = 'CloseOnAccept'; Probe = 'PeerClose'; Told = 'Completed Reset Server Fin EOF WriteAfterPeerClose' }
            @{ Address = $address; Behavior = 'ResetAfterRequest'; Probe = 'PeerClose'; HttpPath = '/'; Told = 'Completed Reset Server ResetInReply ECONNRESET UnreadDataDiscarded' }
            @{ Address = $address; Behavior = 'NeverAnswer'; Probe = 'Idle'; Told = 'Completed Open None None  StillOpen' }
            @{ Address = $address; Behavior = 'NeverAnswer'; Probe = 'HalfClose'; Told = 'Completed Graceful Client Fin EOF NormalClose' }
            @{ Address = $address; Behavior = 'IdleTimeout'; Probe = 'Idle'; HttpPath = '/'; Told = 'Completed Graceful Server Fin EOF IdleTimeout' }
            @{ Address = $address; Behavior = 'HttpHtml'; Probe = 'UnreadClose'; HttpPath = '/'; Told = 'Completed Reset Client None  UnreadDataDiscarded' }
        }
    ) {
        $server = Start-BrokenPipeServer $Behavior -Address $Address -IdleTimeoutSeconds 0.5
        $sent = if ($HttpPath) { @{ HttpPath = $HttpPath } } else { @{} }
        $test = Test-TcpTeardown $Address $server.Port -Probe $Probe -WaitSeconds 1 @sent
        $test.GetType().FullName | Should -Be BrokenPipeTools.Reports.TeardownTest
        "$($test.Status) $($test.State) $($test.ClosedBy) $($test.Mechanism) $($test.ReadAfterClose) $($test.Cause)" | Should -Be $Told -Because "$($test.Steps -join "`n")"
        $test.Address | Should -Be $Address
    }

    It 'takes objects of any kind with the right properties, in any order of the columns' {
        $servers = 1..3 | ForEach-Object { Start-BrokenPipeServer CloseOnAccept }
        ($servers | Test-TcpTeardown).Port | Sort-Object | Should -Be ($servers.Port | Sort-Object)
        $servers | Select-Object @{ n = 'Port'; e = 'Port' }, @{ n = 'ComputerName'; e = { 'localhost' } } | Export-Csv "$TestDrive/targets.csv"
        $first = Import-Csv "$TestDrive/targets.csv" | Test-TcpTeardown -IPv4
        $first.ComputerName | Should -Be 'localhost', 'localhost', 'localhost'
        $first.Mechanism | Should -Be Fin, Fin, Fin
        $first | Export-Csv "$TestDrive/results.csv"
        $again = Import-Csv "$TestDrive/results.csv" | Select-Object ComputerName, Address, Port | Test-TcpTeardown -IPv4
        $again.ComputerName | Should -Be 'localhost', 'localhost', 'localhost'
        (@($first)[0] | ConvertTo-Json -Depth 3 | ConvertFrom-Json).Steps[0].Call | Should -BeLike 'connect(127.0.0.1:*'
    }

    It 'sends text as UTF-8 and bytes as they are: <Bytes>' -ForEach @(
        @{ Payload = 'größer'; Bytes = 8 }
        @{ Payload = [byte[]](0, 255, 13, 10); Bytes = 4 }
        @{ Payload = 1, 2, 0xff; Bytes = 3 }
        @{ Payload = '42'; Bytes = 2 }
    ) {
        $server = Start-BrokenPipeServer ResetAfterRequest
        $null = Test-TcpTeardown 127.0.0.1 $server.Port -Payload $Payload
        $server.WaitForEnded(1, $maxWait) | Should -BeTrue
        $server.Connections[0].BytesReceived | Should -Be $Bytes
    }

    It 'probes as often as -Count' {
        $server = Start-BrokenPipeServer CloseOnAccept
        $tests = Test-TcpTeardown 127.0.0.1 $server.Port -Probe PeerClose, HalfClose -Count 2 -Delay 0.01
        "$($tests | ForEach-Object { "$($_.Probe)$($_.Iteration)" })" | Should -Be 'PeerClose1 HalfClose1 PeerClose2 HalfClose2'
        $server.WaitForEnded(4, $maxWait) | Should -BeTrue
        $server.Accepted | Should -Be 4
    }

    It 'returns the idle limit for a pool that <Probe> measured, and the reason' -ForEach @(@{ Probe = 'Idle' }, @{ Probe = 'KeepAliveRace' }) {
        $server = Start-BrokenPipeServer IdleTimeout -IdleTimeoutSeconds 3
        $test = Test-TcpTeardown 127.0.0.1 $server.Port -Probe $Probe -HttpPath / -MaxRequests 3
        $test.SafeIdleSeconds | Should -BeLessThan $test.ClosedAfter
        $test.SafeIdleSeconds | Should -BeGreaterThan 0
        $test.Advice | Should -BeLike "Set the idle limit of the client's pool to at most $($test.SafeIdleSeconds.ToString([cultureinfo]::InvariantCulture)) s (*"
        ($test | Format-Table Pool | Out-String -Width 200) | Should -Match 'ClosedAfter +SafeIdleSeconds'
        ($test | Select-Object Row).SafeIdleSeconds.ToString() | Should -Be $test.SafeIdleSeconds.ToString([cultureinfo]::InvariantCulture)
    }

    It 'has no idle limit of a server that kept the connection, but the time that was safe' {
        $server = Start-BrokenPipeServer HttpHtml
        $test = Test-TcpTeardown 127.0.0.1 $server.Port -Probe Idle -HttpPath / -WaitSeconds 0.5
        $test.SafeIdleSeconds | Should -BeNullOrEmpty
        $test.Advice | Should -Match '^At least \d+ ms of idle time was safe'
    }

    It 'only connects with -Probe Connect: each address and attempt, nothing sent' {
        $server = Start-BrokenPipeServer NeverAnswer
        $tests = Test-TcpTeardown 127.0.0.1, ::1, nosuch.invalid $server.Port -Probe Connect -Count 2 -Delay 0 | Sort-Object ComputerName, Iteration
        "$($tests | ForEach-Object { "$($_.ComputerName) $($_.Iteration) $($_.Status) $($_.Error);" })" | Should -Be (
            '::1 1 NotConnected ECONNREFUSED; ::1 2 NotConnected ECONNREFUSED; 127.0.0.1 1 Completed ; 127.0.0.1 2 Completed ; nosuch.invalid 1 NameNotResolved HostNotFound;')
        $tests[2].ConnectTime | Should -BeGreaterThan 0
        $server.WaitForEnded(2, $maxWait) | Should -BeTrue
        $server.Connections.BytesReceived | Should -Be 0, 0
        Test-TcpTeardown 127.0.0.1 $server.Port -Probe Connect -Quiet | Should -BeTrue
        Test-TcpTeardown ::1 $server.Port -Probe Connect -Quiet | Should -BeFalse
        ($tests | Format-Table Connecting | Out-String -Width 200) | Should -Match 'Status +ConnectTime +Error'
        ($tests | Format-Table | Out-String -Width 200) | Should -Match 'connect ECONNREFUSED ::1'
    }

    It 'answers with -Quiet in the order of the targets' {
        $slow = Start-BrokenPipeServer IdleTimeout -IdleTimeoutSeconds 0.6
        $reset = Start-BrokenPipeServer ResetOnAccept
        $fast = Start-BrokenPipeServer CloseOnAccept
        $silent = Start-BrokenPipeServer NeverAnswer
        $answers = $slow, $reset, $fast, $silent | Test-TcpTeardown -Quiet -WaitSeconds 1.5
        $answers | Should -Be $true, $false, $true, $false
        $answers[0] | Should -BeOfType bool
        Test-TcpTeardown 127.0.0.1 $fast.Port, $reset.Port -Quiet | Should -Be $true, $false
        Test-TcpTeardown 127.0.0.1 $silent.Port -Quiet -Probe Idle, HalfClose -WaitSeconds 0.3 -Delay 0 | Should -BeTrue
    }

    It 'has results, no errors, for targets that cannot be reached' {
        $server = Start-BrokenPipeServer CloseOnAccept
        $server | Stop-BrokenPipeServer
        $refused = Test-TcpTeardown 127.0.0.1 $server.Port -ErrorAction Stop
        "$($refused.Status) $($refused.State) $($refused.Mechanism) $($refused.Cause) $($refused.Error)" | Should -Be 'NotConnected Refused Refused ConnectionRefused ECONNREFUSED'
        $unknown = Test-TcpTeardown nosuch.invalid 80 -TimeoutSeconds 120 -ErrorAction Stop
        $unknown.Status | Should -Be NameNotResolved
        $unknown.Address | Should -Be ''
        (Test-TcpTeardown ::1 $server.Port -IPv4 -ErrorAction Stop).Status | Should -Be NameNotResolved
    }

    It 'is <Id> if <What>, and nothing is sent' -ForEach @(
        @{ Id = 'TeardownOptionInvalid'; What = 'both IP versions are asked for alone'; Arguments = @{ IPv4 = $true; IPv6 = $true } }
        @{ Id = 'TeardownOptionInvalid'; What = 'a TLS name comes without TLS'; Arguments = @{ TlsName = 'example.org' } }
        @{ Id = 'TeardownOptionInvalid'; What = 'two things are to be sent'; Arguments = @{ HttpPath = '/'; Payload = 'x' } }
        @{ Id = 'TeardownOptionInvalid'; What = 'a path has no slash'; Arguments = @{ HttpPath = 'x' } }
        @{ Id = 'TeardownOptionInvalid'; What = 'a race has no request'; Arguments = @{ Probe = 'KeepAliveRace' } }
        @{ Id = 'TeardownOptionInvalid'; What = 'a connect alone is to send something'; Arguments = @{ Probe = 'Connect'; HttpPath = '/' } }
        @{ Id = 'TimerFileInvalid'; What = 'there is no such table'; Arguments = @{ TimerFile = 'nosuch.csv' } }
        @{ Id = 'ParameterArgumentValidationError'; What = 'there is no such probe'; Arguments = @{ Probe = 'Nonsense' } }
        @{ Id = 'ParameterArgumentValidationError'; What = 'a probe is a number'; Arguments = @{ Probe = 1 } }
        @{ Id = 'ParameterArgumentValidationError'; What = 'the port is none'; Arguments = @{ Port = 65536 } }
        @{ Id = 'ParameterArgumentValidationError'; What = 'it is to wait for ever'; Arguments = @{ WaitSeconds = [double]::PositiveInfinity } }
        @{ Id = 'ParameterArgumentValidationError'; What = 'it is to wait for no number'; Arguments = @{ WaitSeconds = [double]::NaN } }
        @{ Id = 'ParameterArgumentTransformationError'; What = 'the payload is lines'; Arguments = @{ Payload = 'a', 'b' } }
        @{ Id = 'ParameterArgumentTransformationError'; What = 'the payload is no bytes'; Arguments = @{ Payload = 1, 256 } }
    ) {
        $server = Start-BrokenPipeServer NeverAnswer
        $all = $Arguments.Clone()
        $all.Port ??= $server.Port
        { Test-TcpTeardown 127.0.0.1 @all } | Should -Throw -ErrorId "$Id,$command"
        $server.Accepted | Should -Be 0
    }

    It 'continues with the next if a name is not valid' {
        $server = Start-BrokenPipeServer CloseOnAccept
        $tests = 'http://example.org/', '127.0.0.1', ' ' | Test-TcpTeardown -Port $server.Port -ErrorVariable problems -ErrorAction SilentlyContinue
        $tests.Address | Should -Be 127.0.0.1
        $problems.FullyQualifiedErrorId | Should -Be "ComputerNameInvalid,$command", "ComputerNameInvalid,$command"
        "$($problems[0])" | Should -BeLike "'http://example.org/' is not a host name*-UseTls -HttpPath*"
    }

    It 'shows every call with -Verbose' {
        $server = Start-BrokenPipeServer CloseOnAccept -Address ::1
        $said = Test-TcpTeardown ::1 $server.Port -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        $said[0].Message | Should -Match "^\[::1\]:$($server.Port) PeerClose: +\d+\.\d{3} Client  connect\(\[::1\]:$($server.Port)\) = ok"
        "$said" | Should -BeLike '*recv = EOF*send(1) = EPIPE*'
    }

    It 'has the packets too, or the reason' {
        $server = Start-BrokenPipeServer CloseOnAccept
        $test = Test-TcpTeardown 127.0.0.1 $server.Port -Capture
        if ($test.Connection) {
            $test.Connection.Cause | Should -Be $test.Cause
            $test.Connection.ServerPort | Should -Be $server.Port
            $test.CaptureNote | Should -BeNullOrEmpty
        }
        else {
            $test.CaptureNote | Should -Not -BeIn 'not requested', ''
            Set-ItResult -Skipped -Because "it cannot be captured here: $($test.CaptureNote)"
        }
    }

    It 'probes 100 targets, at most 32 in parallel' {
        $server = Start-BrokenPipeServer IdleTimeout -IdleTimeoutSeconds 0.3
        $tests = , '127.0.0.1' * 100 | Test-TcpTeardown -Port $server.Port -Probe Idle -ThrottleLimit 32
        $tests.Count | Should -Be 100
        $tests.Cause | Sort-Object -Unique | Should -Be IdleTimeout
        $server.WaitForEnded(100, $maxWait) | Should -BeTrue
        $starts = @($server.Connections.StartTime | Sort-Object)
        $most = 0
        foreach ($connection in $server.Connections) {
            $most = [Math]::Max($most, @($server.Connections | Where-Object { $_.StartTime -le $connection.StartTime -and $_.StartTime.AddSeconds($_.Duration) -gt $connection.StartTime }).Count)
        }
        $most | Should -BeLessOrEqual 33 # the log's end of a connection is a moment after the client's
        $most | Should -BeGreaterThan 1
        $starts.Count | Should -Be 100
    }
}

Describe 'A probe that takes long' {
    AfterEach { Get-BrokenPipeServer | Stop-BrokenPipeServer }

    It 'writes the available results, shows the time left, and stops immediately with nothing left behind' {
        $silent = Start-BrokenPipeServer NeverAnswer
        $fast = Start-BrokenPipeServer CloseOnAccept
        $probing = Start-Probing "127.0.0.1 $($silent.Port), $($fast.Port) -WaitSeconds 600"
        Wait-Until { $probing.Output.Count -eq 1 }
        $probing.Output[0].Port | Should -Be $fast.Port
        $probing.Run.IsCompleted | Should -BeFalse
        Wait-Until { $probing.Shell.Streams.Progress | Where-Object Activity -EQ 'Probing how endpoints close' }
        $progress = $probing.Shell.Streams.Progress | Where-Object Activity -EQ 'Probing how endpoints close' | Select-Object -First 1
        $progress.StatusDescription | Should -Match '^1 of 2 targets, 1 probes running, at most \d+ s left$'
        $progress.PercentComplete | Should -Be 50
        $progress.SecondsRemaining | Should -BeIn (1..605)
        Stop-Run $probing.Shell
        $probing.Shell.Streams.Error | Should -BeNullOrEmpty
        $silent.WaitForEnded(1, $maxWait) | Should -BeTrue
        $silent.Connections[0].Ending | Should -Be ClosedByClient
        $probing.Shell.Dispose()
    }

    It 'of one target shows its time' {
        $silent = Start-BrokenPipeServer NeverAnswer
        $probing = Start-Probing "localhost $($silent.Port) -Probe Idle -WaitSeconds 600"
        Wait-Until { $probing.Shell.Streams.Progress | Where-Object Activity -EQ 'Probing how endpoints close' }
        $progress = $probing.Shell.Streams.Progress | Where-Object Activity -EQ 'Probing how endpoints close' | Select-Object -First 1
        $progress.StatusDescription | Should -Match "^localhost:$($silent.Port) Idle: \d+ s, at most \d+ s left$"
        $probing.Shell.Stop()
        $probing.Shell.Dispose()
    }

    It 'stops when the consumer needs no more objects' {
        $silent = Start-BrokenPipeServer NeverAnswer
        $fast = Start-BrokenPipeServer CloseOnAccept
        $first = Test-TcpTeardown 127.0.0.1 $silent.Port, $fast.Port -WaitSeconds 600 | Select-Object -First 1
        $first.Port | Should -Be $fast.Port
        $silent.WaitForEnded(1, $maxWait) | Should -BeTrue
    }

    It 'removes the progress bar, and shows none if it is short' {
        $server = Start-BrokenPipeServer IdleTimeout -IdleTimeoutSeconds 1.8
        foreach ($arguments in "127.0.0.1 $($server.Port)", "127.0.0.1 $((Start-BrokenPipeServer CloseOnAccept).Port)") {
            $probing = Start-Probing $arguments
            $null = Receive-Run $probing.Shell $probing.Run
            $shown = @($probing.Shell.Streams.Progress | Where-Object Activity -EQ 'Probing how endpoints close')
            "$(($shown | Select-Object -Last 1).RecordType)" | Should -Be ($arguments -like "* $($server.Port)" ? 'Completed' : '')
            $probing.Shell.Dispose()
        }
    }
}

Describe 'The displayed output of a probe' {
    AfterEach { Get-BrokenPipeServer | Stop-BrokenPipeServer }

    It 'completes probes with their sentences, in a list too' {
        (Complete 'Test-TcpTeardown x 1 -Probe ').CompletionText | Should -Be PeerClose, HalfClose, Idle, UnreadClose, KeepAliveRace, Connect
        $found = Complete 'Test-TcpTeardown x 1 -Probe Idle,half'
        $found.CompletionText | Should -Be HalfClose
        $found.ToolTip | Should -BeLike 'Sends the payload, then FIN*'
        (Complete 'Test-TcpT').CompletionText | Should -Be 'Test-TcpTeardown'
        (Complete 'Test-TcpTeardown x 1 | Where-Object Mech').CompletionText | Should -Be Mechanism
    }

    It 'has a table that fits 80 columns, and one that fits 120' {
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
        try {
            $server = Start-BrokenPipeServer CloseOnAccept
            $tests = @(Test-TcpTeardown 127.0.0.1 $server.Port) + (Test-TcpTeardown nosuch.invalid 80)
            $tables = 80, 120 | ForEach-Object { $tests | Format-Table | Out-String -Width $_ }
        }
        finally {
            $PSStyle.OutputRendering = $rendering
        }
        $tables[0] | Should -Match '(?m)^Target +Probe +Mechanism +After Cause\s*$'
        $tables[0] | Should -Match "(?m)^127\.0\.0\.1:$($server.Port) +PeerClose +Fin +\d\.\d+ WriteAfterPeerClose\s*$"
        $tables[0] | Should -Match '(?m)^nosuch\.invalid:80 +PeerClose +None +NameNotResolved\s*$'
        $tables[1] | Should -Match '(?m) State +Read, Write, Write\s*$'
        $tables[1] | Should -Match '(?m) Reset +EOF, ok, EPIPE\s*$'
    }

    It 'marks in the list the calls that decide, and is the same from another machine' {
        $server = Start-BrokenPipeServer CloseOnAccept
        $test = Test-TcpTeardown 127.0.0.1 $server.Port
        $list = $test | Format-List | Out-String -Width 200
        $list | Should -Match '(?m)^ +> +\d+\.\d{3} Client  recv = EOF'
        $list | Should -Match '(?m)Steps +:.* {4}\d+\.\d{3} Client  connect\('
        $back = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($test, 1))
        $back | Format-Table | Out-String -Width 200 | Should -Be ($test | Format-Table | Out-String -Width 200)
        $back | Format-List | Out-String -Width 200 | Should -Be $list
        ($test | Format-Table Calls | Out-String -Width 200) | Should -Match 'FirstWriteAfterClose'
    }

    It 'shows in the help the real output of the examples' -Skip:(-not $IsLinux) {
        $plain = { ($args[0] -split '\r?\n' | ForEach-Object TrimEnd | Where-Object Length) -replace ':\d+\)', ':PORT)' -replace '(?<= : )\d+\.\d+(?=$|\n)', '#' -replace '(?<= )\d+(\.\d+)?(?= s )', '#' <# a busy machine is late #> -replace ' +', ' ' -replace '^ ' }
        $examples = (Get-Help Test-TcpTeardown).examples.example
        $examples.Count | Should -BeGreaterOrEqual 3
        foreach ($example in $examples) {
            $rendering = $PSStyle.OutputRendering
            $PSStyle.OutputRendering = 'PlainText'
            try {
                $written = & ([scriptblock]::Create($example.code)) | Out-String -Width 110
            }
            finally {
                $PSStyle.OutputRendering = $rendering
            }
            & $plain $written | Should -Be (& $plain $example.remarks[0].Text) -Because $example.title
        }
    }

    It 'explains every parameter' {
        $own = (Get-Command Test-TcpTeardown).Parameters.Keys | Where-Object { $_ -notin [System.Management.Automation.PSCmdlet]::CommonParameters }
        foreach ($name in $own) {
            (Get-Help Test-TcpTeardown -Parameter $name).description.Text | Should -Not -BeNullOrEmpty
        }
    }

    It 'is in the help topic as it stands at the top of this file' {
        $spec = Get-Content -Raw "$root/tests/pester/Teardown.Tests.ps1"
        $from = $spec.IndexOf("Describe 'Our gateway'")
        $example = $spec.Substring($from, $spec.IndexOf("`n}", $from) + 2 - $from)
        $example = $example.Replace("'127.0.0.1'", "'gateway.example.net'").Replace('$server.Port', '80').Replace('0.9', '55')
        $topic = (Get-Content "$root/en-US/about_BrokenPipeTools_Probe.help.txt") -replace '^ {8}' -join "`n"
        $topic.Contains($example) | Should -BeTrue
    }
}
