# The tests of clients in tests/examples, which users copy: they hold for every client that is installed.

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
}

. "$PSScriptRoot/../examples/Clients.Tests.ps1"
