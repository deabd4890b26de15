# Input of a diagnosis besides the packets: the local side, and the site's own timers.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    $jobs = Test-StartJob
}

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    $broken = "$root/tests/captures/write-after-peer-close.pcapng"
    $graceful = "$root/tests/captures/graceful-close.pcap"
    $command = 'BrokenPipeTools.Commands.GetPcapConnectionCloseCommand'
    $header = 'Seconds,Mode,Closer,Product,Source'

    # Another process, to which the record's words come as text.
    function Invoke-Pwsh([string] $Script) {
        Invoke-PowerShell "Import-Module '$root/BrokenPipeTools.psd1'; $Script"
    }
}

Describe '-LocalAddress' {
    It 'explains from that side; on loopback from the client''s' {
        (Get-PcapConnectionClose $broken -LocalAddress 127.0.0.1).Explanation | Should -BeLike 'Your program kept writing (frame 10) after the server closed (FIN, frame 8*'
        (Get-PcapConnectionClose $broken -LocalAddress ::1, 127.0.0.1).Explanation | Should -BeLike 'Your program kept writing*'
    }

    It 'changes nothing for connections of other hosts' {
        (Get-PcapConnectionClose $broken -LocalAddress 192.0.2.1, 2001:db8::1).Explanation | Should -Be (Get-PcapConnectionClose $broken).Explanation
    }

    It 'takes the addresses that this host has' {
        $addresses = [System.Net.NetworkInformation.NetworkInterface]::GetAllNetworkInterfaces() |
            ForEach-Object { $_.GetIPProperties().UnicastAddresses } | ForEach-Object Address
        (Get-PcapConnectionClose $broken -LocalAddress $addresses).Explanation | Should -BeLike 'Your program kept writing*'
    }

    It 'is an error if a text is not an address' {
        { Get-PcapConnectionClose $broken -LocalAddress here } | Should -Throw -ErrorId 'CannotConvertArgumentNoMessage,*'
    }
}

Describe '-TimerFile' {
    BeforeAll {
        Set-Content "$TestDrive/site.csv" $header, '5,Fin,Server,"edge, rack 3",wiki'
        [pscustomobject]@{ Product = 'pool'; Seconds = 1.5; Mode = 'Fin'; Closer = 'Client' } | Export-Csv "$TestDrive/exported.csv"
    }

    It 'is read, relative to the current location and from the output of Export-Csv' {
        Push-Location $TestDrive
        try {
            (Get-PcapConnectionClose $graceful -TimerFile site.csv).State | Should -Be Graceful
            (Get-PcapConnectionClose $graceful -TimerFile ./exported.csv).State | Should -Be Graceful
        }
        finally {
            Pop-Location
        }
    }

    It 'is one error that ends the command before any capture is read, if it is <What>' -ForEach @(
        @{ What = 'missing'; Make = { "$TestDrive/none.csv" }; Message = '*none.csv: no such file' }
        @{ What = 'a folder'; Make = { "$TestDrive" }; Message = '*: a directory' }
        @{ What = 'a capture'; Make = { $graceful }; Message = '*graceful-close.pcap: not UTF-8 text' }
        @{ What = 'of another provider'; Make = { 'env:PATH' }; Message = 'env:PATH: a path of the Environment provider; a table of timers is a file' }
        @{ What = 'on no drive'; Make = { 'nodrive:\t.csv' }; Message = 'nodrive:\t.csv: *' }
        @{ What = 'wrong in a line'; Make = { Set-Content "$TestDrive/bad.csv" $header, '60,Fin,Server,x,', '60,Sudden,Server,y,'; "$TestDrive/bad.csv" }; Message = "*bad.csv, line 3: Mode must be one of Fin, Reset, ResetInReply, Silence, HalfClosed, KeepAlive, not 'Sudden'" }
    ) {
        $path = & $Make
        $records = [System.Collections.Generic.List[object]]::new()
        $problem = { Get-PcapConnectionClose "$TestDrive/no-capture.pcap", $graceful -TimerFile $path | ForEach-Object { $records.Add($_) } } |
            Should -Throw -PassThru -ErrorId "TimerFileInvalid,$command"
        $problem.CategoryInfo.Category | Should -Be InvalidData
        $problem.TargetObject | Should -Be $path
        "$problem" | Should -BeLike $Message
        $records.Count | Should -Be 0
    }

    It 'applies only to its own command if several run in parallel' {
        $same = 1..4 | ForEach-Object -Parallel {
            Import-Module "$using:root/BrokenPipeTools.psd1"
            $table = "$using:TestDrive/parallel-$_.csv"
            Set-Content $table $using:header, "1,Fin,Server,box $_,"
            1..20 | ForEach-Object { (Get-PcapConnectionClose $using:graceful -TimerFile $table).Explanation } | Sort-Object -Unique
        }
        $same | Sort-Object -Unique | Should -Be (Get-PcapConnectionClose $graceful).Explanation
    }

    It 'and -LocalAddress reach a job''s records' -Skip:(-not $jobs) {
        Invoke-Pwsh "Start-Job { Import-Module '$root/BrokenPipeTools.psd1'; Get-PcapConnectionClose '$broken' -LocalAddress 127.0.0.1 -TimerFile '$TestDrive/site.csv' } | Receive-Job -Wait | ForEach-Object Explanation" |
            Should -BeLike 'Your program kept writing*'
    }
}

Describe '-Cause' {
    BeforeAll {
        $all = Get-PcapConnectionClose "$root/tests/captures/*.pcap*"
    }

    It 'writes only the connections with those causes: <_>' -ForEach 'ConnectionRefused', 'connectionrefused', 'HealthProbe', 'EarlyResponse,NormalClose' {
        $causes = $_ -split ','
        $wanted = @($all | Where-Object { "$($_.Cause)" -in $causes })
        $found = @(Get-PcapConnectionClose "$root/tests/captures/*.pcap*" -Cause $causes)
        $found | ForEach-Object { "$_ $($_.Explanation)" } | Should -Be @($wanted | ForEach-Object { "$_ $($_.Explanation)" })
    }

    It 'takes wildcards: <_>' -ForEach '*refused', 'Normal*,[eE]arly*', '?ormalClose' {
        $patterns = $_ -split ','
        $wanted = @($all | Where-Object { $cause = "$($_.Cause)"; $patterns | Where-Object { $cause -like $_ } })
        $wanted.Count | Should -BeGreaterThan 0
        @(Get-PcapConnectionClose "$root/tests/captures/*.pcap*" -Cause $patterns).Cause | Should -Be @($wanted.Cause)
    }

    It 'takes the value of a record' {
        (Get-PcapConnectionClose "$root/tests/captures/*.pcap*" -Cause $all[0].Cause).Cause | Should -Contain $all[0].Cause
    }

    It 'lists the valid causes if the cause is unknown' -ForEach 'Bug', '4', '*Bug', '[', '' {
        { Get-PcapConnectionClose "$root/tests/captures/*.pcap*" -Cause $_ } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*' -PassThru |
            ForEach-Object { if ($_) { "$_" } } | Should -Match $(if ($_) { 'WriteAfterPeerClose, ZeroWindowStall' } else { 'empty' })
    }
}
