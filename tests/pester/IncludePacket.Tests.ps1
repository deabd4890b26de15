# -IncludePacket: the bytes of the frames that decide, PacketDotNet's view of them, and that neither gets into what is written out.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/CaptureBytes.psm1", "$PSScriptRoot/SpecTools.psm1"
    $broken = "$root/tests/captures/write-after-peer-close.pcapng"
    $captures = "$root/tests/captures/*.pcap*"

    # In a process of its own, because assemblies cannot be unloaded.
    function Invoke-WithModule([string] $Script) {
        Invoke-PowerShell "`$ErrorActionPreference = 'Stop'; Import-Module '$root/BrokenPipeTools.psd1'; $Script"
    }

    function Get-Written($Close) {
        [System.Management.Automation.PSSerializer]::Serialize($Close, 1)
        [System.Management.Automation.PSSerializer]::Serialize($Close, 5)
        $Close | ConvertTo-Json -Depth 6 -WarningAction Ignore
        $Close | ConvertTo-Csv
        $Close.Events | ConvertTo-Csv
        $Close | Format-List * | Out-String
        $Close.Events | Format-List * | Out-String
        $Close.Events | Select-Object * | ConvertTo-Json -Depth 6
    }
}

Describe '-IncludePacket' {
    It 'gives the events of the evidence their bytes, and no other event' {
        $close = Get-PcapConnectionClose $broken -IncludePacket
        ($close.Events | Where-Object RawCapture).Frame | Should -Be $close.Evidence.Frame
        $close.Events.Count | Should -BeGreaterThan $close.Evidence.Count
        ($close.Events | Where-Object { $null -eq $_.RawCapture -and $null -eq $_.Packet }).Count | Should -Be ($close.Events.Count - $close.Evidence.Count)
    }

    It 'gives nothing without it' {
        $close = Get-PcapConnectionClose $broken
        $close.Events | ForEach-Object { $_.RawCapture | Should -BeNullOrEmpty; $_.Packet | Should -BeNullOrEmpty }
    }

    It 'has the shape of SharpPcap''s RawCapture' {
        $rst = (Get-PcapConnectionClose $broken -IncludePacket).Events[-1]
        $raw = $rst.RawCapture
        , $raw.Data | Should -BeOfType ([byte[]])
        $raw.Data.Count, $raw.PacketLength, $raw.LinkLayerType | Should -Be 54, 54, 1
        $raw.Timeval.Date | Should -Be $rst.Time
        [datetime]::UnixEpoch.AddSeconds($raw.Timeval.Seconds).AddMicroseconds($raw.Timeval.MicroSeconds) | Should -Be $rst.Time
        "$($raw.Timeval)" | Should -Be ('{0}.{1:000000}s' -f $raw.Timeval.Seconds, $raw.Timeval.MicroSeconds)
    }

    It 'has bytes that the same command accepts as packets' {
        $close = Get-PcapConnectionClose $broken -IncludePacket
        $again = $close.Events.RawCapture | Get-PcapConnectionClose -IncludePacket
        $again.Packets | Should -Be $close.Evidence.Count
        $again.State | Should -Be $close.State
        $again.EndTime | Should -Be $close.EndTime
        $again.Events[-1].RawCapture.Data | Should -Be $close.Events[-1].RawCapture.Data
    }

    It 'works for standard input, a series, gzip and packets of the pipeline' {
        $frames = (Get-PcapConnectionClose $broken -IncludePacket).Events.RawCapture.ForEach({ "$_" })
        $series = Get-PcapConnectionClose $broken -Continuous -IncludePacket
        $series.Events.RawCapture.ForEach({ "$_" }) | Should -Be $frames
        $gzip = "$TestDrive/broken.pcapng.gz"
        $stream = [System.IO.Compression.GZipStream]::new([System.IO.File]::Create($gzip), [System.IO.Compression.CompressionLevel]::Fastest)
        $stream.Write([System.IO.File]::ReadAllBytes($broken))
        $stream.Dispose()
        (Get-PcapConnectionClose $gzip -IncludePacket).Events.RawCapture.ForEach({ "$_" }) | Should -Be $frames
    }
}

Describe 'Packet' {
    It 'is the packet that PacketDotNet decodes' {
        $close = Get-PcapConnectionClose $broken -IncludePacket
        $packet = $close.Events[-1].Packet
        $packet.GetType().FullName | Should -Be 'PacketDotNet.EthernetPacket'
        $tcp = $packet.PayloadPacket.PayloadPacket
        $tcp.Reset, $tcp.SourcePort, $tcp.DestinationPort | Should -Be $true, $close.ServerPort, $close.ClientPort
        "$($packet.PayloadPacket.SourceAddress)" | Should -Be $close.ServerAddress
    }

    It 'decodes a frame that was cut: the payload has the bytes that were captured' {
        $records = Get-PcapConnectionClose $captures -IncludePacket
        $packets = @($records.Events.Packet)
        $packets.Count | Should -Be @($records.Events.RawCapture).Count
        foreach ($packet in $packets) {
            { $packet.PayloadPacket.PayloadPacket.PayloadData } | Should -Not -Throw
        }
    }

    It 'is null for a damaged frame and for a link type that PacketDotNet does not decode' {
        $null = (Get-PcapConnectionClose $broken -IncludePacket).Events[-1].Packet # loads the bridge
        $bridge = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'BrokenPipeTools.SharpPcap' }
        $decoder = $bridge.GetType('BrokenPipeTools.SharpPcap.Packets.PacketDotNetDecoder', $true)
        $instance = [System.Activator]::CreateInstance($decoder, $true)
        $frame = (Get-PcapConnectionClose $broken -IncludePacket).Events[0].RawCapture.Data
        $instance.Decode($frame, 1) | Should -Not -BeNullOrEmpty
        $instance.Decode($frame, 10) | Should -BeNullOrEmpty
        $instance.Decode($frame, 70000) | Should -BeNullOrEmpty
        $instance.Decode($frame[0..20], 1) | Should -BeNullOrEmpty
        $instance.Decode([byte[]]::new(0), 1) | Should -BeNullOrEmpty

        # A TCP option of length 0: PacketDotNet's own list of the options never ends.
        $endless = [byte[]] $frame.Clone()
        $endless[14 + 20 + 20], $endless[14 + 20 + 21] = 2, 0
        $instance.Decode($endless, 1) | Should -BeNullOrEmpty
    }
}

