# Live capture and interfaces. The specs that capture need the right to; elsewhere they are skipped, with the reason.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/../../BrokenPipeTools.psd1" -Force
    $loopback = (Get-PcapInterface -ErrorAction SilentlyContinue | Where-Object IsLoopback | Select-Object -First 1).Name
    $null = Get-PcapConnectionClose -InterfaceName "$loopback " -Duration 0 -ErrorVariable problems -ErrorAction SilentlyContinue
    $obstacle = if ("$($problems[0].FullyQualifiedErrorId)" -notlike 'InterfaceNotFound,*') { "$($problems[0])" }
    if ($obstacle) {
        Write-Warning "LIVE CAPTURE IS NOT TESTED: $obstacle"
    }
}

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    $command = 'BrokenPipeTools.Commands.GetPcapConnectionCloseCommand'
    $loopback = (Get-PcapInterface -ErrorAction SilentlyContinue | Where-Object IsLoopback | Select-Object -First 1).Name
    $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
    $listener.Start()
    $port = $listener.LocalEndpoint.Port
    $filter = "tcp port $port"

    # A connection that the server resets.
    function Invoke-Exchange {
        $client = [System.Net.Sockets.TcpClient]::new('127.0.0.1', $port)
        $server = $listener.AcceptSocket()
        $server.LingerState = [System.Net.Sockets.LingerOption]::new($true, 0)
        $server.Close()
        $client.Close()
    }

    function Start-Capture([string] $Arguments, [string] $Packets = $filter) {
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$root/BrokenPipeTools.psd1'; Get-PcapConnectionClose -InterfaceName '$loopback' -CaptureFilter '$Packets' $Arguments")
        $output = [System.Management.Automation.PSDataCollection[psobject]]::new()
        $nothing = [System.Management.Automation.PSDataCollection[psobject]]::new()
        [pscustomobject] @{ Shell = $shell; Output = $output; Run = $shell.BeginInvoke($nothing, $output) }
    }

    # The first connection that was captured from its SYN on: the capture may begin in the middle of one.
    # By number, because to enumerate the collection waits for its end.
    function Get-WholeRecord($Capture) {
        for ($i = 0; $i -lt $Capture.Output.Count; $i++) {
            if ($Capture.Output[$i].OpenerKnown) {
                return $Capture.Output[$i]
            }
        }
    }
}

AfterAll { $listener.Stop() }

