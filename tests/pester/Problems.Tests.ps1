# Unreadable input: its error id, and that the next capture is still read.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/CaptureBytes.psm1"
    $good = "$TestDrive/good.pcap"
    Copy-Item -LiteralPath "$root/tests/captures/graceful-close.pcap" -Destination $good
    $command = 'BrokenPipeTools.Commands.GetPcapConnectionCloseCommand'

    function Write-Capture([string] $Name, [byte[]] $Bytes) {
        [System.IO.File]::WriteAllBytes("$TestDrive/$Name", $Bytes)
        "$TestDrive/$Name"
    }
}

Describe 'A bad path' {
    It 'is <Id> if it is <What>, and the next capture is read' -ForEach @(
        @{ What = 'missing'; Id = 'CaptureNotFound'; Category = 'ObjectNotFound'; Make = { "$TestDrive/none.pcap" } }
        @{ What = 'a folder'; Id = 'CaptureIsDirectory'; Category = 'InvalidArgument'; Make = { "$TestDrive" } }
        @{ What = 'of another provider'; Id = 'NotFileSystemPath'; Category = 'InvalidArgument'; Make = { 'env:PATH' } }
        @{ What = 'on no drive'; Id = 'CaptureNotFound'; Category = 'ObjectNotFound'; Make = { 'nodrive:\x.pcap' } }
        @{ What = 'empty'; Id = 'CaptureEmpty'; Category = 'InvalidData'; Make = { Write-Capture empty.pcap ([byte[]]::new(0)) } }
        @{ What = 'a text'; Id = 'CaptureFormatUnknown'; Category = 'InvalidData'; Make = { Write-Capture text.pcap ([System.Text.Encoding]::ASCII.GetBytes('Not a capture, only its name.')) } }
        @{ What = 'of a link type that is not decoded'; Id = 'LinkTypeUnsupported'; Category = 'NotImplemented'; Make = { Write-Capture usb.pcap ((Get-PcapHeader -LinkType 186) + (Get-PcapRecord (Get-SynFrame))) } }
    ) {
        $path = & $Make
        $records = Get-PcapConnectionClose -LiteralPath $path, $good -ErrorVariable problems -ErrorAction SilentlyContinue
        $records.State | Should -Be Graceful
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -Be "$Id,$command"
        $problems[0].CategoryInfo.Category | Should -Be $Category
        $problems[0].TargetObject | Should -Be $path
        "$($problems[0])" | Should -BeLike "$path`: *"
    }

    It 'is an error of the same id by -Path' {
        $null = Get-PcapConnectionClose "$TestDrive/none.pcap" -ErrorVariable problems -ErrorAction SilentlyContinue
        $problems[0].FullyQualifiedErrorId | Should -Be "CaptureNotFound,$command"
    }

    It 'is reported once if it has wildcards: <_>' -ForEach 'env:*', 'nodrive:*' {
        $records = Get-PcapConnectionClose $_, $good -ErrorVariable problems -ErrorAction SilentlyContinue
        $records.State | Should -Be Graceful
        $problems.Count | Should -Be 1
    }

    It 'is reported as missing if no file can have its name' {
        $records = Get-PcapConnectionClose "a`0b", $good -ErrorVariable problems -ErrorAction SilentlyContinue
        $records.State | Should -Be Graceful
        $problems.FullyQualifiedErrorId | Should -Be "CaptureNotFound,$command"
    }

    It 'ends the command under -ErrorAction Stop' {
        { Get-PcapConnectionClose "$TestDrive/none.pcap", $good -ErrorAction Stop } | Should -Throw -ErrorId "CaptureNotFound,$command"
    }

    It 'may be one that this user may not read' {
        if ($IsWindows -or (id -u) -eq 0) {
            Set-ItResult -Skipped -Because 'root may read everything, and Windows has other rights'
            return
        }
        $path = Write-Capture secret.pcap ([byte[]](1, 2, 3, 4))
        chmod 000 $path
        $records = Get-PcapConnectionClose $path, $good -ErrorVariable problems -ErrorAction SilentlyContinue
        $records.State | Should -Be Graceful
        $problems[0].FullyQualifiedErrorId | Should -Be "CaptureAccessDenied,$command"
    }

    It 'is an error without a wait if standard input is a terminal' {
        if ([Console]::IsInputRedirected) {
            Set-ItResult -Skipped -Because 'standard input is redirected here'
            return
        }
        Get-PcapConnectionClose - -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -Be "StandardInputIsTerminal,$command"
    }
}

Describe 'A truncated capture' {
    It 'gives its records, and a warning that names the file and the offset' {
        $whole = [System.IO.File]::ReadAllBytes($good)
        $path = Write-Capture cut.pcap $whole[0..($whole.Length - 11)]
        # The last frame has 66 bytes of 82 that its record takes.
        $offset = $whole.Length - 82
        $records = Get-PcapConnectionClose $path, $good -WarningVariable warnings -WarningAction SilentlyContinue -ErrorAction Stop
        $records.Packets | Should -Be 9, 10
        $warnings.Count | Should -Be 1
        "$($warnings[0])" | Should -BeLike "$path*byte offset $offset*"
    }
}

Describe 'A damaged capture' {
    It 'gives the records before the damage, then an error that names the offset' {
        $damage = [byte[]] (0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 255, 127, 255, 255, 255, 127)
        $before = (Get-PcapHeader) + (Get-PcapRecord (Get-SynFrame))
        $path = Write-Capture damaged.pcap ($before + $damage + [byte[]]::new(100))
        $records = Get-PcapConnectionClose $path, $good -ErrorVariable problems -ErrorAction SilentlyContinue
        $records.State | Should -Be Unanswered, Graceful
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -Be "CaptureDamaged,$command"
        $problems[0].Exception.Offset | Should -Be $before.Length
        "$($problems[0])" | Should -BeLike "*byte offset $($before.Length)*"
    }
}
