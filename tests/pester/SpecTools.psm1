# What several specs do.

Set-StrictMode -Version Latest

<#
.SYNOPSIS
    Waits until something has come about; fails where it does not.
#>
function Wait-Until([scriptblock] $Condition, [int] $Seconds = 20) {
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
