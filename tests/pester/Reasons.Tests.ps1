# The plain words of the payload in a record: the server's name, and the reason that a side states before it closes.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/CaptureBytes.psm1"

    # A request and what the server answers, then the server's FIN. Both sides begin at sequence number 1.
    function New-Exchange([string] $Path, [string] $Request, [string] $Answer, [int] $Wait = 60) {
        $ask = [System.Text.Encoding]::Latin1.GetBytes($Request)
        $reply = [System.Text.Encoding]::Latin1.GetBytes($Answer)
        $segments = @(
            @{ At = 0; FromClient = $true; Seq = 0; Ack = 0; Flags = 0x02; Data = @() }
            @{ At = 0; FromClient = $false; Seq = 0; Ack = 1; Flags = 0x12; Data = @() }
            @{ At = 0; FromClient = $true; Seq = 1; Ack = 1; Flags = 0x10; Data = @() }
            @{ At = 1; FromClient = $true; Seq = 1; Ack = 1; Flags = 0x18; Data = $ask }
            @{ At = 1 + $Wait; FromClient = $false; Seq = 1; Ack = 1 + $ask.Length; Flags = 0x18; Data = $reply }
            @{ At = 1 + $Wait; FromClient = $false; Seq = 1 + $reply.Length; Ack = 1 + $ask.Length; Flags = 0x11; Data = @() }
        )
        [byte[]] $bytes = Get-PcapHeader
        foreach ($s in $segments) {
            $bytes += Get-PcapRecord (Get-Frame $s) (1700000000 + $s.At)
        }
        [System.IO.File]::WriteAllBytes($Path, $bytes)
    }

    function Get-Frame($Segment) {
        function Split([uint32] $Number, [int] $Bytes) { for ($i = $Bytes - 1; $i -ge 0; $i--) { ($Number -shr (8 * $i)) -band 255 } }
        $ports = @((40000, 80), (80, 40000))[[int](-not $Segment.FromClient)]
        $hosts = @((1, 2), (2, 1))[[int](-not $Segment.FromClient)]
        [byte[]] $frame = [byte[]]::new(12) + (0x08, 0x00) +
            (0x45, 0) + (Split (40 + $Segment.Data.Length) 2) + (0, 0, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, $hosts[0], 10, 0, 0, $hosts[1]) +
            (Split $ports[0] 2) + (Split $ports[1] 2) + (Split $Segment.Seq 4) + (Split $Segment.Ack 4) + (0x50, $Segment.Flags, 4, 0, 0, 0, 0, 0) + $Segment.Data
        , $frame
    }
}

Describe 'ServerName, ClientCloseReason and ServerCloseReason' {
    It 'name unencrypted reasons, and refine advice and idle time' {
        New-Exchange "$TestDrive/408.pcap" "POST / HTTP/1.1`r`nHost: api.example.org`r`n" "HTTP/1.1 408 Request Time-out`r`nConnection: close`r`n`r`n"
        New-Exchange "$TestDrive/host.pcap" "POST / HTTP/1.1`r`nHost: api.example.org`r`n`r`n" "HTTP/1.1 503 x`r`n`r`n" -Wait 0
        $timeout = Get-PcapConnectionClose "$TestDrive/408.pcap"
        $timeout.ServerCloseReason | Should -BeExactly 'HTTP 408 Request Timeout'
        $timeout.ClientCloseReason | Should -BeNullOrEmpty
        $timeout.Cause | Should -Be IdleTimeout
        $timeout.IdleBeforeClose | Should -Be 60
        $timeout.Explanation | Should -BeLike '*The server answered HTTP 408 Request Timeout (frame 5) and closed.'
        $timeout.Advice | Should -BeLike '*client_header_timeout*'
        (Get-PcapConnectionClose "$TestDrive/host.pcap").ServerName | Should -BeExactly 'api.example.org'
        (Get-PcapConnectionClose "$root/tests/captures/close-with-unread-data.pcap").ServerCloseReason | Should -BeExactly 'HTTP 413 Content Too Large'
    }

    It 'are columns of Export-Csv and lines of Format-List' {
        New-Exchange "$TestDrive/host.pcap" "GET / HTTP/1.1`r`nHost: api.example.org`r`n`r`n" "HTTP/1.1 503 x`r`n`r`n" -Wait 0
        $row = Get-PcapConnectionClose "$TestDrive/host.pcap" | Select-Object Row | ConvertTo-Csv | ConvertFrom-Csv
        ($row.ServerName, $row.ServerCloseReason, $row.ClientCloseReason) | Should -Be @('api.example.org', 'HTTP 503 Service Unavailable', '')
        $text = Get-PcapConnectionClose "$TestDrive/host.pcap" | Format-List | Out-String
        $text | Should -Match 'ServerName\s+: api\.example\.org'
        $text | Should -Match 'ServerCloseReason\s+: HTTP 503 Service Unavailable'
    }

    It 'contain no text of a hostile payload' {
        $hostile = "$([char]27)]0;owned$([char]7)$([char]27)[2J" + ('A' * 1200)
        New-Exchange "$TestDrive/hostile.pcap" "GET / HTTP/1.1`r`nHost: a$($hostile)b`r`n`r`n" "421 $hostile`r`n"
        $record = Get-PcapConnectionClose "$TestDrive/hostile.pcap"
        $record.ServerName | Should -BeNullOrEmpty
        $record.ServerCloseReason | Should -BeExactly 'reply 421 service not available, closing'
        $record.Explanation | Should -Not -Match '[\x00-\x1f]|AAAA'
    }
}
