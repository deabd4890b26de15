# -InputObject: packets that another program has captured, and what the parameter leaves to -Path and -LiteralPath.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/CaptureBytes.psm1"
    $captures = "$root/tests/captures"
    $command = 'BrokenPipeTools.Commands.GetPcapConnectionCloseCommand'

    # As SharpPcap 6 has them, the bytes in a field; and the two ways in which its versions keep a time.
    Add-Type -TypeDefinition @'
namespace BrokenPipeTools.Specs
{
    public enum LinkLayers : ushort { Null = 0, Ethernet = 1, RawLegacy = 12 }

    public class PosixTimeval
    {
        public PosixTimeval(ulong seconds, ulong microseconds) { Seconds = seconds; MicroSeconds = microseconds; }
        public ulong Seconds { get; set; }
        public ulong MicroSeconds { get; set; }
    }

    public class DecimalTimeval : PosixTimeval
    {
        public DecimalTimeval(ulong seconds, ulong microseconds) : base(seconds, 0) { Value = seconds + microseconds / 1000000m; }
        public decimal Value { get; set; }
    }

    public class RawCapture
    {
        public LinkLayers LinkLayerType { get; set; }
        public object Timeval { get; set; }
        public byte[] Data;
        public int PacketLength { get; set; }
    }

    public class Throwing : RawCapture
    {
        public new byte[] Data { get { throw new System.InvalidOperationException("the buffer is gone"); } }
    }
}
'@

    function ConvertTo-RawCapture([Parameter(ValueFromPipeline)] $Packet, [type] $Timeval = [BrokenPipeTools.Specs.PosixTimeval]) {
        process {
            [BrokenPipeTools.Specs.RawCapture] @{
                LinkLayerType = $Packet.LinkType
                Timeval       = $Timeval::new($Packet.Seconds, $Packet.Microseconds)
                Data          = $Packet.Data
                PacketLength  = $Packet.OriginalLength
            }
        }
    }

    function New-Syn([uint16] $ClientPort = 40000, [uint64] $Seconds = 1700000000) {
        [pscustomobject] @{ LinkType = 1; Seconds = $Seconds; Microseconds = 0; OriginalLength = 54; Data = Get-SynFrame $ClientPort } | ConvertTo-RawCapture
    }

    # All properties of a record except the name of its file.
    function Get-Text($Record) {
        $Record | Select-Object * -ExcludeProperty Path | ConvertTo-Json -Depth 4 -EnumsAsStrings -Compress
    }
}

