# The misbehaving server: the results of a client, the log, start and stop.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    $start = 'BrokenPipeTools.Commands.StartBrokenPipeServerCommand'
    $maxWait = [timespan]'00:02:00'

    # The client under test.
    function Invoke-WithRetry([scriptblock] $Request) {
        for ($try = 1; ; $try++) {
            try { return & $Request } catch { if ($try -eq 20) { throw } }
            Start-Sleep -Milliseconds 100
        }
    }

    # Runs a script in another process, whose input and output the caller has.
    function Start-PowerShell([string] $Script) {
        $program, $arguments = @(Get-RunningPowerShell) + '-NoProfile', '-NonInteractive', '-Command', $Script
        $info = [System.Diagnostics.ProcessStartInfo]::new($program, [string[]] $arguments)
        $info.RedirectStandardInput = $info.RedirectStandardOutput = $true
        [System.Diagnostics.Process]::Start($info)
    }
}

# README.md shows this as it stands here; the last test of this file compares the two.
Describe 'A client whose server resets' {
    BeforeAll {
        $server = Start-BrokenPipeServer ResetAfterRequest
    }

    It 'fails, and does not ask twice' {
        $problem = { Invoke-WebRequest "$($server.Uri)orders" } | Should -Throw -PassThru
        $problem.Exception.GetBaseException().SocketErrorCode | Should -Be ConnectionReset
        $server.Connections.Count | Should -Be 1
        $server.Connections[0].RequestLine | Should -Be 'GET /orders HTTP/1.1'
        $server.Connections[0].Ending | Should -Be ResetByServer
    }

    AfterAll {
        $server | Stop-BrokenPipeServer
    }
}

# README.md shows this, too.
Describe 'A client that retries' {
    It 'asks again after a reset and a refusal, and no more than that' {
        $server = Start-BrokenPipeServer ResetAfterRequest, Refuse, HttpJson -OutageSeconds 0.5
        $answer = Invoke-WithRetry { Invoke-RestMethod "$($server.Uri)orders" }
        $answer.behavior | Should -Be HttpJson
        $server.Connections.Behavior | Should -Be ResetAfterRequest, Refuse, HttpJson
    }
}

