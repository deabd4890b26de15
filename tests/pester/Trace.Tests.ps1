# Trace-BrokenPipe: failed calls of real programs, from the kernel's own events.

BeforeDiscovery {
    $isRoot = $IsLinux -and (id -u) -eq 0
    $canTrace = $isRoot -and [bool](Select-String -Path /proc/filesystems -Pattern tracefs -Quiet)
}

BeforeAll {
    $isRoot = $IsLinux -and (id -u) -eq 0
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    $tracing = '/sys/kernel/tracing'
    $mounted = $isRoot -and -not (Test-Path "$tracing/instances")
    if ($mounted) {
        $tracing = (New-Item -ItemType Directory -Path "$TestDrive/tracing").FullName
        mount -t tracefs tracefs $tracing
    }

    function Get-Leftover {
        Get-ChildItem -Path "$tracing/instances" -Filter "brokenpipe-$PID-*"
    }
}

AfterAll {
    if ($mounted) { umount $tracing }
}

Describe 'Trace-BrokenPipe' -Skip:(-not $canTrace) {
    It 'names the program that a pipe without a reader ends, and leaves nothing' {
        $job = Start-ThreadJob { while ($true) { sh -c 'yes spec 2>/dev/null | head -n 1' > $null; Start-Sleep -Milliseconds 200 } }
        # The arguments of a program that began before the trace may be unknown.
        $failure = Trace-BrokenPipe yes -Duration 120 | Where-Object CommandLine | Select-Object -First 1
        Remove-Job $job -Force
        $failure | Should -BeOfType BrokenPipeTools.Tracing.TracedFailure
        $failure.Process | Should -Be yes
        $failure.Kind | Should -Be Pipe
        $failure.Errno | Should -Be EPIPE
        $failure.Signal | Should -Not -Be None
        $failure.CommandLine | Should -Match '\byes\b'
        $failure.Time.Kind | Should -Be Utc
        Get-Leftover | Should -BeNullOrEmpty
    }

    It 'shows a scenario of this process with its cause' {
        $job = Start-ThreadJob { param($root) Import-Module "$root/BrokenPipeTools.psd1"; while ($true) { Invoke-BrokenPipeScenario CloseWithUnreadData -NoCapture } } -ArgumentList $root
        $reset = Trace-BrokenPipe -ProcessId $PID -Duration 120 | Where-Object Errno -EQ ECONNRESET | Select-Object -First 1
        Remove-Job $job -Force
        $reset.Cause | Should -Be UnreadDataDiscarded
        $reset.ResetReason | Should -Be TCP_ABORT_ON_CLOSE
        $reset.ClosedBy | Should -Be Peer
        ($reset | Select-Object Row | ConvertTo-Csv)[0] | Should -Match '"Time","Process","ProcessId"'
        Trace-BrokenPipe -Port 1 -Duration 0.2 | Should -BeNullOrEmpty
    }

    It 'is limited to a network namespace, and reports one that does not exist' {
        # It lives for a second: of a program that has ended nothing can be read.
        Copy-Item (Get-Command sh).Source "$TestDrive/specshell"
        $script = "$TestDrive/specshell -c 'sleep 1; while echo WORD; do :; done' 2>/dev/null | head -n 1"
        $job = Start-ThreadJob { param($script) while ($true) { unshare --net sh -c ($script -replace 'WORD', 'elsewhere') > $null; sh -c ($script -replace 'WORD', 'here') > $null } } -ArgumentList $script
        $failures = @(Trace-BrokenPipe specshell -NetworkNamespace $PID -Duration 120 | Where-Object CommandLine | Select-Object -First 2)
        Remove-Job $job -Force
        $failures.CommandLine | Should -Match 'echo here;'
        $failures[0].Advice | Should -Not -BeNullOrEmpty
        { Trace-BrokenPipe -NetworkNamespace 4194999 } | Should -Throw -ErrorId 'NetworkNamespaceNotFound,BrokenPipeTools.Commands.TraceBrokenPipeCommand'
        { Trace-BrokenPipe -NetworkNamespace /etc/passwd } | Should -Throw -ErrorId 'NetworkNamespaceInvalid,BrokenPipeTools.Commands.TraceBrokenPipeCommand'
    }

    It 'gives each failure the packets of its connection' {
        $job = Start-ThreadJob { param($root) Import-Module "$root/BrokenPipeTools.psd1"; while ($true) { Invoke-BrokenPipeScenario EarlyResponse -NoCapture } } -ArgumentList $root
        # The first connections may have begun before the capture.
        $failures = @(Trace-BrokenPipe -ProcessId $PID -InterfaceName lo -Duration 120 | Where-Object Connection | Select-Object -First 1)
        Remove-Job $job -Force
        $failures[0].Cause | Should -Be EarlyResponse
        $failures[0].Confidence | Should -Be High
        $failures[0].Connection | Should -BeOfType BrokenPipeTools.Reports.ConnectionClose
        { Trace-BrokenPipe -InterfaceName nosuch0 } | Should -Throw -ErrorId 'InterfaceNotFound,BrokenPipeTools.Commands.TraceBrokenPipeCommand'
    }

    It 'ends when its pipeline is stopped, and leaves nothing' {
        $shell = [powershell]::Create().AddScript("Import-Module '$root/BrokenPipeTools.psd1'; Trace-BrokenPipe")
        $running = $shell.BeginInvoke()
        Wait-Until { Get-Leftover }
        Stop-Run $shell
        $running.IsCompleted | Should -BeTrue
        $shell.Dispose()
        Get-Leftover | Should -BeNullOrEmpty
    }
}