Describe 'Packets from the pipeline' {
    Context 'of <_>' -ForEach 'close-with-unread-data.pcap', 'graceful-close.pcap', 'refused-connect.pcap' {
        BeforeAll {
            $expected = Get-Text (Get-PcapConnectionClose "$captures/$_")
            $packets = Read-PcapPacket "$captures/$_"
        }

        It 'give the records of the file' {
            $records = $packets | ConvertTo-RawCapture | Get-PcapConnectionClose -ErrorAction Stop
            Get-Text $records | Should -BeExactly $expected
            $records.Path | Select-Object -Unique | Should -BeExactly '(pipeline)'
        }

        It 'give them with a decimal time too' {
            Get-Text ($packets | ConvertTo-RawCapture -Timeval ([BrokenPipeTools.Specs.DecimalTimeval]) | Get-PcapConnectionClose -ErrorAction Stop) | Should -BeExactly $expected
        }

        It 'give them if their lengths are those captured, as SharpPcap has them' {
            $cut = $packets | Select-Object Data, LinkType, Seconds, Microseconds, @{ n = 'OriginalLength'; e = { $_.Data.Length } }
            Get-Text ($cut | ConvertTo-RawCapture | Get-PcapConnectionClose -ErrorAction Stop) | Should -BeExactly $expected
        }

        It 'give them by the parameter''s name' {
            Get-Text (Get-PcapConnectionClose -InputObject ($packets | ConvertTo-RawCapture)) | Should -BeExactly $expected
        }

        It 'give them as objects of any type, with a date and the link type''s name' {
            $objects = $packets | Select-Object Data, @{ n = 'LinkLayerType'; e = { 'ethernet' } }, @{ n = 'PacketLength'; e = { $_.OriginalLength } },
                @{ n = 'Date'; e = { [datetime]::UnixEpoch.AddSeconds($_.Seconds).AddTicks($_.Microseconds * 10) } }
            Get-Text ($objects | Get-PcapConnectionClose -ErrorAction Stop) | Should -BeExactly $expected
        }

        It 'give them after a way through <Way>' -ForEach @(
            @{ Way = 'Clixml'; Travel = { $input | Export-Clixml "$TestDrive/packets.xml" -Depth 3; Import-Clixml "$TestDrive/packets.xml" } }
            @{ Way = 'JSON'; Travel = { $input | ConvertTo-Json -Depth 3 | ConvertFrom-Json } }
        ) {
            Get-Text ($packets | ConvertTo-RawCapture | & $Travel | Get-PcapConnectionClose -ErrorAction Stop) | Should -BeExactly $expected
        }
    }

    It 'come out as connections become final' {
        $seen = [System.Collections.Generic.List[string]]::new()
        & {
            foreach ($port in 40001..40004) {
                $seen.Add("in $port")
                New-Syn $port
            }
        } | Get-PcapConnectionClose -MaxConnections 2 | ForEach-Object { $seen.Add("out $($_.ClientPort) $($_.State)") }
        $seen | Should -Be 'in 40001', 'in 40002', 'in 40003', 'out 40001 Evicted', 'in 40004', 'out 40002 Evicted', 'out 40003 Unanswered', 'out 40004 Unanswered'
    }

    It 'can be stopped before their end' {
        (40001..41000 | ForEach-Object { New-Syn $_ } | Get-PcapConnectionClose -MaxConnections 1 | Select-Object -First 1).ClientPort | Should -Be 40001
    }

    It 'go with the parameters of files' {
        $packets = Read-PcapPacket "$captures/refused-connect.pcap" | ConvertTo-RawCapture
        $packets | Get-PcapConnectionClose -Cause NormalClose | Should -BeNullOrEmpty
        @($packets | Get-PcapConnectionClose -Cause ConnectionRefused).Count | Should -Be 2
        ($packets | Get-PcapConnectionClose -LocalAddress 127.0.0.1)[0].Explanation | Should -Be (Get-PcapConnectionClose "$captures/refused-connect.pcap" -LocalAddress 127.0.0.1)[0].Explanation
        { $packets | Get-PcapConnectionClose -TimerFile "$TestDrive/none.csv" } | Should -Throw -ErrorId "TimerFileInvalid,$command"
        $verbose = $packets | Get-PcapConnectionClose -Verbose 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
        "$verbose" | Should -Be '(pipeline): 4 frames, 4 TCP segments'
    }

    It 'write the output of the example in the help' {
        $code = (Get-Help Get-PcapConnectionClose).examples.example | Where-Object code -Like '*$packets |*'
        $line = $code.code -split '\r?\n' | Where-Object { $_ -like '$packets | *' }
        $packets = Read-PcapPacket "$captures/refused-connect.pcap" | ConvertTo-RawCapture
        $written = (& ([scriptblock]::Create($line)) | Out-String -Width 100) -split '\r?\n' | ForEach-Object TrimEnd | Where-Object Length
        $written.Count | Should -Be 4
        ($code.remarks[0].Text -split '\r?\n' | ForEach-Object TrimEnd)[0..3] | Should -Be $written
        $packets[3 - 1].PacketLength | Should -Be 94
    }

    It 'after 2038 have their time, although libpcap takes it for a negative one' {
        $late = New-Syn -Seconds ([uint64]::MaxValue - [uint64] [int]::MaxValue)
        ($late | Get-PcapConnectionClose -ErrorAction Stop).StartTime | Should -Be ([datetime]::UnixEpoch.AddSeconds(2147483648))
    }

    It 'of the type that libpcap calls raw IP are read' {
        $raw = [BrokenPipeTools.Specs.RawCapture] @{ LinkLayerType = 'RawLegacy'; Timeval = [datetime]::UtcNow; Data = (Get-SynFrame)[14..53] }
        ($raw | Get-PcapConnectionClose -ErrorAction Stop).ClientPort | Should -Be 40000
    }

    It 'may have members that Add-Member added' {
        $syn = New-Syn | Select-Object Timeval, LinkLayerType, PacketLength | Add-Member ScriptProperty Data { Get-SynFrame 40007 } -PassThru
        ($syn | Get-PcapConnectionClose -ErrorAction Stop).ClientPort | Should -Be 40007
    }

    It 'of a link type that is not decoded are reported' {
        $strange = New-Syn | Select-Object Data, Timeval, @{ n = 'LinkLayerType'; e = { 147 } }
        $strange | Get-PcapConnectionClose -ErrorVariable problems -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $problems.FullyQualifiedErrorId | Should -Be "LinkTypeUnsupported,$command"
    }
}