Describe 'A sequence of behaviors' {
    AfterEach { Get-BrokenPipeServer | Stop-BrokenPipeServer }

    It 'is used per connection, and the last behavior repeats' {
        $server = Start-BrokenPipeServer ResetAfterRequest, CloseAfterRequest, HttpJson
        $server.Behavior | Should -Be ResetAfterRequest
        { Invoke-RestMethod $server.Uri } | Should -Throw
        $server.Behavior | Should -Not -Be ResetAfterRequest
        (Invoke-WithRetry { Invoke-RestMethod $server.Uri }).behavior | Should -Be HttpJson
        (Invoke-RestMethod $server.Uri).behavior | Should -Be HttpJson
        $server.Behaviors | Should -Be ResetAfterRequest, CloseAfterRequest, HttpJson
        "$server" | Should -BeLike 'ResetAfterRequest, CloseAfterRequest, HttpJson on 127.0.0.1:*'
    }

    It 'is used per request, and in a loop' {
        $server = Start-BrokenPipeServer HttpJson, HttpHtml -Per request -Loop
        $session = [Microsoft.PowerShell.Commands.WebRequestSession]::new()
        1..4 | ForEach-Object { $null = Invoke-WebRequest $server.Uri -WebSession $session }
        $server.Connections.Count | Should -Be 1
        $server.Connections[0].Behaviors | Should -Be HttpJson, HttpHtml, HttpJson, HttpHtml
    }

    It 'is random, and the same with the same seed: <Seed>' -ForEach @{ Seed = 7 }, @{ Seed = -5 } {
        $runs = foreach ($run in 1, 2) {
            $server = Start-BrokenPipeServer ResetAfterRequest, HttpJson -Probability 0.4 -Seed $Seed
            $server.Seed | Should -Be $Seed
            -join (1..12 | ForEach-Object { try { $null = Invoke-RestMethod $server.Uri -DisableKeepAlive; '.' } catch { 'R' } })
        }
        $runs[0] | Should -Match R
        $runs[0] | Should -Match '\.'
        $runs[1] | Should -Be $runs[0]
    }

    It 'shows the seed of the random choices' {
        $said = Start-BrokenPipeServer ResetAfterRequest, HttpJson -Probability 0.4 -Verbose 4>&1
        "$said" | Should -Match "-Seed $((Get-BrokenPipeServer).Seed) repeats this run"
    }

    It 'is <Id> if <What>' -ForEach @(
        @{ Id = 'ServerOptionInvalid'; Names = '-Probability'; What = 'chance has no usual behavior'; With = @{ Behavior = 'HttpJson'; Probability = 0.5 } }
        @{ Id = 'ServerOptionInvalid'; Names = '-Per'; What = 'a request cannot meet it'; With = @{ Behavior = 'Refuse', 'HttpJson'; Per = 'Request' } }
        @{ Id = 'ServerOptionInvalid'; Names = '-UseTls'; What = 'there is no TLS'; With = @{ Behavior = 'ResetDuringHandshake' } }
        @{ Id = 'ServerOptionInvalid'; Names = '-NoCloseNotify', '-UseTls'; What = 'only TLS has close_notify'; With = @{ Behavior = 'HttpJson'; NoCloseNotify = $true } }
        @{ Id = 'ServerOptionInvalid'; Names = '-CertificateKeyPath', '-CertificatePath'; What = 'there is a key without a certificate'; With = @{ Behavior = 'HttpJson'; CertificateKeyPath = 'x' } }
        @{ Id = 'ServerOptionInvalid'; Names = '-Upstream'; What = 'there is no upstream server'; With = @{ Behavior = 'Forward' } }
        @{ Id = 'ServerOptionInvalid'; Names = '-AfterBytes', '-AfterRequests', '-AfterSeconds'; What = 'there is no limit'; With = @{ Behavior = 'ForwardThenReset'; Upstream = 'localhost:80' } }
        @{ Id = 'ServerOptionInvalid'; Names = '-AfterSeconds'; What = 'nothing fails after the limit'; With = @{ Behavior = 'HttpJson'; AfterSeconds = 1 } }
        @{ Id = 'ServerOptionInvalid'; Names = '-UnixSocketPath'; What = 'a path is given for TCP'; With = @{ Behavior = 'HttpJson'; UnixSocketPath = 'x' } }
    ) {
        Start-BrokenPipeServer @With -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -Be "$Id,$start"
        foreach ($name in $Names) {
            "$($problems[0])" | Should -Match "$name\b"
            (Get-Command Start-BrokenPipeServer).Parameters.Keys | Should -Contain $name.TrimStart('-')
        }
    }

    It 'completes each behavior, and the other values' {
        (Complete 'Start-BrokenPipeServer Refuse, HttpJ').CompletionText | Should -Be HttpJson
        (Complete 'Start-BrokenPipeServer HttpJson -Per ').CompletionText | Should -Be Connection, Request
        (Complete 'Start-BrokenPipeServer Forward -Toward ').CompletionText | Should -Be Client, Upstream, Both
    }
}

