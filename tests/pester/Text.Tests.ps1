# Traces that were printed as text: from files, and from the pipeline with -FromText.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    $trace = "$root/tests/captures/two-sends-after-close.txt"
}

Describe 'a trace as text' {
    It 'is read like a capture, by its content' {
        $copy = New-Item -ItemType File "$TestDrive/from-a-ticket" -Force
        Copy-Item $trace $copy.FullName
        (Get-PcapConnectionClose $copy.FullName).Cause | Should -Be 'WriteAfterPeerClose'
        ($copy | Get-PcapConnectionClose).ClientWrite | Should -Be 'EPIPE'
    }

    It 'comes from the pipeline, as lines and as one string' {
        $lines = Get-Content $trace | Get-PcapConnectionClose -FromText
        $whole = Get-Content $trace -Raw | Get-PcapConnectionClose -FromText
        $lines.Cause | Should -Be 'WriteAfterPeerClose'
        $lines.Path | Should -Be '(pipeline)'
        $lines.ServerResetFrame | Should -Be 9
        ($whole | Format-List | Out-String) | Should -Be ($lines | Format-List | Out-String)
    }

    It 'is written in UTF-16 by Windows PowerShell' {
        Set-Content "$TestDrive/utf16.txt" (Get-Content $trace) -Encoding unicode
        (Get-PcapConnectionClose "$TestDrive/utf16.txt").Cause | Should -Be 'WriteAfterPeerClose'
    }

    It 'keeps host names' {
        $named = (Get-Content $trace) -replace '127\.0\.0\.1\.2222', 'db.example.mysql' -replace '127\.0\.0\.1\.', 'client.example.' | Get-PcapConnectionClose -FromText
        $named.ClientAddress | Should -Be 'client.example'
        $named.ServerAddress | Should -Be 'db.example'
        $named.ServerPort | Should -Be 3306
        $named.CommunityId | Should -BeNullOrEmpty
    }

    It 'names the missing data' {
        $record = Get-PcapConnectionClose $trace
        "$($record.CaptureQuality)" | Should -Be 'NoTimeToLive, NoIdentification, NoPayload, NoDate'
        $record.Events[0].TimeToLive | Should -BeNullOrEmpty
    }

    It 'shows with -Verbose which lines look like packets and cannot be read' {
        $verbose = (Get-Content $trace) + '14:03:22.000000 IP 127.0.0.1.40216 > 127.0.0.1.2222: Flags [P.], seq' | Get-PcapConnectionClose -FromText -Verbose 4>&1
        ($verbose | Out-String) | Should -Match 'could not be read: line 17: 14:03:22'
    }
}

Describe 'text that is not a trace' {
    It 'is an error that names the place and the action' {
        'root:x:0:0', 'daemon:x:1:1' | Get-PcapConnectionClose -FromText -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem.FullyQualifiedErrorId | Should -Match '^CaptureFormatUnknown'
        "$problem" | Should -Match 'tcpdump -w FILE\.pcap \(at byte offset 0\)'
    }

    It 'is an empty clipboard' {
        $null | Get-PcapConnectionClose -FromText -ErrorVariable problem -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problem.FullyQualifiedErrorId | Should -Match '^CaptureEmpty'
    }
}