Describe 'Get-PcapInterface' {
    It 'lists loopback with its address' {
        $found = Get-PcapInterface | Where-Object IsLoopback
        $found.Addresses | Should -Contain ([ipaddress]::Loopback)
    }

    It 'takes wildcards, also from the pipeline' {
        (Get-PcapInterface "$($loopback.Substring(0, 1))*").Name | Should -Contain $loopback
        ($loopback | Get-PcapInterface).Name | Should -Be $loopback
        Get-PcapInterface 'nosuch*' -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'reports a name that does not exist' {
        Get-PcapInterface nosuch0 -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -Be 'InterfaceNotFound,BrokenPipeTools.Commands.GetPcapInterfaceCommand'
        $problems[0].CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'has a table with status and addresses in words' {
        $lines = (Get-PcapInterface $loopback | Out-String -Width 100) -split '\r?\n'
        $lines -match '^Name' -replace ' +', ' ' | Should -Be 'Name Status Addresses Description'
        "$($lines -match 'loopback')" | Should -BeLike '*up, loopback*127.0.0.1*'
    }

    It 'completes names, here and for Get-PcapConnectionClose' {
        foreach ($line in "Get-PcapInterface $($loopback.Substring(0, 1))", 'Get-PcapConnectionClose -InterfaceName ') {
            $found = (TabExpansion2 $line).CompletionMatches | Where-Object ListItemText -EQ $loopback
            $found.ToolTip | Should -BeLike '*up, loopback*127.0.0.1*'
        }
    }
}

Describe 'A live capture' -Skip:([bool] $obstacle) {
    It 'writes records while it continues, and stops with nothing left behind' {
        $capture = Start-Capture '-Linger 0.2'
        Wait-Until { Invoke-Exchange; Get-WholeRecord $capture }
        $capture.Run.IsCompleted | Should -BeFalse
        $record = Get-WholeRecord $capture
        $record.Sequence | Should -Be 'S:RST'
        $record.Path | Should -Be $loopback
        Stop-Run $capture.Shell
        $capture.Shell.Streams.Error | Should -BeNullOrEmpty
        if ($IsLinux) {
            # packet sockets of this process
            $sockets = Get-ChildItem "/proc/$PID/fd" | ForEach-Object LinkTarget | Select-String 'socket:\[(\d+)\]' | ForEach-Object { $_.Matches[0].Groups[1].Value }
            $packet = Get-Content /proc/net/packet | Select-Object -Skip 1 | ForEach-Object { ($_ -split ' +')[-1] }
            $packet | Where-Object { $_ -in $sockets } | Should -BeNullOrEmpty
        }
        $capture.Shell.Dispose()
    }

    It 'ends after its duration with the open connections, shows the remaining time, and keeps the packets' {
        $kept = "$TestDrive/kept.pcapng"
        foreach ($seconds in 2, 10, 60) {
            # A busy machine may need longer than the first duration until the connection exists.
            Remove-Item $kept -ErrorAction Ignore
            $capture = Start-Capture "-Duration $seconds -Verbose -CapturePath '$kept'"
            Wait-Until { Test-Path $kept }
            $client = [System.Net.Sockets.TcpClient]::new('127.0.0.1', $port)
            $server = $listener.AcceptSocket()
            $null = Receive-Run $capture.Shell $capture.Run
            $client.Close()
            $server.Close()
            if ("$($capture.Shell.Streams.Verbose)" -like '*: 3 frames*') {
                break
            }
            $capture.Shell.Dispose()
        }
        $capture.Output.State | Should -Be Open
        "$($capture.Shell.Streams.Verbose)" | Should -BeLike "*$loopback`: 3 frames, 3 TCP segments*"
        $progress = @($capture.Shell.Streams.Progress | Where-Object Activity -EQ 'Capturing packets')
        $progress[0].SecondsRemaining | Should -BeIn (0..$seconds)
        $progress[0].StatusDescription | Should -BeLike "$loopback`: * frames, * connections held"
        (Get-PcapConnectionClose $kept).State | Should -Be Open
        $capture.Shell.Dispose()
    }

    It 'overwrites a file only by force' {
        $kept = "$TestDrive/there.pcapng"
        Set-Content -LiteralPath $kept precious
        Get-PcapConnectionClose -InterfaceName $loopback -Duration 0 -CapturePath $kept -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Be "CaptureFileExists,$command"
        $problems[0].CategoryInfo.Category | Should -Be ResourceExists
        Get-Content -LiteralPath $kept | Should -Be precious
        Get-PcapConnectionClose -InterfaceName $loopback -Duration 0 -CaptureFilter $filter -CapturePath $kept -Force -ErrorAction Stop
        Get-PcapConnectionClose $kept -ErrorAction Stop | Should -BeNullOrEmpty
    }

    It 'captures in another network namespace, and reports one that does not exist' -Skip:(-not ($IsLinux -and (id -u) -eq 0 -and (Get-Command ip -ErrorAction Ignore))) {
        $other = Start-Process unshare '--net', 'sh', '-c', '"ip link set lo up; exec sleep 60"' -PassThru
        try {
            Wait-Until { "$(nsenter --target $other.Id --net ip -o link show lo up)" -like '*LOWER_UP*' -and (readlink "/proc/$($other.Id)/ns/net") -ne (readlink /proc/self/ns/net) }
            $capture = Start-Capture "-NetworkNamespace $($other.Id) -Duration 30 -Linger 0.2" 'tcp'
            $script = "Import-Module '$root/BrokenPipeTools.psd1'; (Invoke-BrokenPipeScenario CloseWithUnreadData -NoCapture).Name"
            Wait-Until { $null = Invoke-PowerShell $script -Prefix 'nsenter', "--target=$($other.Id)", '--net'; Get-WholeRecord $capture }
            $capture.Shell.Stop()
            (Get-WholeRecord $capture).Cause | Should -Be UnreadDataDiscarded
            $capture.Shell.Streams.Error | Should -BeNullOrEmpty
            $capture.Shell.Dispose()
        }
        finally {
            $other.Kill()
        }
        Get-PcapConnectionClose -InterfaceName $loopback -NetworkNamespace 4194999 -Duration 0 -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -Be "NetworkNamespaceNotFound,$command"
    }

    It 'is <Id> if it is not possible: <Arguments.Values>' -ForEach @(
        @{ Id = 'InterfaceNotFound'; Category = 'ObjectNotFound'; Arguments = @{ InterfaceName = 'nosuch0' }; Words = 'valid: *' }
        @{ Id = 'CaptureFilterInvalid'; Category = 'InvalidArgument'; Arguments = @{ CaptureFilter = 'tcp prot 80' }; Words = 'syntax error' }
        @{ Id = 'NotFileSystemPath'; Category = 'InvalidArgument'; Arguments = @{ CapturePath = 'env:x' }; Words = 'captures are files' }
    ) {
        $all = $Arguments.Clone()
        $all.InterfaceName ??= $loopback
        Get-PcapConnectionClose @all -Duration 0 -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -Be "$Id,$command"
        $problems[0].CategoryInfo.Category | Should -Be $Category
        "$($problems[0])" | Should -BeLike "*$Words*"
    }
}