Describe 'TLS' {
    AfterEach { Get-BrokenPipeServer | Stop-BrokenPipeServer }

    It 'has a certificate that a client can trust' {
        $server = Start-BrokenPipeServer HttpJson -UseTls
        { Invoke-RestMethod $server.Uri } | Should -Throw
        (Invoke-RestMethod $server.Uri -SkipCertificateCheck).behavior | Should -Be HttpJson
        $server.Certificate.MatchesHostname('localhost') | Should -BeTrue
        $null = $server.WaitForEnded(2, $maxWait)
        $server.Connections[0].Requests | Should -Be 0
        $server.Connections[1].Tls | Should -BeLike 'Tls1*'
    }

    It 'reads a certificate from a file, or takes it as an object' {
        $key = [System.Security.Cryptography.ECDsa]::Create()
        $from = [DateTimeOffset]::UtcNow
        $own = [System.Security.Cryptography.X509Certificates.CertificateRequest]::new('CN=own.test', $key, 'SHA256').CreateSelfSigned($from.AddDays(-1), $from.AddDays(1))
        $own.ExportCertificatePem() + "`n" + $key.ExportPkcs8PrivateKeyPem() > "$TestDrive/own.pem"
        $own.ExportCertificatePem() > "$TestDrive/cert.pem"
        $key.ExportPkcs8PrivateKeyPem() > "$TestDrive/key.pem"
        $servers = @(
            Start-BrokenPipeServer HttpJson -CertificatePath "$TestDrive/own.pem"
            Start-BrokenPipeServer HttpJson -CertificatePath TestDrive:/cert.pem -CertificateKeyPath TestDrive:/key.pem
            Start-BrokenPipeServer HttpJson -Certificate $own
        )
        $servers.Certificate.Subject | Should -Be 'CN=own.test', 'CN=own.test', 'CN=own.test'
        $servers | ForEach-Object { (Invoke-RestMethod $_.Uri -SkipCertificateCheck).behavior | Should -Be HttpJson }
        Start-BrokenPipeServer HttpJson -CertificatePath "$TestDrive/cert.pem" -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -Be "CertificateInvalid,$start"
        "$($problems[0])" | Should -BeLike '*cert.pem: it has no private key; name the key''s file with -CertificateKeyPath'
        { Start-BrokenPipeServer HttpJson -Certificate "$TestDrive/own.pem" } | Should -Throw '*a file is read with -CertificatePath*'
    }

    It 'is closed with close_notify, or without: <NoCloseNotify>' -ForEach @{ NoCloseNotify = $false }, @{ NoCloseNotify = $true } {
        $server = Start-BrokenPipeServer CloseAfterRequest -UseTls -NoCloseNotify:$NoCloseNotify
        ($server | Test-TcpTeardown -UseTls -HttpPath / -WaitSeconds 10).TlsCloseNotify | Should -Be (-not $NoCloseNotify)
    }
}

Describe 'In front of another server' {
    AfterEach { Get-BrokenPipeServer | Stop-BrokenPipeServer }

    It 'fails once, and forwards later connections' {
        $upstream = Start-BrokenPipeServer HttpJson
        $server = Start-BrokenPipeServer ForwardThenReset, Forward -Upstream $upstream.EndPoint -AfterBytes 40
        { Invoke-RestMethod $server.Uri } | Should -Throw
        (Invoke-RestMethod $server.Uri).behavior | Should -Be HttpJson
        $null = $server.WaitForEnded(2, $maxWait)
        $server.Connections[0].Fault | Should -Be 'RST to the client after 40 bytes'
        $server.Connections[0].BytesSent | Should -Be 40
        $server.Connections[1].Fault | Should -BeNullOrEmpty
        $server.Connections.Upstream | Should -Be $upstream.EndPoint, $upstream.EndPoint
    }
}

