# Runs a command. The exit code is 1 if the command wrote an error, else 0; the command's own `exit` goes before that. A script of its own,
# because `exit` ends a script.
param([string] $Command)

$failed = $false
try {
    $block = [scriptblock]::Create($Command)
}
catch {
    throw $_.Exception.InnerException # the syntax error, without the call of Create around it
}
& $block 2>&1 | ForEach-Object {
    if ($_ -isnot [System.Management.Automation.ErrorRecord]) {
        $_
    }
    elseif ($_.FullyQualifiedErrorId -like 'NativeCommandError*') {
        [Console]::Error.WriteLine($_) # text on stderr is not always an error
    }
    else {
        $failed = $true
        $_
    }
}
exit [int] $failed