Describe 'Trace-BrokenPipe without root' -Skip:(-not $IsLinux) {
    BeforeAll {
        # The user `nobody` cannot read root's folders: a copy of this PowerShell and of the module, for both users.
        $nobody = @()
        $program = Get-RunningPowerShell
        $module = $root
        $folder = (New-Item -ItemType Directory -Path ([System.IO.Path]::GetTempPath()) -Name "brokenpipe-spec-$PID").FullName
        if ($isRoot) {
            $module = "$folder/module"
            $null = New-Item -ItemType Directory -Path $module
            Copy-Item "$root/BrokenPipeTools.psd1", "$root/bin", "$root/en-US" $module -Recurse
            Copy-Item $PSHOME "$folder/pwsh" -Recurse
            chmod -R 'a+rX' $folder
            $program = @($program | ForEach-Object { $_.Replace($PSHOME, "$folder/pwsh") })
            $nobody = 'setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--', 'env', "HOME=$folder/none"
        }
        $first, $others = @($nobody) + @($program) + '-NoProfile', '-Command', '"ready"'
        $said = & $first @others 2>&1
        $obstacle = if ("$said" -ne 'ready') { "nobody cannot run PowerShell here: $said" }
    }

    AfterAll { Remove-Item -LiteralPath $folder -Recurse -Force }

    It 'gives the abnormal ends that the kernel reports without root, at most Medium, and reports once the data that root adds' {
        if ($obstacle) {
            Set-ItResult -Skipped -Because $obstacle
            return
        }
        $script = @'
            Import-Module '{0}/BrokenPipeTools.psd1'
            $job = Start-ThreadJob {{
                $listener = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
                $listener.Start()
                while ($true) {{
                    $client = [System.Net.Sockets.TcpClient]::new('127.0.0.1', $listener.LocalEndpoint.Port)
                    $accepted = $listener.AcceptTcpClient()
                    $client.Client.Send([byte[]]::new(7))
                    Start-Sleep 3 # the trace lists the sockets meanwhile
                    $accepted.Client.Dispose() # a close without shutdown, with 7 bytes unread
                }}
            }}
            $ends = @(Trace-BrokenPipe -Duration 120 -IncludeClosed -WarningVariable warnings -WarningAction SilentlyContinue | Where-Object ProcessId -EQ $PID | Select-Object -First 2)
            Remove-Job $job -Force
            "$($warnings.Count) $($warnings)"
            $ends | ForEach-Object {{ "$($_.Cause) $($_.Confidence)" }}
'@ -f $module
        $lines = @(Invoke-PowerShell $script -Program $program -Prefix $nobody)
        $lines[0] | Should -BeLike '1 *without root*root (sudo) adds*'
        $lines | Select-Object -Skip 1 | Should -Contain 'UnreadDataDiscarded Medium'
        $lines | Where-Object { $_ -like '* High' } | Should -BeNullOrEmpty
    }
}

Describe 'Trace-BrokenPipe off Linux' -Skip:$IsLinux {
    It 'is an error' {
        { Trace-BrokenPipe -Duration 1 } | Should -Throw -ErrorId 'TraceUnsupported,BrokenPipeTools.Commands.TraceBrokenPipeCommand'
    }
}
