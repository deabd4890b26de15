@{
    RootModule           = 'bin/BrokenPipeTools.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '6f1b0a2e-5c0d-4b57-9a53-2d8e6b7c41af'
    Author               = 'BrokenPipeTools contributors'
    CompanyName          = 'BrokenPipeTools contributors'
    Copyright            = 'Copyright (c) BrokenPipeTools contributors. MIT License.'
    Description          = 'Why did my write fail with EPIPE or ECONNRESET? Reads packet captures, or captures live, and says how every TCP connection closed; measures how an endpoint closes; reproduces the ways to a broken pipe on this machine; runs servers that misbehave on purpose, to test clients with.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')

    # Named one by one: PowerShell then knows the commands without loading the module.
    CmdletsToExport      = @(
        'Compare-PcapConnectionClose'
        'Export-PcapConnectionClose'
        'Get-BrokenPipeScenario'
        'Get-BrokenPipeServer'
        'Get-PcapConnectionClose'
        'Get-PcapInterface'
        'Get-TcpAbortCounter'
        'Get-TcpSocket'
        'Invoke-BrokenPipeScenario'
        'Measure-PcapConnectionClose'
        'Start-BrokenPipeServer'
        'Stop-BrokenPipeServer'
        'Test-TcpTeardown'
        'Trace-BrokenPipe'
    )
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()

    FormatsToProcess     = @('bin/BrokenPipeTools.Format.ps1xml')
    TypesToProcess       = @('bin/BrokenPipeTools.Types.ps1xml')

    PrivateData          = @{
        PSData = @{
            Tags         = @('pcap', 'pcapng', 'tcp', 'network', 'capture', 'EPIPE', 'BrokenPipe', 'reset', 'diagnostics', 'Windows', 'Linux', 'MacOS')
            ReleaseNotes = '0.1.0: the first release. Reads captures or captures live and says how and why every TCP connection ended; probes how endpoints close; plays the ways to a broken pipe; runs servers that misbehave on purpose.'
        }
    }
}