Describe 'Written output' {
    It 'is the same with the bytes as without, in every format' {
        $without = Get-Written (Get-PcapConnectionClose $captures)
        $with = Get-Written (Get-PcapConnectionClose $captures -IncludePacket)
        $with | Should -Be $without
        $without | Should -Not -Match 'RawCapture|PacketDotNet'
    }

    It 'has every property of an event except those two' {
        $rung = (Get-PcapConnectionClose $broken -IncludePacket).Events[0]
        $all = [BrokenPipeTools.Reports.CloseEvent].GetProperties().Name | Sort-Object
        $back = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($rung, 2))
        $back.psobject.Properties.Name | Sort-Object | Should -Be $all
        ($rung | ConvertTo-Json | ConvertFrom-Json).psobject.Properties.Name | Sort-Object | Should -Be $all
        ($rung | Get-Member -MemberType Properties).Name | Sort-Object | Should -Be $all
    }

    It 'has them if they are named' {
        $rung = (Get-PcapConnectionClose $broken -IncludePacket).Events[-1]
        ($rung | Select-Object Frame, RawCapture | ConvertTo-Json -Depth 3 | ConvertFrom-Json).RawCapture.Data | Should -Be $rung.RawCapture.Data
        $rung | Select-Object Frame, RawCapture | Export-Clixml "$TestDrive/rung.xml" -Depth 3
        $back = Import-Clixml "$TestDrive/rung.xml"
        $back.RawCapture.Data | Should -Be $rung.RawCapture.Data
        ($back.RawCapture | Get-PcapConnectionClose).Packets | Should -Be 1
    }
}

Describe 'The packages' {
    It 'are loaded when a packet is asked for, and not before' {
        $found = Invoke-WithModule "
            `$close = Get-PcapConnectionClose '$broken' -IncludePacket
            `$null = `$close.Events.RawCapture | Get-PcapConnectionClose
            `$null = `$close | Format-List * | Out-String
            function Loaded { @([AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -match '^(PacketDotNet|SharpPcap|BrokenPipeTools\.SharpPcap)$') }
            (Loaded).Count
            `$null = `$close.Events[-1].Packet
            Loaded"
        $found | Should -Be '0', 'BrokenPipeTools.SharpPcap', 'PacketDotNet'
    }

    It 'leave a session its own version of them' {
        $own = "$TestDrive/PacketDotNet.dll"
        $found = Invoke-WithModule "
            Add-Type -OutputAssembly '$own' -TypeDefinition '[assembly: System.Reflection.AssemblyVersion(""0.9.0.0"")] namespace PacketDotNet { public class Packet { } }'
            Add-Type -Path '$own'
            `$packet = (Get-PcapConnectionClose '$broken' -IncludePacket).Events[-1].Packet
            `$packet.PayloadPacket.PayloadPacket.Reset
            `$packet.GetType().Assembly.GetName().Version -gt '0.9.0.0'
            [PacketDotNet.Packet].Assembly.GetName().Version.ToString()"
        $found | Should -Be 'True', 'True', '0.9.0.0'
    }

    It 'leave a session the same version that it loaded from elsewhere' {
        Copy-Item -LiteralPath "$root/bin/lib/PacketDotNet.dll", "$root/bin/lib/SharpPcap.dll" -Destination $TestDrive
        $found = Invoke-WithModule "
            Add-Type -Path '$TestDrive/PacketDotNet.dll', '$TestDrive/SharpPcap.dll'
            `$packet = (Get-PcapConnectionClose '$broken' -IncludePacket).Events[-1].Packet
            `$packet -is [PacketDotNet.Packet]
            [PacketDotNet.Packet]::ParsePacket('Ethernet', `$packet.Bytes) -is [PacketDotNet.Packet]"
        $found | Should -Be 'False', 'True'
    }

    It 'may be missing: everything except Packet works' {
        $copy = "$TestDrive/module"
        $null = New-Item -ItemType Directory $copy
        Copy-Item -LiteralPath "$root/BrokenPipeTools.psd1", "$root/bin" -Destination $copy -Recurse
        Remove-Item -LiteralPath "$copy/bin/lib" -Recurse
        $found = Invoke-PowerShell "
            Import-Module '$copy/BrokenPipeTools.psd1'
            `$rung = (Get-PcapConnectionClose '$broken' -IncludePacket).Events[-1]
            `$rung.RawCapture.Data.Count; `$null -eq `$rung.Packet; `$Error.Count"
        $found | Should -Be '54', 'True', '0'
    }
}
