# Compare-PcapConnectionClose. The captures here are those of the repository: each is compared with itself, or with another one.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    $capture = "$root/tests/captures/write-after-peer-close.pcapng"
    $other = "$root/tests/captures/graceful-close.pcap"
    $id = 'BrokenPipeTools.Commands.ComparePcapConnectionCloseCommand'
}

Describe 'Compare-PcapConnectionClose' {
    It 'finds nothing that was lost, forged or changed between a capture and itself' {
        $compared = Compare-PcapConnectionClose $capture $capture
        $compared | Should -BeOfType BrokenPipeTools.Reports.ConnectionComparison
        $compared.Verdict, $compared.Confidence | Should -Be Consistent, High
        $compared.ReferenceStream, $compared.DifferenceStream, $compared.ClockOffset | Should -Be 0, 0, 0
        $compared.Reference.Cause, $compared.Difference.Cause | Should -Be WriteAfterPeerClose, WriteAfterPeerClose
        ($compared.Packets | Where-Object Kind -eq Rst).ReferenceFrame | Should -Be 11
    }

    It 'does not conclude from packets after the end of a capture' {
        $bytes = [System.IO.File]::ReadAllBytes($other)
        [System.IO.File]::WriteAllBytes("$TestDrive/half.pcap", $bytes[0..([int]($bytes.Length * 0.8))])
        $compared = Compare-PcapConnectionClose $other "$TestDrive/half.pcap" -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Match 'half.pcap: the file ends in the middle of a frame'
        $compared.Verdict | Should -Be Undetermined
        $compared.Explanation | Should -Not -BeNullOrEmpty
    }

    It 'gives the rows of the command line' {
        $cli = & dotnet "$root/src/BrokenPipeTools.Cli/bin/Release/net10.0/brokenpipe.dll" compare --format csv $capture $capture | ConvertFrom-Csv
        Compare-PcapConnectionClose $capture $capture | Select-Object Row | ConvertTo-Csv | ConvertFrom-Csv | ConvertTo-Csv | Should -Be ($cli | ConvertTo-Csv)
    }

    It 'resolves wildcards, and reads several files of a place' {
        Compare-PcapConnectionClose "$root/tests/captures/*.pcap*" "$root/tests/captures/*.pcap*" | Should -HaveCount 5
        Compare-PcapConnectionClose $capture, $other $other | Should -HaveCount 1
    }

    It 'warns if the captures have no connection in common' {
        Compare-PcapConnectionClose $capture $other -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$warnings" | Should -Be 'the two captures have no connection in common'
    }

    It 'has an error for a missing capture, and one for standard input given twice' {
        Compare-PcapConnectionClose "$TestDrive/none.pcap" $other -ErrorVariable problems -ErrorAction SilentlyContinue -WarningAction SilentlyContinue -WarningVariable warnings | Should -BeNullOrEmpty
        $problems[0].FullyQualifiedErrorId | Should -Be "CaptureNotFound,$id"
        $warnings | Should -BeNullOrEmpty -Because 'nothing can be in common with a capture that is missing'
        { Compare-PcapConnectionClose - - } | Should -Throw -ErrorId "StandardInputTwice,$id"
    }

    It 'takes one capture from standard input' {
        Invoke-PowerShell "Import-Module '$root/BrokenPipeTools.psd1'; (Compare-PcapConnectionClose - '$other').Verdict" -InputBytes ([System.IO.File]::ReadAllBytes($other)) | Should -Be Consistent
    }

    It 'has a table within 80 columns, and the same values after Clixml' {
        $lines = Compare-PcapConnectionClose $capture $capture | Out-String -Width 80 -Stream
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
        $lines | Where-Object { $_ -match 'Consistent +High' } | Should -HaveCount 1
        @($lines | Where-Object { $_.Trim() }) | Should -HaveCount 3 -Because 'no column is so narrow that it fills the screen'
        Compare-PcapConnectionClose $capture $capture | Export-Clixml "$TestDrive/compared.xml"
        (Import-Clixml "$TestDrive/compared.xml").Verdict -eq [BrokenPipeTools.Reports.ComparisonVerdict]::Consistent | Should -BeTrue
    }

    It 'stops while it reads' -Skip:$IsWindows {
        mkfifo "$TestDrive/pipe"
        $shell = [powershell]::Create().AddScript("Import-Module '$root/BrokenPipeTools.psd1'; Compare-PcapConnectionClose '$TestDrive/pipe' '$other'")
        $run = $shell.BeginInvoke()
        $writer = [System.IO.File]::Open("$TestDrive/pipe", 'Open', 'Write', 'ReadWrite') # returns once the cmdlet has opened it
        $shell.Stop()
        $run.IsCompleted | Should -BeTrue
        $shell.InvocationStateInfo.State | Should -Be Stopped
        $writer.Dispose()
        $shell.Dispose()
    }
}
