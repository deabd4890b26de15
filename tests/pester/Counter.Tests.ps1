# The kernel's counters: what a script moves, what becomes of its output and errors, names, other network namespaces.

BeforeDiscovery {
    $isRoot = $IsLinux -and (id -u) -eq 0
}

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/SpecTools.psm1"
}

Describe 'Get-TcpAbortCounter' -Skip:(-not $IsLinux) {
    It 'lists the counters with a description, and with -All the rest too' {
        $known = Get-TcpAbortCounter
        $known | Where-Object { -not $_.Meaning -or -not $_.Indicates -or -not $_.KernelFunction } | Should -BeNullOrEmpty
        $known.Name | Should -Contain TCPAbortOnMemory
        $known | Where-Object { $null -ne $_.Change } | Should -BeNullOrEmpty
        $all = Get-TcpAbortCounter -All
        $all.Count | Should -BeGreaterThan $known.Count
        ($all | Where-Object Name -EQ TCPPureAcks).Group | Should -Be Other
    }

    It 'writes the counters that a script block changed, and not its output' {
        $moved = Get-TcpAbortCounter { $result = Invoke-BrokenPipeScenario CloseWithUnreadData -NoCapture; $result }
        $result.Passed | Should -BeTrue
        $moved | ForEach-Object { $_ | Should -BeOfType BrokenPipeTools.Kernel.TcpAbortCounter }
        $moved.Change | Should -Not -Contain 0
        ($moved | Where-Object Name -EQ TCPAbortOnClose).Change | Should -BeGreaterOrEqual 1
        $moved[0].Duration | Should -BeGreaterThan 0
    }

    It 'takes a script block or a time, not both' {
        { Get-TcpAbortCounter { 1 } -Duration 1 } | Should -Throw -ExpectedMessage '*script block and -Duration exclude each other*'
        { Get-TcpAbortCounter -Duration 0.1 } | Should -Not -Throw
    }

    It 'lets the errors of a script block through' {
        $output = Get-TcpAbortCounter -All { Write-Error 'odd' -ErrorAction Continue } -ErrorAction Continue 2>&1
        "$($output[0])" | Should -Be 'odd'
        $output[0] | Should -BeOfType System.Management.Automation.ErrorRecord
        $output[1] | Should -BeOfType BrokenPipeTools.Kernel.TcpAbortCounter
    }

    It 'writes the counters of a script block that throws, and then its error' {
        $seen = [System.Collections.Generic.List[object]]::new()
        { Get-TcpAbortCounter -All { throw 'broken' } | ForEach-Object { $seen.Add($_) } } | Should -Throw broken
        $seen | Should -Not -BeNullOrEmpty
    }

    It 'takes names with wildcards, changed or not' {
        $counters = Get-TcpAbortCounter tcpaborton*, ListenDrops -Duration 0.05
        $counters.Name | Should -Contain TCPAbortOnLinger
        $counters.Name | Should -Contain ListenDrops
        $counters | ForEach-Object { $_.Change | Should -BeOfType long }
        Get-TcpAbortCounter NoSuch, NoSuch* -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId | Should -Be 'CounterNotFound,BrokenPipeTools.Commands.GetTcpAbortCounterCommand'
    }

    It 'completes names' {
        (Complete 'Get-TcpAbortCounter -Name TCPAbortOnM').CompletionText | Should -Be TCPAbortOnMemory
    }

    It 'takes a number for seconds, and no script block beside it' {
        (Get-TcpAbortCounter ListenDrops -Duration 0.2).Duration | Should -BeGreaterOrEqual 0.2
        { Get-TcpAbortCounter -Duration -1 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,BrokenPipeTools.Commands.GetTcpAbortCounterCommand'
        { Get-TcpAbortCounter -ScriptBlock { } -Duration 1 } | Should -Throw -ErrorId 'AmbiguousParameterSet,BrokenPipeTools.Commands.GetTcpAbortCounterCommand'
    }

    It 'stops immediately' {
        $shell = [powershell]::Create().AddScript("Import-Module '$root/BrokenPipeTools.psd1'; Get-TcpAbortCounter -Duration 600")
        $run = $shell.BeginInvoke()
        Wait-Until { $shell.Streams.Progress.Count -gt 0 }
        $shell.Stop()
        $shell.InvocationStateInfo.State | Should -Be Stopped
        $run.IsCompleted | Should -BeTrue
        $shell.Dispose()
    }

    It 'has a table by group within 80 columns, and the same values after Clixml' {
        $lines = Get-TcpAbortCounter | Format-Table | Out-String -Width 80 -Stream
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        $lines | Should -Contain '   Group: Overflow'
        Get-TcpAbortCounter | Export-Clixml "$TestDrive/counters.xml"
        (Import-Clixml "$TestDrive/counters.xml")[0].Group | Should -Be ([BrokenPipeTools.Kernel.TcpCounterGroup]::Abort)
        (Get-TcpAbortCounter | Select-Object Row | ConvertTo-Csv)[0] | Should -Be '"Name","Group","Value","Change","Limit","Meaning","Indicates","KernelFunction","Section","NetworkNamespace","Time","Duration"'
    }

    It 'reads another network namespace' -Skip:(-not $isRoot) {
        $other = Start-Process unshare '--net', 'sleep', '60' -PassThru
        try {
            Wait-Until { (readlink "/proc/$($other.Id)/ns/net") -ne (readlink /proc/self/ns/net) }
            $counter = Get-TcpAbortCounter ActiveOpens -NetworkNamespace $other.Id
            $counter.Value | Should -Be 0
            $counter.NetworkNamespace | Should -Be $other.Id
        }
        finally {
            $other.Kill()
        }
    }

    It 'has an error for a path that is not a network namespace' {
        { Get-TcpAbortCounter -NetworkNamespace 4194999 } | Should -Throw -ErrorId 'NetworkNamespaceNotFound,BrokenPipeTools.Commands.GetTcpAbortCounterCommand'
    }
}
