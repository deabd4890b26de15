# Started by `dotnet run --project src/BrokenPipeTools`, with -NoExit: without arguments a prompt follows, with the module loaded. The
# arguments, joined by spaces, are one command, as with pwsh -Command.
$code = 1
try {
    Import-Module "$PSScriptRoot/../../BrokenPipeTools.psd1"
    if ([Console]::IsOutputRedirected) {
        $PSStyle.OutputRendering = 'PlainText' # no escape sequences in a file or a pipe
    }
    $command = ''
    foreach ($argument in $args) {
        # pwsh -File makes -Name and a Boolean of -Name:$true.
        $command += $argument -is [bool] ? ":`$$argument" : " $argument"
    }
    if ($args.Count -gt 0) {
        & "$PSScriptRoot/Invoke.ps1" $command
        $code = $LASTEXITCODE
    }
}
finally {
    if ($args.Count -gt 0) {
        $Host.SetShouldExit($code) # after Ctrl+C too
    }
}