Describe 'Start-BrokenPipeServer' {
    AfterEach { Get-BrokenPipeServer | Stop-BrokenPipeServer }

    It 'serves on loopback, on a free port: <Address>' -ForEach @(
        @{ Address = '127.0.0.1'; HostName = '127.0.0.1' }
        @{ Address = '::1'; HostName = '[::1]' }
    ) {
        $server = Start-BrokenPipeServer HttpJson -Address $Address -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        $server.Uri | Should -Be "http://${HostName}:$($server.Port)/"
        (Invoke-RestMethod $server.Uri).behavior | Should -Be HttpJson
        $server.WaitForEnded(1, $maxWait) | Should -BeTrue
        $server.Connections[0].Ending | Should -Be ClosedByClient
        $server.Connections[0].RemoteAddress | Should -Be $Address
    }

    It 'warns if the address is not a loopback address' {
        $null = Start-BrokenPipeServer HttpHtml -Address 0.0.0.0 -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '0.0.0.0 is not a loopback address*'
    }

    It 'starts nothing with -WhatIf' {
        Start-BrokenPipeServer HttpHtml -WhatIf | Should -BeNullOrEmpty
        Get-BrokenPipeServer | Should -BeNullOrEmpty
    }

    It 'is <Id> if <What>' -ForEach @(
        @{ What = 'the port is taken'; Id = 'AddressInUse'; Category = 'ResourceBusy'; Make = { @{ Port = (Start-BrokenPipeServer HttpHtml).Port } } }
        @{ What = 'the address is another machine''s'; Id = 'AddressNotAvailable'; Category = 'ObjectNotFound'; Make = { @{ Address = '192.0.2.1'; WarningAction = 'SilentlyContinue' } } }
        @{ What = 'the socket''s path exists'; Id = 'UnixSocketPathExists'; Category = 'ResourceExists'; Make = { @{ Behavior = 'UnixSink'; UnixSocketPath = "$TestDrive" } } }
        @{ What = 'the socket''s folder is missing'; Id = 'UnixSocketPathInvalid'; Category = 'InvalidArgument'; Make = { @{ Behavior = 'UnixSink'; UnixSocketPath = "$TestDrive/none/x" } } }
        @{ What = 'parameters contradict'; Id = 'ServerOptionInvalid'; Category = 'InvalidArgument'; Make = { @{ UnixSocketPath = "$TestDrive/x" } } }
    ) {
        $arguments = & $Make
        $arguments.Behavior ??= 'HttpHtml'
        Start-BrokenPipeServer @arguments -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -Be "$Id,$start"
        $problems[0].CategoryInfo.Category | Should -Be $Category
    }

    It 'is ListenAccessDenied without the right to the port' {
        $first = if (Test-Path /proc/sys/net/ipv4/ip_unprivileged_port_start) { [int](Get-Content /proc/sys/net/ipv4/ip_unprivileged_port_start) } else { 0 }
        if ($first -eq 0 -or (id -u) -eq 0) {
            Set-ItResult -Skipped -Because 'every port is free to this user'
            return
        }
        { Start-BrokenPipeServer HttpHtml -Port 1 -ErrorAction Stop } | Should -Throw -ErrorId "ListenAccessDenied,$start"
    }

    It 'lists the behaviors if the name is unknown' {
        { Start-BrokenPipeServer Nonsense } | Should -Throw '*Unknown behavior ''Nonsense''; valid:*ResetOnAccept*'
    }

    It 'resolves a relative path of a Unix-domain socket, and logs the text' {
        Push-Location $TestDrive
        try {
            $sink = Start-BrokenPipeServer UnixSink -UnixSocketPath ./app.sock
        }
        finally {
            Pop-Location
        }
        $client = [System.Net.Sockets.Socket]::new('Unix', 'Stream', 'Unspecified')
        $client.Connect([System.Net.Sockets.UnixDomainSocketEndPoint]::new("$TestDrive/app.sock"))
        $null = $client.Send([System.Text.Encoding]::ASCII.GetBytes("one`ntwo"))
        $client.Dispose()
        $sink.WaitForEnded(1, $maxWait) | Should -BeTrue
        $sink.Connections[0].RequestLine | Should -Be "one`ntwo"
        $sink | Stop-BrokenPipeServer
        Test-Path "$TestDrive/app.sock" | Should -BeFalse
    }

    It 'closes an idle connection, with RST if requested: <Abort>' -ForEach @(
        @{ Abort = $false; Ending = 'ClosedByServer' }
        @{ Abort = $true; Ending = 'ResetByServer' }
    ) {
        $server = Start-BrokenPipeServer IdleTimeout -IdleTimeoutSeconds 0.2 -Abort:$Abort
        $null = Invoke-WebRequest $server.Uri -SessionVariable session
        $server.WaitForEnded(1, $maxWait) | Should -BeTrue
        $server.Connections[0].Ending | Should -Be $Ending
        $server.Connections[0].Requests | Should -Be 1
    }

    It 'serves 64 clients in parallel' {
        $server = Start-BrokenPipeServer HttpJson
        $uri = $server.Uri
        $answers = 1..64 | ForEach-Object -ThrottleLimit 64 -Parallel { Invoke-RestMethod $using:uri }
        @($answers.connection | Sort-Object -Unique).Count | Should -Be 64
        $server.WaitForEnded(64, $maxWait) | Should -BeTrue
        @($server.Connections | Where-Object Ending -eq ClosedByClient).Count | Should -Be 64
    }
}

