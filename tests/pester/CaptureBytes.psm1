# Captures made as bytes, for what cannot be recorded: damage, and size.

Set-StrictMode -Version Latest

<#
.SYNOPSIS
    The 24 bytes at the head of a little-endian, microsecond pcap file.
#>
function Get-PcapHeader([uint32] $LinkType = 1) {
    $stream = [System.IO.MemoryStream]::new()
    $writer = [System.IO.BinaryWriter]::new($stream)
    $writer.Write([uint32] 0xA1B2C3D4L)
    $writer.Write([uint16] 2)
    $writer.Write([uint16] 4)
    $writer.Write([uint64] 0)
    $writer.Write([uint32] 65535)
    $writer.Write($LinkType)
    , $stream.ToArray()
}

<#
.SYNOPSIS
    A record: its header, then the frame.
#>
function Get-PcapRecord([byte[]] $Frame, [uint32] $Seconds = 1700000000, [uint32] $Microseconds = 0) {
    $stream = [System.IO.MemoryStream]::new()
    $writer = [System.IO.BinaryWriter]::new($stream)
    $writer.Write($Seconds)
    $writer.Write($Microseconds)
    $writer.Write([uint32] $Frame.Length)
    $writer.Write([uint32] $Frame.Length)
    $writer.Write($Frame)
    , $stream.ToArray()
}

<#
.SYNOPSIS
    One SYN over Ethernet and IPv4, from 10.0.0.1 to 10.0.0.2:80.
#>
function Get-SynFrame([uint16] $ClientPort = 40000) {
    [byte[]] $frame = [byte[]]::new(12) + (0x08, 0x00) +
        (0x45, 0, 0, 40, 0, 0, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2) +
        (($ClientPort -shr 8), ($ClientPort -band 255), 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02, 4, 0, 0, 0, 0, 0)
    , $frame
}

<#
.SYNOPSIS
    A capture of one SYN over and over: a block of records, doubled in memory and written until there are at least so many.
#>
function New-LongCapture([string] $Path, [int] $Packets) {
    $record = Get-PcapRecord (Get-SynFrame)
    $count = 65536
    $block = [byte[]]::new($record.Length * $count)
    $record.CopyTo($block, 0)
    for ($filled = $record.Length; $filled -lt $block.Length; $filled *= 2) {
        [Array]::Copy($block, 0, $block, $filled, [Math]::Min($filled, $block.Length - $filled))
    }
    $file = [System.IO.File]::Create($Path)
    try {
        $header = Get-PcapHeader
        $file.Write($header, 0, $header.Length)
        for ($written = 0; $written -lt $Packets; $written += $count) {
            $file.Write($block, 0, $block.Length)
        }
    }
    finally {
        $file.Dispose()
    }
}

<#
.SYNOPSIS
    The packets of a little-endian, microsecond pcap file, as objects.
#>
function Read-PcapPacket([string] $Path) {
    $bytes = [System.IO.File]::ReadAllBytes($Path)
    if ([BitConverter]::ToUInt32($bytes, 0) -ne 0xA1B2C3D4L) {
        throw "${Path}: another kind of capture than this reads"
    }
    $linkType = [BitConverter]::ToInt32($bytes, 20)
    for ($at = 24; $at -lt $bytes.Length; $at += 16 + $captured) {
        $captured = [BitConverter]::ToInt32($bytes, $at + 8)
        [pscustomobject] @{
            Seconds        = [uint64] [BitConverter]::ToUInt32($bytes, $at)
            Microseconds   = [uint64] [BitConverter]::ToUInt32($bytes, $at + 4)
            OriginalLength = [BitConverter]::ToInt32($bytes, $at + 12)
            LinkType       = $linkType
            Data           = [byte[]] $bytes[($at + 16)..($at + 15 + $captured)]
        }
    }
}

Export-ModuleMember -Function Read-PcapPacket, Get-PcapHeader, Get-PcapRecord, Get-SynFrame, New-LongCapture
