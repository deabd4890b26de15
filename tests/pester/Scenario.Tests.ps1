# The lab: scenarios listed, run, stopped, and what their results survive.

BeforeDiscovery {
    $namespaces = $IsLinux -and (Get-Command unshare -ErrorAction Ignore) -and $(unshare --map-root-user --net true 2>$null; $LASTEXITCODE -eq 0)
    $threadJobs = [bool] (Get-Command Start-ThreadJob -ErrorAction Ignore)
}

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    $rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'

    # The calls of one side, as "call result errno".
    function Read-Step([object] $Result, [string] $Side, [string] $Call) {
        $Result.Steps | Where-Object { $_.Side -eq $Side -and $_.Call -like "$Call*" } | ForEach-Object { "$($_.Result) $($_.Errno)".Trim() }
    }

    # The listening TCP sockets that this process holds.
    function Get-OwnListener {
        $own = Get-ChildItem "/proc/$PID/fd" -ErrorAction Ignore | ForEach-Object LinkTarget | Where-Object { $_ -match '^socket:\[(\d+)\]$' } | ForEach-Object { $Matches[1] }
        Get-Content /proc/net/tcp, /proc/net/tcp6 | ForEach-Object { , ($_.Trim() -split '\s+') } | Where-Object { $_[3] -eq '0A' -and $_[9] -in $own } | ForEach-Object { $_[1] }
    }

    function Get-OwnChild {
        Get-Process sleep -ErrorAction Ignore | Where-Object { $_.Parent.Id -eq $PID }
    }
}

AfterAll { $PSStyle.OutputRendering = $rendering }

Describe 'Get-BrokenPipeScenario' {
    It 'lists them all, each once, with its summary' {
        $all = Get-BrokenPipeScenario
        $all.Count | Should -BeGreaterThan 30
        ($all.Name | Select-Object -Unique).Count | Should -Be $all.Count
        $all | Where-Object { -not $_.Summary -or -not $_.Effect } | Should -BeNullOrEmpty
    }

    It 'takes names in any case, wildcards, and a name only once' {
        (Get-BrokenPipeScenario resetonaccept, ResetOn*).Name | Should -Be 'ResetOnAccept', 'ResetOnAcceptWriteFirst'
        (Get-BrokenPipeScenario '[nh]*Close').Name | Should -Be 'NormalClose', 'HalfClose'
    }

    It 'ignores a wildcard without a match, and reports a name without one' {
        Get-BrokenPipeScenario Nope* -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem | Should -BeNullOrEmpty
        (Get-BrokenPipeScenario Nope, HalfClose -ErrorVariable problem -ErrorAction SilentlyContinue).Name | Should -Be HalfClose
        $problem.FullyQualifiedErrorId | Should -Be 'ScenarioNotFound,BrokenPipeTools.Commands.GetBrokenPipeScenarioCommand'
    }

    It 'can be run or has the reason' {
        foreach ($scenario in Get-BrokenPipeScenario) {
            $scenario.CanRun | Should -Be (-not $scenario.Missing)
        }
    }
}

Describe 'Completion' {
    It 'completes the names with their summaries, for <_>' -ForEach 'Get-BrokenPipeScenario', 'Invoke-BrokenPipeScenario' {
        $found = Complete "$_ reseto"
        $found.CompletionText | Should -Be 'ResetOnAccept', 'ResetOnAcceptWriteFirst'
        $found[0].ToolTip | Should -BeLike 'The server resets immediately after accept*'
    }

    It 'completes the second name too, and one in quotes' {
        (Complete 'Invoke-BrokenPipeScenario HalfClose, normalc').CompletionText | Should -Be NormalClose
        (Complete "Invoke-BrokenPipeScenario -Name 'normalc").CompletionText | Should -Be NormalClose
    }
}

