# What users write: the ways in, and what comes out of the pipeline.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    $captures = "$root/tests/captures"
    # From elsewhere: nothing in the module may depend on the current directory.
    Push-Location ([System.IO.Path]::GetTempPath())
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    Pop-Location
    # Only these four: other captures may come to lie in the folder.
    $mine = "$TestDrive/captures"
    $null = New-Item -ItemType Directory $mine
    'close-with-unread-data.pcap', 'graceful-close.pcap', 'refused-connect.pcap', 'write-after-peer-close.pcapng' |
        ForEach-Object { Copy-Item -LiteralPath "$captures/$_" -Destination $mine }
    Push-Location $mine
}

AfterAll { Pop-Location }

Describe 'The module' {
    It 'exports its cmdlets and nothing else' {
        (Get-Command -Module BrokenPipeTools).Name | Sort-Object | Should -Be ((Import-PowerShellDataFile "$root/BrokenPipeTools.psd1").CmdletsToExport | Sort-Object)
        (Get-Module BrokenPipeTools).ExportedVariables.Count | Should -Be 0
    }

    It 'loads nothing but its own two assemblies' {
        # In a process of its own: the specs before this one have captured live.
        $files = Invoke-PowerShell "Import-Module '$root/BrokenPipeTools.psd1'; `$null = Get-PcapConnectionClose '$root/tests/captures/graceful-close.pcap'
            [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { -not `$_.IsDynamic -and `$_.Location.StartsWith('$root/bin') } |
                ForEach-Object { [System.IO.Path]::GetFileName(`$_.Location) } | Sort-Object"
        $files | Should -Be 'BrokenPipeTools.dll', 'BrokenPipeTools.Engine.dll'
    }
}

Describe 'Input' {
    It 'reads a file by name' {
        $record = Get-PcapConnectionClose write-after-peer-close.pcapng
        $record.State | Should -Be Reset
        $record.ClosedBy | Should -Be Server
        $record.Sequence | Should -Be 'S:FIN C:ACK C:DATA(9) S:RST'
        $record.Path | Should -Be (Get-Item write-after-peer-close.pcapng).FullName
        $record.StartTime.Kind | Should -Be Utc
    }

    It 'reads several files, in their order' {
        (Get-PcapConnectionClose graceful-close.pcap, refused-connect.pcap).State | Should -Be Graceful, Refused, Refused
    }

    It 'resolves wildcards' {
        (Get-PcapConnectionClose *.pcap*).Count | Should -Be 5
    }

    It 'warns of a wildcard without a match, and reads the next file' {
        $records = Get-PcapConnectionClose *.nothing, graceful-close.pcap -ErrorVariable problems -WarningVariable warnings -WarningAction SilentlyContinue
        $records.State | Should -Be Graceful
        $problems | Should -BeNullOrEmpty
        $warnings | Should -Be '*.nothing: no file matches'
    }

    It 'skips a directory from the pipeline, with a verbose line: <Form>' -ForEach @(
        @{ Form = 'Get-ChildItem'; Make = { param($folder) Get-ChildItem $folder } }
        @{ Form = 'names'; Make = { param($folder) "$folder/a", "$folder/b.pcap" } }
    ) {
        $folder = "$TestDrive/$([guid]::NewGuid())"
        $null = New-Item -ItemType Directory "$folder/a"
        Copy-Item graceful-close.pcap "$folder/b.pcap"
        $lines = & $Make $folder | Get-PcapConnectionClose -Verbose -ErrorAction Stop 4>&1
        ($lines | Where-Object { $_ -isnot [System.Management.Automation.VerboseRecord] }).State | Should -Be Graceful
        "$($lines[0])" | Should -Be "$((Get-Item "$folder/a").FullName): a directory, skipped"
    }

    It 'opens a name that is not UTF-8, from <Form>' -Skip:(-not $IsLinux) -ForEach @(
        @{ Form = 'a FileInfo'; Make = { param($folder) [System.IO.DirectoryInfo]::new($folder).GetFiles() | Get-PcapConnectionClose -ErrorAction Stop } }
        @{ Form = 'a wildcard'; Make = { param($folder) Get-PcapConnectionClose "$folder/*.pcap" -ErrorAction Stop } }
    ) {
        $folder = "$TestDrive/$([guid]::NewGuid())"
        $null = New-Item -ItemType Directory $folder
        sh -c 'cp "$1" "$0/$(printf "m\351.pcap")"' $folder (Get-Item graceful-close.pcap).FullName
        try {
            $record = & $Make $folder
            $record.State | Should -Be Graceful
            [System.IO.Path]::GetFileName($record.Path) | Should -Be "m`u{FFFD}.pcap"
        }
        finally {
            sh -c 'rm -r "$0"' $folder
        }
    }

    It 'skips folders that a wildcard matches' {
        $null = New-Item -ItemType Directory "$TestDrive/mixed/folder"
        Copy-Item graceful-close.pcap "$TestDrive/mixed"
        (Get-PcapConnectionClose "$TestDrive/mixed/*" -ErrorAction Stop).State | Should -Be Graceful
    }

    It 'takes files from Get-ChildItem' {
        (Get-ChildItem *.pcap | Get-PcapConnectionClose).Count | Should -Be 4
    }

    It 'takes <Form>' -ForEach @(
        @{ Form = 'names'; Make = { 'graceful-close.pcap' } }
        @{ Form = 'full names'; Make = { (Get-Item graceful-close.pcap).FullName } }
        @{ Form = 'objects with a FullName'; Make = { [System.IO.DirectoryInfo]::new($PWD.ProviderPath).GetFiles('graceful*') } }
        @{ Form = 'objects with a Path, such as its own records'; Make = { Get-PcapConnectionClose graceful-close.pcap } }
        @{ Form = 'provider paths'; Make = { "Microsoft.PowerShell.Core\FileSystem::$PWD/graceful-close.pcap" } }
    ) {
        (& $Make | Get-PcapConnectionClose -ErrorAction Stop).State | Should -Be Graceful
    }

    It 'takes <Name> by its literal name' -ForEach @(
        @{ Name = 'cap[1].pcap' }
        @{ Name = 'cap*.pcap' }
        @{ Name = 'cap 12:30:00.pcap' }
    ) {
        if ($IsWindows -and $Name -match '[*:]') {
            Set-ItResult -Skipped -Because 'Windows has no such file names'
            return
        }
        $folder = New-Item -ItemType Directory "$TestDrive/$([guid]::NewGuid())"
        [System.IO.File]::Copy((Get-Item graceful-close.pcap).FullName, "$folder/$Name")
        (Get-ChildItem -LiteralPath $folder | Get-PcapConnectionClose -ErrorAction Stop).State | Should -Be Graceful
        (Get-PcapConnectionClose -LiteralPath "$folder/$Name" -ErrorAction Stop).State | Should -Be Graceful
        Push-Location -LiteralPath $folder
        try {
            (Get-PcapConnectionClose $Name -ErrorAction Stop).State | Should -Be Graceful
        }
        finally {
            Pop-Location
        }
    }

    It 'takes the name that tab completion writes' {
        [System.IO.File]::Copy("$captures/graceful-close.pcap", "$TestDrive/completed[2].pcap")
        $line = "Get-PcapConnectionClose $TestDrive/completed"
        $name = (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText.Trim("'")
        $name | Should -BeLike '*completed``[[]2``].pcap' # with backticks, as for every command of PowerShell
        (Get-PcapConnectionClose $name -ErrorAction Stop).State | Should -Be 'Graceful'
    }

    It 'reads standard input' {
        $bytes = [System.IO.File]::ReadAllBytes((Get-Item graceful-close.pcap).FullName)
        Invoke-PowerShell -InputBytes $bytes "Import-Module '$root/BrokenPipeTools.psd1'; Get-PcapConnectionClose - | ForEach-Object { '{0} {1}' -f `$_.Path, `$_.State }" |
            Should -Be '- Graceful'
    }
}

Describe 'Output' {
    It 'filters and groups' {
        $groups = Get-ChildItem *.pcap* | Get-PcapConnectionClose | Where-Object State -eq Reset | Group-Object ServerPort
        $groups.Name | Should -Be '5432', '8443'
        $groups | ForEach-Object Count | Should -Be 1, 1
    }

    It 'filters and groups by cause' {
        $records = Get-PcapConnectionClose *.pcap*
        ($records | Where-Object Cause -EQ WriteAfterPeerClose).ServerPort | Should -Be 5432
        ($records | Where-Object Cause -EQ ConnectionRefused).Count | Should -Be 2
        $groups = $records | Group-Object Cause -NoElement
        ($groups | Where-Object Name -EQ ConnectionRefused).Count | Should -Be 2
        ($groups | Measure-Object Count -Sum).Sum | Should -Be 5
        ($records | Where-Object BrokenPipe -EQ None).Cause | Should -Be NormalClose
        ($records | Sort-Object Confidence -Descending)[0].Confidence | Should -Be High
    }

    It 'has a set of properties for the diagnosis, and one for the calls' {
        $record = Get-PcapConnectionClose write-after-peer-close.pcapng
        ($record | Select-Object Diagnosis).psobject.Properties.Name | Should -Be Stream, Cause, Confidence, Explanation, Advice, Evidence, Alternatives
        $calls = $record | Select-Object Calls
        $calls.ClientRead, $calls.ClientWrite, $calls.BrokenPipe | Should -Be 'EOF', 'EPIPE', 'Client'
    }

    It 'keeps every flat property in Export-Csv' {
        $records = Get-PcapConnectionClose *.pcap*
        $records | Select-Object * -ExcludeProperty Errors, Evidence, Alternatives, Events | Export-Csv "$TestDrive/flat.csv"
        $rows = Import-Csv "$TestDrive/flat.csv"
        $names = [BrokenPipeTools.Reports.ConnectionClose].GetProperties().Name | Where-Object { $_ -notin 'Errors', 'Evidence', 'Alternatives', 'Events' }
        $rows[0].psobject.Properties.Name | Sort-Object | Should -Be ($names | Sort-Object)
        foreach ($index in 0..4) {
            foreach ($name in 'ClientRead', 'ClientWrite', 'ServerRead', 'ServerWrite', 'BrokenPipe', 'Cause', 'Confidence', 'Explanation', 'Advice') {
                $rows[$index].$name | Should -BeExactly "$($records[$index].$name)"
            }
        }
    }

    It 'goes through Export-Csv and back' {
        Get-PcapConnectionClose *.pcap* | Export-Csv "$TestDrive/closes.csv"
        $rows = Import-Csv "$TestDrive/closes.csv"
        $rows.Count | Should -Be 5
        ($rows | Where-Object ServerPort -EQ 5432).Sequence | Should -Be 'S:FIN C:ACK C:DATA(9) S:RST'
        ($rows | Where-Object ServerPort -EQ 8080).State | Should -Be 'Graceful'
    }

    It 'goes through ConvertTo-Json without losing depth' {
        $json = Get-PcapConnectionClose write-after-peer-close.pcapng | ConvertTo-Json -Depth 3 -EnumsAsStrings -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        $back = $json | ConvertFrom-Json
        $back.State | Should -Be 'Reset'
        $back.Events.Count | Should -Be 4
        $back.Events[-1].Note | Should -Be 'probably no socket'
        $back.Cause | Should -Be 'WriteAfterPeerClose'
        $back.Errors[0].Writes | Should -Be 'EPIPE', 'EPIPE', 'EPIPE'
        $back.Evidence.Frame | Should -Be 8, 10, 11
    }

    It 'keeps every flat property through remoting' {
        $record = Get-PcapConnectionClose write-after-peer-close.pcapng
        $back = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($record, 1))
        $flat = [BrokenPipeTools.Reports.ConnectionClose].GetProperties() | Where-Object Name -NotIn Errors, Evidence, Alternatives, Events
        $flat.Count | Should -BeGreaterThan 30
        foreach ($property in $flat) {
            "$($property.Name)=$($back.($property.Name))" | Should -Be "$($property.Name)=$($record.($property.Name))"
        }
        foreach ($name in 'Errors', 'Evidence', 'Alternatives', 'Events') {
            $back.$name | Should -Be @($record.$name | ForEach-Object ToString)
        }
    }

    It 'runs in parallel runspaces' {
        $root = $root
        $states = (Get-ChildItem *.pcap*).FullName | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module "$using:root/BrokenPipeTools.psd1"
            Get-PcapConnectionClose -LiteralPath $_
        }
        $states.State | Sort-Object | Should -Be Graceful, Reset, Reset, Refused, Refused
    }

    It 'streams: the consumer has the first record before the last file is opened' {
        $first = 'graceful-close.pcap', 'no-such-file.pcap' | Get-PcapConnectionClose -ErrorVariable problems | Select-Object -First 1
        $first.State | Should -Be Graceful
        $problems | Should -BeNullOrEmpty
    }
}

Describe 'Bounds' {
    It 'takes a plain number of -Linger for seconds' {
        $parameters = (Get-Command Get-PcapConnectionClose).Parameters
        $parameters['Linger'].ParameterType | Should -Be ([timespan])
        { Get-PcapConnectionClose graceful-close.pcap -Linger 86400 -ErrorAction Stop } | Should -Not -Throw
        { Get-PcapConnectionClose graceful-close.pcap -Linger 86401 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { Get-PcapConnectionClose graceful-close.pcap -Linger '2.00:00:00' } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'needs room for at least one connection' {
        { Get-PcapConnectionClose graceful-close.pcap -MaxConnections 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'evicts if -MaxConnections is exceeded' {
        Import-Module "$PSScriptRoot/CaptureBytes.psm1"
        $bytes = (Get-PcapHeader) + (Get-PcapRecord (Get-SynFrame 40000)) + (Get-PcapRecord (Get-SynFrame 40001))
        [System.IO.File]::WriteAllBytes("$TestDrive/two.pcap", $bytes)
        (Get-PcapConnectionClose "$TestDrive/two.pcap" -MaxConnections 1).State | Should -Be Evicted, Unanswered
        (Get-PcapConnectionClose "$TestDrive/two.pcap").State | Should -Be Unanswered, Unanswered
    }
}