Describe 'Get- and Stop-BrokenPipeServer' {
    AfterEach { Get-BrokenPipeServer | Stop-BrokenPipeServer }

    It 'know the servers by id, and those of other runspaces' {
        $psd1 = "$root/BrokenPipeTools.psd1"
        $ids = 1..3 | ForEach-Object -Parallel {
            Import-Module $using:psd1
            (Start-BrokenPipeServer NeverAnswer).Id
        }
        (Get-BrokenPipeServer).Id | Should -Be ($ids | Sort-Object)
        (Get-BrokenPipeServer $ids[1]).Id | Should -Be $ids[1]
        Stop-BrokenPipeServer $ids[0], $ids[1]
        (Get-BrokenPipeServer).Id | Should -Be $ids[2]
    }

    It 'report ServerNotFound, and continue with the next' {
        $server = Start-BrokenPipeServer NeverAnswer
        Get-BrokenPipeServer 99999, $server.Id -ErrorVariable problems -ErrorAction SilentlyContinue | Should -Be $server
        $problems.FullyQualifiedErrorId | Should -Be 'ServerNotFound,BrokenPipeTools.Commands.GetBrokenPipeServerCommand'
        Stop-BrokenPipeServer 99999, $server.Id -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Should -Be 'ServerNotFound,BrokenPipeTools.Commands.StopBrokenPipeServerCommand'
        $server.IsRunning | Should -BeFalse
    }

    It 'stop a server once, and keep its log' {
        $server = Start-BrokenPipeServer NeverAnswer
        $client = [System.Net.Sockets.TcpClient]::new($server.Address, $server.Port)
        Wait-Until { $server.Open }
        $server | Stop-BrokenPipeServer -WhatIf
        $server.IsRunning | Should -BeTrue
        $server | Stop-BrokenPipeServer -PassThru | Should -Be $server
        $server | Stop-BrokenPipeServer -PassThru -ErrorAction Stop | Should -Be $server
        $server.IsRunning | Should -BeFalse
        $server.Connections.Ending | Should -Be Stopped
        $client.GetStream().Read([byte[]]::new(10), 0, 10) | Should -Be 0
        $client.Dispose()
    }
}