Describe 'Invoke-BrokenPipeScenario' {
    It 'shows the classic broken pipe over IPv<Version>: one late write is accepted, the next is not' -ForEach @(
        @{ Version = 4; Arguments = @{} }
        @{ Version = 6; Arguments = @{ IPv6 = $true } }
    ) {
        $result = Invoke-BrokenPipeScenario WriteAfterClose @Arguments -WarningVariable skipped -WarningAction SilentlyContinue
        if ($skipped) {
            Set-ItResult -Skipped -Because $skipped
            return
        }
        $result.Passed | Should -BeTrue -Because $result.Problem
        $result.IPVersion | Should -Be $Version
        if ($IsLinux) {
            Read-Step $result Client send | Should -Be 'ok', 'ok', 'EPIPE 32'
        }
        if ($result.CaptureNote) {
            Set-ItResult -Inconclusive -Because "of the packets: $($result.CaptureNote)"
            return
        }
        $result.State, $result.ClosedBy, $result.Sequence | Should -Be 'Reset', 'Server', 'S:FIN C:ACK C:DATA(5) S:RST'
        $reset = $result.Connections[0].Events[-1]
        "$($reset.Flags)", $reset.RelativeSequence, $reset.Window, $reset.Length | Should -Be 'Rst', 2, 0, 0
    }

    It 'shows a reset right after accept: the read reports it, the write after it is a broken pipe' {
        $result = Invoke-BrokenPipeScenario ResetOnAccept -NoCapture
        $result.Passed | Should -BeTrue -Because $result.Problem
        if ($IsLinux) {
            @(Read-Step $result Client recv)[0] | Should -Be 'ECONNRESET 104'
            Read-Step $result Client send | Should -Be 'EPIPE 32'
        }
    }

    It 'shows a port without a listener: refused, and a broken pipe on the same socket' {
        $result = Invoke-BrokenPipeScenario ConnectionRefused -NoCapture
        $result.Passed | Should -BeTrue -Because $result.Problem
        if ($IsLinux) {
            Read-Step $result Client connect | Should -Be 'ECONNREFUSED 111'
            Read-Step $result Client send | Should -Be 'EPIPE 32'
        }
        $result.CaptureNote | Should -Be 'not requested'
    }

    It 'takes wildcards, and names and records from the pipeline' {
        (Invoke-BrokenPipeScenario resetonacc* -NoCapture).Name | Should -Be 'ResetOnAccept', 'ResetOnAcceptWriteFirst'
        ('ResetOnAccept', 'ErrorTaken' | Invoke-BrokenPipeScenario -NoCapture).Name | Should -Be 'ResetOnAccept', 'ErrorTaken'
        $again = Get-BrokenPipeScenario ErrorTaken, NormalClose | Invoke-BrokenPipeScenario -NoCapture | Invoke-BrokenPipeScenario -NoCapture
        $again.Name | Should -Be 'ErrorTaken', 'NormalClose'
        $again.Passed | Should -Not -Contain $false
    }

    It 'stops when the consumer needs no more objects' {
        (Invoke-BrokenPipeScenario NormalClose, AcceptQueueOverflow -NoCapture | Select-Object -First 1).Name | Should -Be NormalClose
    }

    It 'reports a name or wildcard without a match, and runs the rest' {
        $result = Invoke-BrokenPipeScenario Nope, No-Such*, NormalClose -NoCapture -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.Name | Should -Be NormalClose
        $problem.FullyQualifiedErrorId | Select-Object -Unique | Should -Be 'ScenarioNotFound,BrokenPipeTools.Commands.InvokeBrokenPipeScenarioCommand'
        $problem.TargetObject | Should -Be 'Nope', 'No-Such*'
        $problem[0].CategoryInfo.Category | Should -Be ObjectNotFound
    }

    It 'skips scenarios that cannot be run, with a warning that has the reason' -Skip:(-not $namespaces) {
        # A network namespace of its own has a loopback interface that is down.
        $said = Invoke-PowerShell -Prefix unshare, --map-root-user, --net "
            Import-Module '$root/BrokenPipeTools.psd1'
            Invoke-BrokenPipeScenario NormalClose, PipeReaderGone -WarningVariable skipped -WarningAction SilentlyContinue | ForEach-Object Name
            `$skipped.Message
            (Get-BrokenPipeScenario NormalClose).CanRun"
        $said | Should -Be 'PipeReaderGone', 'NormalClose is skipped: needs the loopback interface, up and with the address 127.0.0.1', 'False'
    }

    It 'skips scenarios that this user may not run' {
        $cannot = Get-BrokenPipeScenario | Where-Object -Not CanRun | Select-Object -First 1
        if (-not $cannot) {
            Set-ItResult -Skipped -Because 'everything can be run here'
            return
        }
        $cannot | Invoke-BrokenPipeScenario -WarningVariable skipped -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$skipped" | Should -Be "$($cannot.Name) is skipped: $($cannot.Missing)"
    }

    It 'writes each step with -Verbose, as in the record' {
        $all = Invoke-BrokenPipeScenario ResetOnAccept -NoCapture -Verbose 4>&1
        $result = $all | Where-Object { $_ -isnot [System.Management.Automation.VerboseRecord] }
        $said = $all | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] } | ForEach-Object Message
        foreach ($step in $result.Steps) {
            $said | Should -Contain "ResetOnAccept: $step"
        }
    }

    It 'shows the progress as the number of the scenario and of all scenarios' {
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$root/BrokenPipeTools.psd1'; Invoke-BrokenPipeScenario NormalClose, ErrorTaken -NoCapture").Invoke()
        $progress = @($shell.Streams.Progress | Where-Object Activity -EQ 'Running scenarios')
        $shell.Dispose()
        $progress.StatusDescription | Should -Be '1 of 2: NormalClose', '2 of 2: ErrorTaken', 'done'
        $progress[-1].RecordType | Should -Be Completed
    }
}

Describe '-WhatIf' {
    It 'shows what would be done and does nothing' {
        $folder = "$TestDrive/whatif"
        $said = Invoke-PowerShell "Import-Module '$root/BrokenPipeTools.psd1'; Invoke-BrokenPipeScenario PipeReaderGone, NormalClose -CapturePath '$folder' -WhatIf"
        if (-not $IsWindows) {
            $said[0] | Should -Be 'What if: Performing the operation "make a pipe, and close its reader" on target "PipeReaderGone".'
        }
        $said[-1] | Should -Be 'What if: Performing the operation "open a listener on the loopback interface, and connect to it" on target "NormalClose".'
        $folder | Should -Not -Exist
    }
}

Describe '-CapturePath' {
    It 'keeps packets for which Get-PcapConnectionClose gives the same record' {
        Push-Location $TestDrive
        try {
            $result = Invoke-BrokenPipeScenario ResetOnAccept -CapturePath ./lab -WarningVariable skipped -WarningAction SilentlyContinue
        }
        finally {
            Pop-Location
        }
        if ($result.CaptureNote) {
            "$skipped" | Should -Be "No packets are written to $TestDrive$([IO.Path]::DirectorySeparatorChar)lab: $($result.CaptureNote)"
            Set-ItResult -Inconclusive -Because $result.CaptureNote
            return
        }
        (Resolve-Path $result.CapturePath).Path | Should -Be (Resolve-Path "$TestDrive/lab/ResetOnAccept.pcapng").Path
        $read = Get-PcapConnectionClose $result.CapturePath
        $read.State, $read.ClosedBy, $read.Sequence | Should -Be $result.State, $result.ClosedBy, $result.Sequence
    }

    It 'is one error if it cannot be made, and everything is run' {
        Set-Content "$TestDrive/file" 'in the way'
        $result = Invoke-BrokenPipeScenario ResetOnAccept, NormalClose -CapturePath "$TestDrive/file/lab" -ErrorVariable problem -ErrorAction SilentlyContinue
        $result.Passed | Should -Be $true, $true
        $problem.Count | Should -Be 1
        $problem[0].FullyQualifiedErrorId | Should -Be 'CaptureWriteFailed,BrokenPipeTools.Commands.InvokeBrokenPipeScenarioCommand'
        $problem[0].TargetObject | Should -BeLike '*file*lab'
    }

    It 'is an error if it has the name of a capture file, and nothing is run: <_>' -ForEach 'x.pcapng', 'x.PCAP', 'x.cap' {
        { Invoke-BrokenPipeScenario ResetOnAccept -CapturePath "$TestDrive/$_" } |
            Should -Throw "*${_}: the name of a capture file, but each scenario writes a file of its own; name the folder for these files" -ErrorId 'CapturePathNotFolder,*'
        "$TestDrive/$_" | Should -Not -Exist
    }

    It 'may be a folder with such a name that exists' {
        $null = New-Item "$TestDrive/folder.pcapng" -ItemType Directory
        (Invoke-BrokenPipeScenario ResetOnAccept -CapturePath "$TestDrive/folder.pcapng" -WarningAction SilentlyContinue).Passed | Should -BeTrue
    }

    It 'is one error if it is not a folder of the file system' {
        $null = Invoke-BrokenPipeScenario ResetOnAccept -CapturePath Variable:lab -ErrorVariable problem -ErrorAction SilentlyContinue
        $problem.FullyQualifiedErrorId | Should -Be 'NotFileSystemPath,BrokenPipeTools.Commands.InvokeBrokenPipeScenarioCommand'
    }

    It 'and -NoCapture exclude each other' {
        { Invoke-BrokenPipeScenario NormalClose -CapturePath x -NoCapture } | Should -Throw -ErrorId 'AmbiguousParameterSet,*'
    }
}

Describe 'A result' {
    BeforeAll { $result = Invoke-BrokenPipeScenario WriteAfterClose }

    It 'fits tables of 80 and 120 columns' {
        foreach ($width in 80, 120) {
            $lines = ($result | Out-String -Width $width) -split '\r?\n' | ForEach-Object TrimEnd
            $columns = 'Name IP Passed Seconds Observed' + $(if ($width -eq 120) { ' State Sequence' })
            ($lines -match '^Name') -replace ' +', ' ' | Should -Be $columns
            if ($IsLinux) {
                $lines -match '^WriteAfterClose' | Should -Match '^WriteAfterClose +4 True +0\.\d{6} C:send=EPIPE C:recv=EOF'
            }
        }
    }

    It 'has its steps as a ladder in the list' {
        $lines = ($result | Format-List | Out-String -Width 160) -split '\r?\n' | ForEach-Object TrimEnd
        foreach ($step in $result.Steps) {
            @($lines | Where-Object { $_.EndsWith("$step") }).Count | Should -BeGreaterThan 0
        }
        @($lines -match '^(\w+) +: ?' -replace ' *:.*') | Should -Be ([BrokenPipeTools.Reports.ReadingOrder]::ScenarioResult)
    }

    It 'shows its steps in tables of 80 and 120 columns' {
        foreach ($width in 80, 120) {
            $lines = ($result.Steps | Out-String -Width $width) -split '\r?\n' | ForEach-Object TrimEnd
            $columns = ' # Elapsed Side Call Result Errno TcpState' + $(if ($width -eq 120) { ' Bytes Expected' })
            ($lines -match '^ +# ') -replace ' +', ' ' | Should -Be $columns
        }
    }

    It 'has its values after ConvertTo-Json' {
        $back = $result | ConvertTo-Json -Depth 5 -EnumsAsStrings -WarningVariable warnings | ConvertFrom-Json
        $warnings | Should -BeNullOrEmpty
        $back.Name, $back.Passed, $back.Cause | Should -Be 'WriteAfterClose', $true, 'WriteAfterPeerClose'
        $back.Steps.Result | Should -Be $result.Steps.Result
        $back.Connections.Sequence | Should -Be $result.Connections.Sequence
    }

    It 'has its values after Export-Csv' {
        $result | Select-Object * -ExcludeProperty Steps, Connections | Export-Csv "$TestDrive/results.csv"
        $back = Import-Csv "$TestDrive/results.csv"
        $back.Observed, $back.Cause, $back.Sequence | Should -Be $result.Observed, "$($result.Cause)", "$($result.Sequence)"
    }

    It 'looks the same after remoting' {
        $back = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($result, 1))
        $back | Out-String -Width 120 | Should -Be ($result | Out-String -Width 120)
        $back.Steps | Should -Be @($result.Steps | ForEach-Object ToString)
    }

    It 'runs in Start-ThreadJob' -Skip:(-not $threadJobs) {
        $job = Start-ThreadJob { Import-Module "$using:root/BrokenPipeTools.psd1"; Invoke-BrokenPipeScenario ResetOnAccept -NoCapture }
        ($job | Wait-Job -Timeout 120 | Receive-Job -AutoRemoveJob -Wait).Passed | Should -BeTrue
    }

    It 'is the same from many threads in parallel' {
        $results = 1..8 | ForEach-Object -Parallel { Import-Module "$using:root/BrokenPipeTools.psd1"; Invoke-BrokenPipeScenario WriteAfterClose, PipeReaderGone -NoCapture } -ThrottleLimit 8
        $results.Count | Should -Be 16
        $results | Where-Object -Not Passed | ForEach-Object Problem | Should -BeNullOrEmpty
    }
}

Describe 'Stopped in the middle' -Skip:(-not ($IsLinux -and $threadJobs)) {
    It 'leaves no listener' {
        Get-OwnListener | Should -BeNullOrEmpty
        # Its client waits three seconds for the connection.
        $job = Start-ThreadJob { Import-Module "$using:root/BrokenPipeTools.psd1"; Invoke-BrokenPipeScenario AcceptQueueOverflow }
        Wait-Until { Get-OwnListener }
        $job | Stop-Job
        $job.State | Should -Be Stopped
        $job.Error | Should -BeNullOrEmpty
        Get-OwnListener | Should -BeNullOrEmpty
        $job | Remove-Job
    }

    It 'leaves no child' {
        $job = Start-ThreadJob { Import-Module "$using:root/BrokenPipeTools.psd1"; while ($true) { Invoke-BrokenPipeScenario PeerKilled -NoCapture } }
        Wait-Until { $job.Output.Count -gt 3 }
        $job | Stop-Job
        $job.State | Should -Be Stopped
        Get-OwnChild | Should -BeNullOrEmpty
        Get-OwnListener | Should -BeNullOrEmpty
        $job | Remove-Job
    }
}

Describe 'Help' {
    It 'shows the real output of the first example' -Skip:(-not $IsLinux) {
        $shown = (Get-Help Invoke-BrokenPipeScenario).examples.example[0]
        $written = (& ([scriptblock]::Create($shown.code)) | Out-String -Width 110) -split '\r?\n' | ForEach-Object Trim | Where-Object Length
        $shown = $shown.remarks[0].Text -split '\r?\n' | ForEach-Object Trim | Where-Object Length
        $written -replace ':\d+\)', ':PORT)' -replace ' +', ' ' | Should -Be ($shown -replace ':\d+\)', ':PORT)' -replace ' +', ' ')
    }

    It 'of the list shows the real output of its examples' -Skip:(-not $IsLinux) {
        foreach ($example in (Get-Help Get-BrokenPipeScenario).examples.example) {
            $written = (& ([scriptblock]::Create($example.code)) | Out-String -Width 110) -split '\r?\n' | ForEach-Object TrimEnd | Where-Object Length
            $written | Should -Be ($example.remarks[0].Text -split '\r?\n' | ForEach-Object TrimEnd | Where-Object Length)
        }
    }
}