Describe 'Objects that are no packets' {
    It 'without <Missing> is an error, and the next one is read' -ForEach @(
        @{ Missing = 'anything'; Bad = { [pscustomobject] @{ A = 1 } }; Reason = 'Data has no bytes' }
        @{ Missing = 'members (a hashtable)'; Bad = { @{ Data = [byte[]] 1; LinkLayerType = 1; Date = [datetime]::UtcNow } }; Reason = 'Data has no bytes' }
        @{ Missing = 'bytes'; Bad = { New-Syn | Select-Object Timeval, LinkLayerType, @{ n = 'Data'; e = { '5' } } }; Reason = 'Data has no bytes' }
        @{ Missing = 'a time'; Bad = { New-Syn | Select-Object Data, LinkLayerType }; Reason = 'neither Timeval nor Date has a time*' }
        @{ Missing = 'a time since 1970'; Bad = { New-Syn | Select-Object Data, LinkLayerType, @{ n = 'Date'; e = { [datetime] '1969-07-20Z' } } }; Reason = 'neither Timeval nor Date has a time since 1970' }
        @{ Missing = 'a time that fits'; Bad = { New-Syn -Seconds ([long]::MaxValue) }; Reason = 'neither Timeval nor Date has a time*' }
        @{ Missing = 'a link type'; Bad = { New-Syn | Select-Object Data, Timeval }; Reason = 'LinkLayerType is neither*' }
        @{ Missing = 'a known link type'; Bad = { New-Syn | Select-Object Data, Timeval, @{ n = 'LinkLayerType'; e = { 'string' } } }; Reason = 'LinkLayerType is neither*' }
        @{ Missing = 'a sensible length'; Bad = { New-Syn | Select-Object Data, Timeval, LinkLayerType, @{ n = 'PacketLength'; e = { -1 } } }; Reason = 'PacketLength is not a valid length' }
        @{ Missing = 'a property that can be read'; Bad = { [BrokenPipeTools.Specs.Throwing]::new() }; Reason = 'the buffer is gone' }
        @{ Missing = 'a script property that can be read'; Bad = { New-Syn | Select-Object Timeval, LinkLayerType | Add-Member ScriptProperty Data { throw 'gone' } -PassThru }; Reason = '*gone*' }
    ) {
        $wrong = & $Bad
        $record = (New-Syn 40001), $wrong, (New-Syn 40002) | Get-PcapConnectionClose -ErrorVariable problems -ErrorAction SilentlyContinue
        $record.ClientPort | Should -Be 40001, 40002
        $record.FirstFrame | Should -Be 1, 3
        $problems.Count | Should -Be 1
        $problems[0].FullyQualifiedErrorId | Should -Be "InputObjectNotPacket,$command"
        $problems[0].CategoryInfo.Category | Should -Be InvalidData
        [object]::ReferenceEquals($problems[0].TargetObject.psobject.BaseObject, $wrong.psobject.BaseObject) | Should -BeTrue
        "$($problems[0])" | Should -BeLike "object 2 is not a captured packet: $Reason. A packet has*"
    }
}

Describe 'An object that names a file' {
    BeforeAll { Push-Location $captures }

    AfterAll { Pop-Location }

    It 'is read as one: <Form>' -ForEach @(
        @{ Form = 'a text'; Make = { 'graceful-close.pcap' } }
        @{ Form = 'a wildcard'; Make = { 'graceful-c*.pcap' } }
        @{ Form = 'texts in an array'; Make = { , @('graceful-close.pcap') } }
        @{ Form = 'a line of Get-Content'; Make = { Set-Content "$TestDrive/list" graceful-close.pcap; Get-Content "$TestDrive/list" } }
        @{ Form = 'a file of Get-ChildItem'; Make = { Get-ChildItem graceful-close.pcap } }
        @{ Form = 'a FileInfo'; Make = { [System.IO.FileInfo] (Get-Item graceful-close.pcap).FullName } }
        @{ Form = 'a PathInfo'; Make = { Resolve-Path graceful-close.pcap } }
        @{ Form = 'an address'; Make = { [uri] 'graceful-close.pcap' } }
        @{ Form = 'an object with PSPath'; Make = { [pscustomobject] @{ PSPath = 'graceful-close.pcap' } } }
        @{ Form = 'an object with FullName'; Make = { [pscustomobject] @{ FullName = 'graceful-close.pcap' } } }
        @{ Form = 'an object with Path'; Make = { [pscustomobject] @{ Path = 'graceful-close.pcap'; Data = 'more' } } }
        @{ Form = 'a record'; Make = { Get-PcapConnectionClose graceful-close.pcap } }
    ) {
        $record = & $Make | Get-PcapConnectionClose -ErrorAction Stop
        $record.State | Should -Be Graceful
        $record.Path | Should -Be (Get-Item graceful-close.pcap).FullName
    }

    It 'may stand between packets' {
        $records = (New-Syn 40001), 'graceful-close.pcap', (Get-Item graceful-close.pcap), (New-Syn 40002) | Get-PcapConnectionClose -ErrorAction Stop
        $records | ForEach-Object { "$(Split-Path $_.Path -Leaf) $($_.FirstFrame)" } | Should -Be 'graceful-close.pcap 1', 'graceful-close.pcap 1', '(pipeline) 1', '(pipeline) 2'
    }

    It 'does not make a packet a file' {
        $packet = New-Syn | Add-Member Path 'graceful-close.pcap' -PassThru
        ($packet | Get-PcapConnectionClose -ErrorAction Stop).Path | Should -Be '(pipeline)'
    }

    It 'is an error if it is given to -InputObject by name' {
        { Get-PcapConnectionClose -InputObject graceful-close.pcap } | Should -Throw '*files are read with -Path and -LiteralPath*' -ErrorId "ParameterArgumentTransformationError,$command"
    }
}
