# What a client must survive, for every client whose program is installed. Copy it, and put your own client in the place of these.

BeforeDiscovery {
    # This PowerShell; as a .NET tool it is a library that dotnet runs.
    $own = [Environment]::ProcessPath
    $library = (Split-Path -LeafBase $own) -eq 'dotnet' ? @("$PSHOME/pwsh.dll") : @()
    $clients = @(
        @{ Client = '.NET HttpClient'; Program = $own; Arguments = $library + '-NoProfile', '-File', "$PSScriptRoot/client.ps1" }
        @{ Client = 'Python'; Program = 'python3'; Arguments = @("$PSScriptRoot/client.py") }
        @{ Client = 'Node.js'; Program = 'node'; Arguments = @("$PSScriptRoot/client.mjs") }
        @{ Client = 'Java'; Program = 'java'; Arguments = @("$PSScriptRoot/Client.java") }
        @{ Client = 'curl'; Program = 'curl'; Run = 'sh'; Arguments = @("$PSScriptRoot/client.sh") }
    ).Where{ Get-Command $_.Program -CommandType Application -ErrorAction Ignore }
}

BeforeAll {
    if (-not (Get-Command Start-BrokenPipeServer -ErrorAction Ignore)) {
        Import-Module (Resolve-Path "$PSScriptRoot/../../BrokenPipeTools.psd1")
    }
}

Describe '<Client>' -ForEach $clients {
    BeforeAll {
        $program = $Run ? $Run : $Program

        # What the client prints; its tries are in the server's log.
        function Get-Answer([uri] $Uri) { & $program @Arguments "${Uri}orders" 2>$null }
    }

    AfterEach {
        $server | Stop-BrokenPipeServer
        $env:CA_FILE = $env:NODE_EXTRA_CA_CERTS = $null
    }

    It 'asks again after two resets' {
        $server = Start-BrokenPipeServer ResetAfterRequest, ResetAfterRequest, HttpJson
        (Get-Answer $server.Uri | ConvertFrom-Json).behavior | Should -Be HttpJson
        $server.Connections.Behavior | Should -Be ResetAfterRequest, ResetAfterRequest, HttpJson
        $server.Connections.RequestLine | Should -Be (@('GET /orders HTTP/1.1') * 3)
    }

    It 'asks again after closes without an answer' {
        # .NET's HttpClient connects four times by itself, Java's twice: fewer closes would test the library alone.
        $closes = @('CloseAfterRequest') * 4
        $server = Start-BrokenPipeServer ($closes + 'HttpJson')
        (Get-Answer $server.Uri | ConvertFrom-Json).behavior | Should -Be HttpJson
        $server.Connections.Behavior | Should -Be ($closes + 'HttpJson')
    }

    It 'waits for a server that is just starting' {
        $server = Start-BrokenPipeServer Refuse, HttpJson -OutageSeconds 1.5
        (Get-Answer $server.Uri | ConvertFrom-Json).behavior | Should -Be HttpJson
        $server.Connections.Ending | Select-Object -First 1 | Should -Be NotAccepted
    }

    It 'does not take a part of an answer for the whole' {
        $server = Start-BrokenPipeServer TruncatedBody, HttpJson
        (Get-Answer $server.Uri | ConvertFrom-Json).behavior | Should -Be HttpJson
    }

    It 'gets its answers although one request in two fails, the same ones in every run' {
        $server = Start-BrokenPipeServer ResetAfterRequest, CloseAfterRequest, ResetOnAccept, HttpJson -Probability 0.5 -Seed 3
        (Get-Answer $server.Uri | ConvertFrom-Json).behavior | Should -Be HttpJson
    }

    It 'gets its answers from a service that breaks off behind a proxy' {
        $service = Start-BrokenPipeServer HttpJson
        $server = Start-BrokenPipeServer ForwardThenReset, Forward -Upstream $service.EndPoint -AfterBytes 100
        (Get-Answer $server.Uri | ConvertFrom-Json).behavior | Should -Be HttpJson
        $server.Connections[0].Fault | Should -Be 'RST to the client after 100 bytes'
        $service | Stop-BrokenPipeServer
    }

    It 'gets its answers after a reset in the TLS handshake, and one after it' {
        $server = Start-BrokenPipeServer ResetDuringHandshake, ResetAfterHandshake, HttpJson -UseTls
        $authority = New-Item "$TestDrive/$([guid]::NewGuid()).pem" -Value $server.Certificate.ExportCertificatePem()
        $env:CA_FILE = $env:NODE_EXTRA_CA_CERTS = $authority.FullName
        (Get-Answer $server.Uri | ConvertFrom-Json).behavior | Should -Be HttpJson
        $server.Connections.Behavior | Should -Be ResetDuringHandshake, ResetAfterHandshake, HttpJson
    }
}
