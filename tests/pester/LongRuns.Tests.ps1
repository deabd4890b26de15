# Captures that take a while: progress, Ctrl+C, pipes that keep one waiting.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    Import-Module "$PSScriptRoot/CaptureBytes.psm1"
    $long = "$TestDrive/long.pcap"
    New-LongCapture -Path $long -Packets 6000000

    function Start-Reading([string] $Path) {
        $shell = [powershell]::Create()
        $null = $shell.AddScript("Import-Module '$root/BrokenPipeTools.psd1'; Get-PcapConnectionClose '$Path'")
        [pscustomobject] @{ Shell = $shell; Run = $shell.BeginInvoke() }
    }
}

Describe 'A long capture' {
    It 'shows its progress, and removes the progress bar' {
        $reading = Start-Reading $long
        $null = Receive-Run $reading.Shell $reading.Run
        $progress = @($reading.Shell.Streams.Progress | Where-Object Activity -EQ 'Reading captures')
        $progress.Count | Should -BeGreaterThan 1
        $progress[0].StatusDescription | Should -BeLike 'long.pcap: * frames, * MiB, 1 connections held'
        $progress[0].RecordType | Should -Be Processing
        $progress[0].PercentComplete | Should -BeIn (0..100)
        $progress[-1].RecordType | Should -Be Completed
        $reading.Shell.Dispose()
    }

    It 'stops immediately, without an error, and closes the file' {
        $reading = Start-Reading $long
        Wait-Until { $reading.Shell.Streams.Progress.Count -gt 0 }
        Stop-Run $reading.Shell
        $reading.Shell.Streams.Error | Should -BeNullOrEmpty
        if ($IsLinux) {
            Get-ChildItem "/proc/$PID/fd" | ForEach-Object LinkTarget | Should -Not -Contain $long
        }
        # On Windows a file that is held open cannot be moved.
        Move-Item $long "$long.moved"
        Move-Item "$long.moved" $long
        $reading.Shell.Dispose()
    }

    It 'stops when the consumer needs no more objects' {
        if (-not $IsLinux) {
            Set-ItResult -Skipped -Because 'open files are listed in /proc'
            return
        }
        $two = "$TestDrive/two.pcap"
        [System.IO.File]::WriteAllBytes($two, (Get-PcapHeader) + (Get-PcapRecord (Get-SynFrame 40000)) + (Get-PcapRecord (Get-SynFrame 40001)))
        $null = Get-PcapConnectionClose $two | Select-Object -First 1
        Get-ChildItem "/proc/$PID/fd" | ForEach-Object LinkTarget | Should -Not -Contain $two
    }
}

Describe 'A short capture' {
    It 'shows no progress' {
        $reading = Start-Reading "$root/tests/captures/graceful-close.pcap"
        @(Receive-Run $reading.Shell $reading.Run).Count | Should -Be 1
        $reading.Shell.Streams.Progress | Where-Object Activity -EQ 'Reading captures' | Should -BeNullOrEmpty
        $reading.Shell.Dispose()
    }
}

Describe 'A named pipe' {
    BeforeAll {
        $pipe = "$TestDrive/pipe"
        if (-not $IsWindows) {
            mkfifo $pipe
        }
    }

    It 'is read to its end' -Skip:$IsWindows {
        $reading = Start-Reading $pipe
        $writer = [System.IO.File]::Open($pipe, 'Open', 'Write', 'ReadWrite')
        $bytes = [System.IO.File]::ReadAllBytes("$root/tests/captures/graceful-close.pcap")
        $writer.Write($bytes, 0, $bytes.Length)
        $writer.Dispose()
        (Receive-Run $reading.Shell $reading.Run).State | Should -Be Graceful
        $reading.Shell.Dispose()
    }

    It 'can be stopped while its writer sends nothing' -Skip:$IsWindows {
        $reading = Start-Reading $pipe
        $writer = [System.IO.File]::Open($pipe, 'Open', 'Write', 'ReadWrite')
        Start-Sleep -Milliseconds 300
        Stop-Run $reading.Shell
        $writer.Dispose()
        $reading.Shell.Dispose()
    }
}