Describe 'The module' {
    It 'stops its servers when it is removed, in a process of its own, and that process ends immediately' {
        $script = @"
            Import-Module '$root/BrokenPipeTools.psd1'
            `$server = Start-BrokenPipeServer NeverAnswer
            `$sink = Start-BrokenPipeServer UnixSink -UnixSocketPath '$TestDrive/removed.sock'
            `$client = [System.Net.Sockets.TcpClient]::new('127.0.0.1', `$server.Port)
            Remove-Module BrokenPipeTools
            "`$(`$server.IsRunning) `$(`$sink.IsRunning) `$(Test-Path '$TestDrive/removed.sock')"
            Import-Module '$root/BrokenPipeTools.psd1'
            `$null = Start-BrokenPipeServer UnixSink -UnixSocketPath '$TestDrive/left.sock'
"@
        Invoke-PowerShell $script | Should -Be 'False False False'
        Test-Path "$TestDrive/left.sock" | Should -BeFalse
    }
}

Describe 'Several servers in one process' {
    It 'share its descriptors: the idlest connection of all makes room, and each log has its own' -Skip:(-not ($IsLinux -and (Get-Command prlimit -ErrorAction Ignore))) {
        $reserve = 64
        $room = 40
        $script = @"
Import-Module '$root/BrokenPipeTools.psd1'
Start-BrokenPipeServer HttpJson | Stop-BrokenPipeServer
`$limit = [IO.Directory]::GetFileSystemEntries('/proc/self/fd').Count + $reserve + $room
prlimit --pid `$PID --nofile=`${limit}:`$limit
`$servers = (Start-BrokenPipeServer NeverAnswer), (Start-BrokenPipeServer HttpJson)
[Console]::Out.WriteLine("`$(`$servers.Port)")
`$null = [Console]::In.ReadLine()
`$free = `$limit - [IO.Directory]::GetFileSystemEntries('/proc/self/fd').Count
`$logs = `$servers | ForEach-Object { @{ Accepted = `$_.Accepted; Evicted = `$_.Evicted; Open = `$_.Open; Ends = @(`$_.Connections | ForEach-Object { "`$(`$_.Ending) `$(`$_.Error)" }) } }
[Console]::Out.WriteLine((ConvertTo-Json -Compress -Depth 5 @{ Free = `$free; Logs = `$logs }))
"@
        $child = Start-PowerShell $script
        $clients = [System.Collections.Generic.List[System.Net.Sockets.TcpClient]]::new()
        try {
            $ports = $child.StandardOutput.ReadLineAsync().WaitAsync($maxWait).GetAwaiter().GetResult() -split ' '
            1..100 | ForEach-Object { $clients.Add([System.Net.Sockets.TcpClient]::new('127.0.0.1', $ports[0])) }
            1..20 | ForEach-Object { (Invoke-RestMethod "http://127.0.0.1:$($ports[1])/" -TimeoutSec 120 -DisableKeepAlive).behavior | Should -Be HttpJson }
            1..200 | ForEach-Object { $clients.Add([System.Net.Sockets.TcpClient]::new('127.0.0.1', $ports[$_ % 2])) }
            (Invoke-RestMethod "http://127.0.0.1:$($ports[1])/" -TimeoutSec 120 -DisableKeepAlive).behavior | Should -Be HttpJson
            $child.StandardInput.WriteLine()
            $seen = $child.StandardOutput.ReadLineAsync().WaitAsync($maxWait).GetAwaiter().GetResult() | ConvertFrom-Json
            $child.WaitForExit($maxWait) | Should -BeTrue
            $child.ExitCode | Should -Be 0
        }
        finally {
            $clients | ForEach-Object Dispose
            if (-not $child.HasExited) {
                $child.Kill($true)
            }
            $child.Dispose()
        }
        $seen.Free | Should -BeGreaterThan ($reserve / 2)
        $seen.Logs.Accepted | Should -Be 200, 121
        foreach ($log in $seen.Logs) {
            @($log.Ends -match '^Evicted (EMFILE)?$').Count | Should -Be $log.Evicted
            $log.Evicted | Should -BeGreaterThan 0
            $log.Ends -notmatch '^(Evicted (EMFILE)?|Open|ClosedBy(Client|Server)) ?$' | Should -BeNullOrEmpty
        }
        ($seen.Logs.Open | Measure-Object -Sum).Sum | Should -BeIn (1..$room)
    }
}

Describe 'Forwarding servers in one process' {
    It 'evict no more connections than a burst of clients needs' -Skip:(-not ($IsLinux -and (Get-Command prlimit -ErrorAction Ignore))) {
        $reserve = 64
        $room = 240 # descriptors: two for each connection
        $upstream = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $upstream.Start(1000) # the kernel accepts for it
        $script = @"
Import-Module '$root/BrokenPipeTools.psd1'
Start-BrokenPipeServer HttpJson | Stop-BrokenPipeServer
`$limit = [IO.Directory]::GetFileSystemEntries('/proc/self/fd').Count + $reserve + $room
prlimit --pid `$PID --nofile=`${limit}:`$limit
`$servers = 1..2 | ForEach-Object { Start-BrokenPipeServer Forward -Upstream 127.0.0.1:$($upstream.LocalEndpoint.Port) -MaxConnections 1000 }
[Console]::Out.WriteLine("`$(`$servers.Port)")
`$null = [Console]::In.ReadLine()
while ((`$servers | Measure-Object Accepted -Sum).Sum -lt 300) { Start-Sleep -Milliseconds 50 }
[Console]::Out.WriteLine((`$servers | Measure-Object Open -Sum).Sum)
"@
        $child = Start-PowerShell $script
        $clients = [System.Collections.Generic.List[System.Net.Sockets.TcpClient]]::new()
        try {
            $ports = $child.StandardOutput.ReadLineAsync().WaitAsync($maxWait).GetAwaiter().GetResult() -split ' '
            1..300 | ForEach-Object { $clients.Add([System.Net.Sockets.TcpClient]::new('127.0.0.1', $ports[$_ % 2])) }
            $child.StandardInput.WriteLine()
            $open = [int] $child.StandardOutput.ReadLineAsync().WaitAsync($maxWait).GetAwaiter().GetResult()
            $child.WaitForExit($maxWait) | Should -BeTrue
            $child.ExitCode | Should -Be 0
        }
        finally {
            $clients | ForEach-Object Dispose
            $upstream.Stop()
            if (-not $child.HasExited) {
                $child.Kill($true)
            }
            $child.Dispose()
        }
        $open | Should -BeGreaterThan ($room / 2 * 0.75)
    }
}

Describe 'The displayed output' {
    AfterEach { Get-BrokenPipeServer | Stop-BrokenPipeServer }

    It 'completes behaviors with their sentences, and ids' {
        $found = Complete 'Start-BrokenPipeServer reset'
        $found.CompletionText | Should -Be ResetOnAccept, ResetAfterRequest, ResetBeforeHandshake, ResetDuringHandshake, ResetAfterHandshake
        $found[0].ToolTip | Should -Be 'RST immediately after accept.'
        (Complete 'Start-BrokenPipeServer -Behavior ').Count | Should -Be ([enum]::GetNames([BrokenPipeTools.Reports.ServerBehavior]).Count)
        $server = Start-BrokenPipeServer NeverAnswer
        (Complete 'Stop-BrokenPipeServer -Id ').CompletionText | Should -Be "$($server.Id)"
    }

    It 'has tables that fit 80 columns' {
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
        try {
            $server = Start-BrokenPipeServer CloseAfterRequest
            { Invoke-WebRequest $server.Uri } | Should -Throw
            $tables = ($server | Out-String -Width 80), ($server.Connections | Out-String -Width 80)
        }
        finally {
            $PSStyle.OutputRendering = $rendering
        }
        $tables[0] | Should -Match '(?m)^ *Id Behavior +EndPoint +Running Accepted +Open Evicted\r?$'
        $tables[0] | Should -Match "CloseAfterRequest   127\.0\.0\.1:$($server.Port) +True +\d+ +0 +0"
        $tables[1] | Should -Match '(?m)^ +# Client +Behavior +Ending +RequestLine, Fault\s*$'
        $tables[1] | Should -Match '(?m)^ +1 127\.0\.0\.1:\d+ +CloseAfterRequest ClosedByServer +GET / HTTP/1\.1\s*$'
    }

    It 'is the same log from another machine' {
        $server = Start-BrokenPipeServer CloseOnAccept
        [System.Net.Sockets.TcpClient]::new($server.Address, $server.Port).Dispose()
        $server.WaitForEnded(1, $maxWait) | Should -BeTrue
        $served = $server.Connections[0]
        $back = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($served, 1))
        $back | Out-String -Width 200 | Should -Be ($served | Out-String -Width 200)
    }

    It 'has help with examples for <_>' -ForEach 'Start-BrokenPipeServer', 'Get-BrokenPipeServer', 'Stop-BrokenPipeServer' {
        $help = Get-Help $_ -Full
        $help.Synopsis | Should -Not -BeLike "$_ *"
        $help.examples.example.Count | Should -BeGreaterOrEqual 3
    }

    It 'is documented by the examples that stand at the top of this file' {
        $spec = Get-Content -Raw "$root/tests/pester/Server.Tests.ps1"
        $documents = @{ 'A client whose server resets' = 'tests/examples/README.md'; 'A client that retries' = 'README.md' }
        foreach ($title in $documents.Keys) {
            $from = $spec.IndexOf("Describe '$title'")
            $example = $spec.Substring($from, $spec.IndexOf("`n}", $from) + 2 - $from)
            (Get-Content -Raw "$root/$($documents[$title])").Contains($example) | Should -BeTrue -Because $title
        }
    }
}
