# What several specs do.

Set-StrictMode -Version Latest
Import-Module "$PSScriptRoot/../../src/PowerShell/RunningPowerShell.psm1"

<#
.SYNOPSIS
    Waits until something has come about; fails where it does not.
#>
function Wait-Until([scriptblock] $Condition, [int] $Seconds = 120) {
    $end = [datetime]::UtcNow.AddSeconds($Seconds)
    while (-not (& $Condition)) {
        if ([datetime]::UtcNow -gt $end) {
            throw "waited for $Seconds s in vain: $Condition"
        }
        Start-Sleep -Milliseconds 20
    }
}

<#
.SYNOPSIS
    What Tab offers at the end of a text.
#>
function Complete([string] $Text) {
    [System.Management.Automation.CommandCompletion]::CompleteInput($Text, $Text.Length, $null).CompletionMatches
}

<#
.SYNOPSIS
    Runs a script in a new process of the PowerShell that is running. Returns the lines that it writes, those of standard error last;
    fails if the process does not end in time, or not with 0.
.PARAMETER Prefix
    A command that starts the process, as unshare does.
.PARAMETER Program
    The command that starts PowerShell, if it is not to be this one's.
.PARAMETER InputBytes
    Its standard input.
#>
function Invoke-PowerShell([string] $Script, [string[]] $Prefix = @(), [string[]] $Program = @(Get-RunningPowerShell), [byte[]] $InputBytes = @(), [int] $Seconds = 120) {
    $first, $arguments = @($Prefix) + @($Program) + '-NoProfile', '-NonInteractive', '-Command', $Script
    $start = [System.Diagnostics.ProcessStartInfo]::new($first, [string[]] $arguments)
    $start.WorkingDirectory = $PWD.ProviderPath
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $child = [System.Diagnostics.Process]::Start($start)
    try {
        $texts = $child.StandardOutput.ReadToEndAsync(), $child.StandardError.ReadToEndAsync()
        $child.StandardInput.BaseStream.Write($InputBytes, 0, $InputBytes.Length)
        $child.StandardInput.Close()
        if (-not [System.Threading.Tasks.Task]::WaitAll($texts, $Seconds * 1000) -or -not $child.WaitForExit($Seconds * 1000)) {
            throw "still running after $Seconds s: $Script"
        }
        if ($child.ExitCode -ne 0) {
            throw "exit code $($child.ExitCode): $Script`n$($texts.Result -join "`n")"
        }
        $texts.Result -split '\r?\n' | Where-Object { $_ }
    }
    finally {
        if (-not $child.HasExited) {
            $child.Kill($true)
        }
        $child.Dispose()
    }
}

<#
.SYNOPSIS
    Returns the output of a script that [powershell].BeginInvoke() started; fails if it does not end in time.
#>
function Receive-Run([powershell] $Shell, [System.IAsyncResult] $Run, [int] $Seconds = 120) {
    if (-not $Run.AsyncWaitHandle.WaitOne($Seconds * 1000)) {
        throw "still running after $Seconds s: $($Shell.Commands.Commands)"
    }
    $Shell.EndInvoke($Run)
}

<#
.SYNOPSIS
    Stops what [powershell].BeginInvoke() started; fails if it does not stop in time, or had ended by itself.
#>
function Stop-Run([powershell] $Shell, [int] $Seconds = 120) {
    $stop = $Shell.BeginStop($null, $null)
    if (-not $stop.AsyncWaitHandle.WaitOne($Seconds * 1000)) {
        throw "not stopped after $Seconds s: $($Shell.Commands.Commands)"
    }
    $Shell.EndStop($stop)
    if ($Shell.InvocationStateInfo.State -ne 'Stopped') {
        throw "$($Shell.InvocationStateInfo.State), not stopped: $($Shell.Commands.Commands)"
    }
}

<#
.SYNOPSIS
    Returns true if Start-Job works. It starts the pwsh beside pwsh.dll, which in PowerShell's package is a program for Linux on x64 only.
#>
function Test-StartJob {
    try {
        & (Join-Path $PSHOME 'pwsh') -Version *> $null
        $LASTEXITCODE -eq 0
    }
    catch {
        $false
    }
}
