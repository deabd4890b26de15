# Measure-PcapConnectionClose.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    $captures = 'close-with-unread-data.pcap', 'graceful-close.pcap', 'refused-connect.pcap', 'write-after-peer-close.pcapng' |
        ForEach-Object { "$root/tests/captures/$_" }
    $records = @(Get-PcapConnectionClose $captures)
    function Flat($lines) { @($lines | Select-Object Row | ConvertTo-Csv) }
}

Describe 'Measure-PcapConnectionClose' {
    It 'counts as Group-Object does' {
        $lines = $records | Measure-PcapConnectionClose
        foreach ($group in 'Cause', 'State', 'ClosedBy') {
            $lines | Where-Object Group -eq $group | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.Count)" } |
                Should -Be ($records | Group-Object $group | Sort-Object Name | ForEach-Object { "$($_.Name) $($_.Count)" })
        }
        $lines[0].Count | Should -Be $records.Count
    }

    It 'takes records that were saved or sent: <Way>' -ForEach @(
        @{ Way = 'CSV'; Convert = { $args[0] | Select-Object Row | ConvertTo-Csv | ConvertFrom-Csv } }
        @{ Way = 'JSON'; Convert = { $args[0] | Select-Object Row | ConvertTo-Json | ConvertFrom-Json } }
        @{ Way = 'JSON with names'; Convert = { $args[0] | ConvertTo-Json -Depth 4 -EnumsAsStrings | ConvertFrom-Json } }
        @{ Way = 'Clixml'; Convert = { $args[0] | Export-Clixml "$TestDrive/records.xml"; Import-Clixml "$TestDrive/records.xml" } }
    ) {
        Flat (& $Convert $records | Measure-PcapConnectionClose) | Should -Be (Flat ($records | Measure-PcapConnectionClose))
        "$((& $Convert $records | Measure-PcapConnectionClose)[0].Examples)" | Should -Be "$(($records | Measure-PcapConnectionClose)[0].Examples)"
    }

    It 'names the computer that a record came from' {
        $sent = $records[0] | Select-Object Row | ConvertTo-Csv | ConvertFrom-Csv | Add-Member PSComputerName web1 -PassThru
        ($sent | Measure-PcapConnectionClose)[0].Examples[0].Path | Should -BeExactly "web1:$($records[0].Path)"
    }

    It 'gives the rows of the command line' {
        $cli = & dotnet "$root/src/BrokenPipeTools.Cli/bin/Release/net10.0/brokenpipe.dll" summary --format csv @captures | ConvertFrom-Csv
        $records | Measure-PcapConnectionClose | Select-Object Row | ConvertTo-Csv | ConvertFrom-Csv | ConvertTo-Csv | Should -Be ($cli | ConvertTo-Csv)
    }

    It 'compares with a summary that was saved: <Way>' -ForEach @(
        @{ Way = 'ConvertTo-Json'; Save = { $args[0] | Select-Object Row | ConvertTo-Json } }
        @{ Way = 'with names'; Save = { $args[0] | ConvertTo-Json -Depth 4 -EnumsAsStrings } }
        @{ Way = 'the command line'; Save = { & dotnet "$root/src/BrokenPipeTools.Cli/bin/Release/net10.0/brokenpipe.dll" summary --format json $captures[2] } }
    ) {
        & $Save ($records | Where-Object State -eq Refused | Measure-PcapConnectionClose) | Set-Content "$TestDrive/before.json"
        $causes = $records | Measure-PcapConnectionClose -ReferencePath "$TestDrive/before.json" | Where-Object Group -eq Cause
        $causes | Where-Object Change -eq New | ForEach-Object Name | Should -Be EarlyResponse, NormalClose, WriteAfterPeerClose
        $refused = $causes | Where-Object Name -eq ConnectionRefused
        $refused.ReferenceCount, $refused.ReferenceShare, "$($refused.Change)" | Should -Be 2, 1, 'None'
    }

    It 'reports the error of a reference: <What>' -ForEach @(
        @{ What = 'missing'; Path = { "$TestDrive/none.json" }; Message = '*none.json: no such file' }
        @{ What = 'a capture'; Path = { $captures[0] }; Message = '*not a summary in JSON*' }
        @{ What = 'of another provider'; Path = { 'env:PATH' }; Message = 'env:PATH: a path of the Environment provider; a summary is a file' }
    ) {
        { $records | Measure-PcapConnectionClose -ReferencePath (& $Path) } | Should -Throw $Message -ErrorId 'SummaryReferenceInvalid,*'
    }

    It 'writes one error after all output if thresholds are exceeded' {
        $order = [System.Collections.Generic.List[string]]::new()
        $records | Measure-PcapConnectionClose -FailOn ConnectionRefused:1, 'Early*,SilentDrop' -ErrorVariable problems -ErrorAction SilentlyContinue | ForEach-Object { $order.Add($_.Group) }
        $order.Count | Should -Be @($records | Measure-PcapConnectionClose).Count
        @($problems).Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -Be 'ThresholdExceeded,BrokenPipeTools.Commands.MeasurePcapConnectionCloseCommand'
        "$($problems[0])" | Should -Be 'ConnectionRefused: 2 connections, accepted 1; Early*: 1 connection, accepted 0'
        $records | Measure-PcapConnectionClose -FailOn ConnectionRefused:2, SilentDrop -ErrorVariable problems | Should -Not -BeNullOrEmpty
        $problems | Should -BeNullOrEmpty
    }

    It 'reports an object that is not a record and counts the next' {
        $lines = 1, $records[0], ([pscustomobject]@{ Cause = 'NormalClose' }), $null | Measure-PcapConnectionClose -ErrorVariable problems -ErrorAction SilentlyContinue
        $lines[0].Count | Should -Be 1
        @($problems | ForEach-Object FullyQualifiedErrorId | Sort-Object -Unique) | Should -Be 'InputObjectNotRecord,BrokenPipeTools.Commands.MeasurePcapConnectionCloseCommand'
        @($problems).Count | Should -Be 3
    }

    It 'refuses a text that is not a threshold: <_>' -ForEach 'Bug', 'NormalClose:x' {
        { $records | Measure-PcapConnectionClose -FailOn $_ } | Should -Throw "*'$_'*"
    }

    It 'completes causes' {
        $text = 'Measure-PcapConnectionClose -FailOn Middle'
        ([System.Management.Automation.CommandCompletion]::CompleteInput($text, $text.Length, $null)).CompletionMatches.CompletionText | Should -Be MiddleboxReset
    }

    It 'keeps enumerations and texts after a job' {
        $back = Start-Job { Import-Module "$using:root/BrokenPipeTools.psd1"; Get-PcapConnectionClose $using:captures | Measure-PcapConnectionClose } | Receive-Job -Wait -AutoRemoveJob
        $back[1].Group -eq [BrokenPipeTools.Reports.SummaryGroup]::Cause | Should -BeTrue
        Flat $back | Should -Be (Flat ($records | Measure-PcapConnectionClose))
    }
}
