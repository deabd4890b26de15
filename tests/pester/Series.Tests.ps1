# -Continuous: the files of a ring buffer are one capture, judged by Wireshark's own cutter and merger.

BeforeDiscovery {
    $tools = @(Get-Command editcap, mergecap -ErrorAction Ignore).Count -eq 2
    if (-not $tools) {
        Write-Warning 'editcap and mergecap are not installed: what -Continuous makes of a rotated capture IS NOT COMPARED WITH THEIRS'
    }
}

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    $tool = (Get-ChildItem "$root/src/BrokenPipeTools.Cli/bin/*/net10.0/brokenpipe$($IsWindows ? '.exe' : '')" | Sort-Object LastWriteTime)[-1].FullName

    # Everything a record has but the name of its file, and the filter: in a file of a series the stream has another number.
    function Get-Text($Record) {
        $Record | Select-Object * -ExcludeProperty Path, WiresharkFilter | ConvertTo-Json -Depth 4 -EnumsAsStrings -Compress
    }
}

Describe 'A rotated capture' -Skip:(-not $tools) {
    BeforeAll {
        # All of our own captures in one, their connections over one another in time, cut every few frames.
        $whole = "$TestDrive/whole.pcapng"
        & mergecap -w $whole (Get-ChildItem "$root/tests/captures/*.pcap*").FullName
        $expected = Get-Text (Get-PcapConnectionClose $whole)
    }

    It 'cut every <_> frames gives the records of the merged file' -ForEach 1, 3, 8 {
        $folder = (New-Item -ItemType Directory "$TestDrive/every$_").FullName
        & editcap -c $_ $whole "$folder/ring.pcapng"
        & mergecap -w "$TestDrive/merged$_.pcapng" (Get-ChildItem $folder).FullName
        Get-Text (Get-PcapConnectionClose "$TestDrive/merged$_.pcapng") | Should -Be $expected
        $records = Get-ChildItem $folder | Get-PcapConnectionClose -Continuous -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        $records.Path | Select-Object -Unique | Should -Be (Get-ChildItem $folder)[0].FullName
        Get-Text $records | Should -Be $expected
        Get-Text (Get-PcapConnectionClose "$folder/*" -Continuous) | Should -Be $expected
    }

    It 'gives the same records on the command line' {
        $folder = (New-Item -ItemType Directory "$TestDrive/cli").FullName
        & editcap -c 4 $whole "$folder/ring.pcapng"
        $said = & $tool close --continuous --format json (Get-ChildItem $folder).FullName | ConvertFrom-Json
        $alone = & $tool close --format json $whole | ConvertFrom-Json
        Get-Text $said | Should -Be (Get-Text $alone)
    }

    It 'is distinguished from captures that are not one' {
        $folder = (New-Item -ItemType Directory "$TestDrive/apart").FullName
        & editcap -c 3 $whole "$folder/ring.pcapng"
        @(Get-ChildItem $folder | Get-PcapConnectionClose).Count | Should -BeGreaterThan @($expected | ConvertFrom-Json).Count
    }

    It 'whose files are in the wrong order causes a warning' {
        $folder = (New-Item -ItemType Directory "$TestDrive/order").FullName
        & editcap -c 4 $whole "$folder/ring.pcapng"
        $null = Get-ChildItem $folder | Sort-Object Name -Descending | Get-PcapConnectionClose -Continuous -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -BeLike '*begins before the previous file*'
    }
}

Describe 'A series with a file that is missing' {
    It 'is an error of that file, and the others are read' {
        $files = "$root/tests/captures/graceful-close.pcap", "$TestDrive/none.pcap", "$root/tests/captures/refused-connect.pcap"
        $records = Get-PcapConnectionClose -LiteralPath $files -Continuous -ErrorVariable problems -ErrorAction SilentlyContinue -WarningAction SilentlyContinue
        $records.Count | Should -Be 3
        $problems.FullyQualifiedErrorId | Should -Be 'CaptureNotFound,BrokenPipeTools.Commands.GetPcapConnectionCloseCommand'
        $problems.TargetObject | Should -Be $files[1]
    }

    It 'of wildcards that match nothing is a warning' {
        Get-PcapConnectionClose "$TestDrive/*.none" -Continuous -ErrorAction Stop -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$warnings" | Should -BeLike '*no file matches'
    }
}
