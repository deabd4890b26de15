# The parameters of Get-PcapConnectionClose that choose connections.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    $captures = 'close-with-unread-data.pcap', 'graceful-close.pcap', 'refused-connect.pcap', 'write-after-peer-close.pcapng' |
        ForEach-Object { "$root/tests/captures/$_" }
    $all = @(Get-PcapConnectionClose $captures)
    function Texts($records) { @($records | ForEach-Object { "$_ $($_.Explanation)" }) }
}

Describe 'A filter' {
    It 'writes the records of a run without it: <Name>' -ForEach @(
        @{ Name = 'an address'; Filter = @{ Address = '127.0.0.1' }; Wants = { $_.ClientAddress -eq '127.0.0.1' } }
        @{ Name = 'a prefix'; Filter = @{ Address = '127.0.0.0/8' }; Wants = { $_.ClientAddress -like '127.*' } }
        @{ Name = 'two families'; Filter = @{ Address = '::/0', '127.0.0.0/8' }; Wants = { $true } }
        @{ Name = 'an IPAddress'; Filter = @{ Address = [ipaddress]'::1' }; Wants = { $_.ClientAddress -eq '::1' } }
        @{ Name = 'ports of either side'; Filter = @{ Port = 5432, 40450 }; Wants = { $_.ServerPort -in 5432, 8080 } }
        @{ Name = 'a state'; Filter = @{ State = 'refused' }; Wants = { $_.State -eq 'Refused' } }
        @{ Name = 'states with a wildcard'; Filter = @{ State = 're*' }; Wants = { $_.State -in 'Refused', 'Reset' } }
        @{ Name = 'state and cause'; Filter = @{ State = 'Reset'; Cause = 'Early*' }; Wants = { $_.Cause -eq 'EarlyResponse' } }
        @{ Name = 'a text'; Filter = @{ Contains = 'HTTP/1.1' }; Wants = { $_.ServerCloseReason -like 'HTTP*' -or $_.Cause -eq 'EarlyResponse' } }
        @{ Name = 'a text that none has'; Filter = @{ Contains = 'b3a1c2d4-request' }; Wants = { $false } }
    ) {
        Texts (Get-PcapConnectionClose $captures @Filter) | Should -Be (Texts ($all | Where-Object $Wants))
    }

    It 'takes times of a record, UTC as they are' {
        $one = $all | Where-Object State -eq Graceful
        Texts (Get-PcapConnectionClose $captures -After $one.EndTime -Before $one.StartTime.AddSeconds(3600)) |
            Should -Be (Texts ($all | Where-Object { $_.EndTime -ge $one.EndTime -and $_.StartTime -le $one.StartTime.AddSeconds(3600) }))
        (Get-PcapConnectionClose $captures[1] -After $one.EndTime.ToLocalTime()).Count | Should -Be 1
        Get-PcapConnectionClose $captures[1] -After $one.EndTime.AddTicks(1) | Should -BeNullOrEmpty
        (Get-PcapConnectionClose $captures[1] -Before $one.StartTime.ToString('O')).Count | Should -Be 1
    }

    It 'is an error if After is later than Before' {
        { Get-PcapConnectionClose $captures -After '2026-01-02' -Before '2026-01-01' } | Should -Throw -ErrorId 'IntervalInvalid,*'
    }

    It 'refuses a text that is not an address: <_>' -ForEach 'localhost', '10.0.0', '10.0.0.0/33' {
        { Get-PcapConnectionClose $captures -Address $_ } | Should -Throw "*Not an IP address or prefix: '$_'*"
    }

    It 'refuses a text that is too long' {
        { Get-PcapConnectionClose $captures -Contains ('ä' * 128) } | Should -Throw '*256 bytes*at most 255*'
    }

    It 'names the states for one that does not exist' {
        { Get-PcapConnectionClose $captures -State Shut } | Should -Throw '*HalfClosed, Open*'
    }

    It 'completes states with their summaries' {
        $text = 'Get-PcapConnectionClose x -State Re'
        $found = ([System.Management.Automation.CommandCompletion]::CompleteInput($text, $text.Length, $null)).CompletionMatches
        $found.CompletionText | Should -Be 'Reset', 'Refused'
        $found[0].ToolTip | Should -BeLike 'A RST that the other side had to accept*'
    }
}
