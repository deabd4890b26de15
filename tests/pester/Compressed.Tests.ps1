# Captures compressed with zstd and lz4, through the module: the decoders are in lib/ and loaded with the first such file.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    $capture = "$root/tests/captures/write-after-peer-close.pcapng"
    $expected = Get-PcapConnectionClose $capture | Select-Object * -ExcludeProperty Path | ConvertTo-Json -Depth 4 -Compress

    # Compressed in a process of its own, because assemblies cannot be unloaded: here the module must load its own.
    $null = Invoke-PowerShell "
        `$ErrorActionPreference = 'Stop'
        Add-Type -Path ('ZstdSharp', 'K4os.Hash.xxHash', 'K4os.Compression.LZ4', 'K4os.Compression.LZ4.Streams' | ForEach-Object { '$root/bin/lib/' + `$_ + '.dll' })
        `$bytes = [IO.File]::ReadAllBytes('$capture')
        `$zstd = [ZstdSharp.CompressionStream]::new([IO.File]::Create('$TestDrive/zstd'), 3, 0, `$false)
        `$lz4 = [K4os.Compression.LZ4.Streams.LZ4Stream]::Encode([IO.File]::Create('$TestDrive/lz4'))
        foreach (`$stream in `$zstd, `$lz4) { `$stream.Write(`$bytes, 0, `$bytes.Length); `$stream.Dispose() }"
}

Describe 'A capture compressed with <_>' -ForEach 'zstd', 'lz4' {
    BeforeAll {
        $file = "$TestDrive/$_"
    }

    It 'gives the records of the plain one' {
        Get-PcapConnectionClose $file | Select-Object * -ExcludeProperty Path | ConvertTo-Json -Depth 4 -Compress | Should -Be $expected
    }

    It 'is a file of a series' {
        $null = New-Item -ItemType Directory "$TestDrive/ring-$_"
        Copy-Item $capture "$TestDrive/ring-$_/1"
        Copy-Item $file "$TestDrive/ring-$_/2"
        $records = Get-PcapConnectionClose "$TestDrive/ring-$_/*" -Continuous -WarningAction Ignore
        ($records.Packets | Measure-Object -Sum).Sum | Should -BeGreaterThan (Get-PcapConnectionClose $capture).Packets
    }

    It 'is counted and exported' {
        (Get-PcapConnectionClose $file | Measure-PcapConnectionClose).Name | Should -Contain 'WriteAfterPeerClose'
        Get-PcapConnectionClose $file | Export-PcapConnectionClose "$TestDrive/$_.pcapng"
        (Get-PcapConnectionClose "$TestDrive/$_.pcapng").Cause | Should -Be WriteAfterPeerClose
    }

    It 'may be standard input' {
        Invoke-PowerShell "Import-Module '$root/BrokenPipeTools.psd1'; (Get-PcapConnectionClose -).Cause" -InputBytes ([IO.File]::ReadAllBytes($file)) |
            Should -Be 'WriteAfterPeerClose'
    }

    It 'that is damaged is an error with the place, and the next file is read' {
        $bytes = [IO.File]::ReadAllBytes($file)
        $bytes[$bytes.Length - 6] = $bytes[$bytes.Length - 6] -bxor 0x55
        $bytes[12] = $bytes[12] -bxor 0x55
        [IO.File]::WriteAllBytes("$TestDrive/damaged-$_", $bytes)
        $records = Get-PcapConnectionClose "$TestDrive/damaged-$_", $capture -ErrorVariable problem -ErrorAction SilentlyContinue
        $records[-1].Path | Should -Be $capture
        $problem[0].FullyQualifiedErrorId | Should -BeLike 'CaptureDamaged,*'
        "$($problem[0])" | Should -BeLike "*damaged-$_*: damaged $_ data at byte offset * of the compressed file: *"
    }

    It 'is an error that names the reason if the module is not whole, and other files are read' {
        $copy = "$TestDrive/module-$_"
        $null = New-Item -ItemType Directory $copy
        Copy-Item -LiteralPath "$root/BrokenPipeTools.psd1", "$root/bin" -Destination $copy -Recurse
        Remove-Item -LiteralPath "$copy/bin/lib" -Recurse
        $found = Invoke-PowerShell "
            Import-Module '$copy/BrokenPipeTools.psd1'
            (Get-PcapConnectionClose '$file', '$capture' -ErrorAction SilentlyContinue).Count; `$Error[0].FullyQualifiedErrorId; `"`$(`$Error[0])`""
        $found[0] | Should -Be '1'
        $found[1] | Should -BeLike 'CaptureReadFailed,*'
        $found[2] | Should -BeLike '*install the module again'
    }
}

Describe 'The decoders' {
    It 'are loaded only if a file needs them' {
        $found = Invoke-PowerShell "
            Import-Module '$root/BrokenPipeTools.psd1'
            `$null = Get-PcapConnectionClose '$capture'
            @([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -match '^(ZstdSharp|K4os)' }).Count
            `$null = Get-PcapConnectionClose '$TestDrive/zstd', '$TestDrive/lz4'
            @([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.GetName().Name -match '^(ZstdSharp|K4os)' }).Count -gt 2"
        $found | Should -Be '0', 'True'
    }
}
