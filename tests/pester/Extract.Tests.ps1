# Connections leave as a small capture or as a ticket.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    $capture = "$root/tests/captures/write-after-peer-close.pcapng"
    $folder = Join-Path ([System.IO.Path]::GetTempPath()) ([guid]::NewGuid())
    New-Item -ItemType Directory $folder | Out-Null
}

AfterAll {
    Remove-Item -Recurse -Force $folder
}

Describe 'Export-PcapConnectionClose' {
    It 'writes the packets, and the capture has the same record' {
        $record = Get-PcapConnectionClose $capture
        $file = $record | Export-PcapConnectionClose "$folder/ticket.pcapng" -PassThru
        $file | Should -BeOfType System.IO.FileInfo
        $again = Get-PcapConnectionClose $file
        $again.Cause | Should -Be $record.Cause
        $again.Packets | Should -Be $record.Packets
        $again.StartTime | Should -Be $record.StartTime
    }

    It 'writes a ticket' {
        Get-PcapConnectionClose $capture | Export-PcapConnectionClose "$folder/ticket.md" | Should -BeNullOrEmpty
        Get-Content "$folder/ticket.md" -Raw | Should -Match '^## 127\.0\.0\.1:40202 > 127\.0\.0\.1:5432: WriteAfterPeerClose\n'
    }

    It 'refuses records that were saved, with one error, and writes nothing' {
        Get-PcapConnectionClose $capture | Export-Clixml "$folder/records.xml"
        $saved = @(Import-Clixml "$folder/records.xml") * 3
        { $saved | Export-PcapConnectionClose "$folder/saved.md" } | Should -Throw -ErrorId 'RecordWithoutPackets,*' -ExceptionType ([System.ArgumentException])
        "$folder/saved.md" | Should -Not -Exist
    }

    It 'writes a connection of two overlapping runs once' {
        $records = @(Get-PcapConnectionClose $capture) + @(Get-PcapConnectionClose $capture)
        $file = $records | Export-PcapConnectionClose "$folder/twice.pcapng" -PassThru -ErrorAction Stop
        (Get-PcapConnectionClose $file).Packets | Should -Be $records[0].Packets
    }

    It 'writes a page' {
        Get-PcapConnectionClose $capture | Export-PcapConnectionClose "$folder/page.html"
        $page = Get-Content "$folder/page.html" -Raw
        $page | Should -Match 'Content-Security-Policy'
        $page | Should -Match '<th scope="row">WriteAfterPeerClose</th>'
    }

    It 'leaves out addresses and payload with -Anonymize' {
        $record = Get-PcapConnectionClose $capture
        $again = $record | Export-PcapConnectionClose "$folder/anonymous.pcapng" -Anonymize -PassThru | Get-PcapConnectionClose
        $again.ClientAddress | Should -Be '10.213.0.1'
        $again.ClientPort | Should -Be $record.ClientPort
        $again.Sequence | Should -Be $record.Sequence
        $again.Cause | Should -Be $record.Cause
        $again.CaptureQuality | Should -Match 'Snapped'
        $record | Export-PcapConnectionClose "$folder/anonymous.md" -Anonymize
        Get-Content "$folder/anonymous.md" -Raw | Should -Not -Match '127\.0\.0\.1|write-after'
    }

    It 'takes a relative path from the current location' {
        Push-Location $folder
        try {
            Get-PcapConnectionClose $capture | Export-PcapConnectionClose relative.pcapng
        } finally {
            Pop-Location
        }
        "$folder/relative.pcapng" | Should -Exist
    }

    It 'overwrites with -Force only' {
        $record = Get-PcapConnectionClose $capture
        $record | Export-PcapConnectionClose "$folder/there.md"
        { $record | Export-PcapConnectionClose "$folder/there.md" } | Should -Throw -ErrorId 'CaptureFileExists,*'
        { $record | Export-PcapConnectionClose "$folder/there.md" -Force } | Should -Not -Throw
    }

    It 'writes nothing with -WhatIf, and nothing without a record' {
        Get-PcapConnectionClose $capture | Export-PcapConnectionClose "$folder/none.pcapng" -WhatIf
        Get-PcapConnectionClose $capture | Where-Object Cause -EQ StillOpen | Export-PcapConnectionClose "$folder/none.pcapng"
        "$folder/none.pcapng" | Should -Not -Exist
    }

    It 'names a missing folder, and the path once' {
        $problem = { Get-PcapConnectionClose $capture | Export-PcapConnectionClose "$folder/none/ticket.md" } | Should -Throw -ErrorId 'CaptureWriteFailed,*' -PassThru
        "$problem" | Should -Be "$([System.IO.Path]::GetFullPath("$folder/none/ticket.md")): no such folder"
    }

    It 'lists the valid extensions' {
        { Get-PcapConnectionClose $capture | Export-PcapConnectionClose "$folder/ticket.doc" } | Should -Throw '*.pcapng, .md, .html*' -ErrorId 'ExportFormatUnknown,*'
    }

    It 'reports a capture that is gone' {
        Copy-Item $capture "$folder/gone.pcapng"
        $record = Get-PcapConnectionClose "$folder/gone.pcapng"
        Remove-Item "$folder/gone.pcapng"
        $record | Export-PcapConnectionClose "$folder/out.pcapng" -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems.FullyQualifiedErrorId | Should -BeLike 'CaptureNotFound,*'
    }
}
