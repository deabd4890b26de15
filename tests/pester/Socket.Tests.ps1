# Get-TcpSocket: the sockets of this process.

BeforeDiscovery {
    $isRoot = $IsLinux -and (id -u) -eq 0
}

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    $id = 'BrokenPipeTools.Commands.GetTcpSocketCommand'
}

Describe 'Get-TcpSocket' -Skip:(-not $IsLinux) {
    BeforeAll {
        $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $listener.Start()
        $port = $listener.LocalEndpoint.Port
        $client = [System.Net.Sockets.TcpClient]::new('127.0.0.1', $port)
        $server = $listener.AcceptTcpClient()
        $client.Client.Send([byte[]]::new(144)) | Should -Be 144
        $client.Client.Shutdown('Send')
        Wait-Until { Get-TcpSocket -ProcessId $PID -Port $port -State CloseWait }
    }

    AfterAll {
        $client.Dispose()
        $server.Dispose()
        $listener.Stop()
    }

    It 'names the process, the unread bytes, and the next calls' {
        $socket = Get-TcpSocket -ProcessId $PID -Port $port -State CloseWait
        $socket | Should -BeOfType BrokenPipeTools.Kernel.TcpSocket
        $socket.ProcessId, $socket.UnreadBytes, $socket.NextRead, $socket.NextWrite | Should -Be $PID, 144, 'ok', 'ok'
        $socket.Summary | Should -Match "\[$PID\]: CLOSE_WAIT for \d+ s, 144 bytes unread, has not closed$"
        $socket.SinceReceived | Should -BeGreaterOrEqual 0
    }

    It 'chooses by name, state and port' {
        $name = (Get-TcpSocket -ProcessId $PID)[0].ProcessName
        (Get-TcpSocket -ProcessName "$($name.Substring(0, 2))*" -Port $port).Count | Should -Be 3
        (Get-TcpSocket -Port $port -State Listen).LocalPort | Should -Be $port
        Get-TcpSocket NoSuchProcess* | Should -BeNullOrEmpty
        (Get-Process -Id $PID | Get-TcpSocket -State Close*, FinWait? -Port $port).State | Sort-Object | Should -Be FinWait2, CloseWait
        { Get-TcpSocket -State Bug } | Should -Throw -ErrorId "ParameterArgumentValidationError,$id"
    }

    It 'completes states and processes' {
        (Complete 'Get-TcpSocket -State CloseW').CompletionText | Should -Be CloseWait
        (Complete 'Get-TcpSocket -ProcessName ').CompletionText | Should -Not -BeNullOrEmpty
    }

    It 'has a table within 80 columns, rows, and the same values after Clixml' {
        $lines = Get-TcpSocket -ProcessId $PID -Port $port | Out-String -Width 80 -Stream
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        Get-TcpSocket -ProcessId $PID -Port $port | Export-Clixml "$TestDrive/sockets.xml"
        (Import-Clixml "$TestDrive/sockets.xml").State | Should -Contain ([System.Net.NetworkInformation.TcpState]::CloseWait)
        $cli = (& dotnet "$root/src/BrokenPipeTools.Cli/bin/Release/net10.0/brokenpipe.dll" sockets --format csv --process-id $PID)[0]
        (Get-TcpSocket -ProcessId $PID | Select-Object Row | ConvertTo-Csv -UseQuotes Never)[0] | Should -Be $cli
    }

    It 'reads another network namespace' -Skip:(-not $isRoot) {
        $other = Start-Process unshare '--net', 'sleep', '60' -PassThru
        try {
            Wait-Until { (readlink "/proc/$($other.Id)/ns/net") -ne (readlink /proc/self/ns/net) }
            Get-TcpSocket -NetworkNamespace $other.Id | Should -BeNullOrEmpty
        }
        finally {
            $other.Kill()
        }
    }

    It 'has an error for a path that is not a network namespace' {
        { Get-TcpSocket -NetworkNamespace 4194999 } | Should -Throw -ErrorId "NetworkNamespaceNotFound,$id"
    }
}
