<#
.SYNOPSIS
Records the outputs that README.md and the help show, from real runs.

.DESCRIPTION
A code block whose opening line ends with "recorded" has an output. Its command is in the block, behind "PS> ", or in the code block before it;
of "dotnet run … -- "command"" the command is run here. It replaces an output that differs, and returns where that was. `-Check` replaces nothing.
Commands of README.md run in the root of the repository, which is shown as /home/me/BrokenPipeTools, those of the help in tests/captures; a
window has 130 and 120 columns. What is pasted (Get-Clipboard) is a trace of tests/captures. The culture is en-US: PowerShell breaks lines
between words in it, and anywhere in the invariant one. The module must be imported.
#>
param([switch] $Check)

$ErrorActionPreference = 'Stop'
$root = (Resolve-Path "$PSScriptRoot/../..").Path
$captures = "$root/tests/captures"
$documents = @(
    @{ Path = "$root/README.md"; Folder = $root; Width = 130 }
    Get-ChildItem "$root/src/BrokenPipeTools/Help/*.md" | ForEach-Object { @{ Path = $_.FullName; Folder = $captures; Width = 120 } }
)

function Get-Clipboard { Get-Content "$captures/two-sends-after-close.txt" }

# What a command writes in a window of this width, without empty lines around it.
function Get-Output([string] $Command, [string] $Folder, [int] $Width) {
    $rendering, $culture = $PSStyle.OutputRendering, [cultureinfo]::CurrentCulture
    $PSStyle.OutputRendering = 'PlainText'
    [cultureinfo]::CurrentCulture = 'en-US'
    Push-Location $Folder
    try {
        $text = & ([scriptblock]::Create($Command)) | Out-String -Width $Width
        ($text.Replace($root, '/home/me/BrokenPipeTools') -split '\r?\n' | ForEach-Object TrimEnd) -join "`n" -replace '^\n+|\n+$'
    }
    finally {
        Pop-Location
        [cultureinfo]::CurrentCulture = $culture
        $PSStyle.OutputRendering = $rendering
    }
}

# The blocks of a document: first and last line of what is between the fences, and what follows ``` in the first.
function Get-CodeBlock([string[]] $Line) {
    $open = -1
    for ($i = 0; $i -lt $Line.Count; $i++) {
        if ($Line[$i] -notlike '``````*') { continue }
        if ($open -lt 0) { $open = $i; continue }
        [pscustomobject]@{ Info = $Line[$open].Substring(3); First = $open + 1; Last = $i - 1; Text = $Line[($open + 1)..($i - 1)] -join "`n" }
        $open = -1
    }
}

foreach ($document in $documents) {
    $lines = [System.IO.File]::ReadAllLines($document.Path)
    $blocks = @(Get-CodeBlock $lines)
    for ($i = $blocks.Count - 1; $i -ge 0; $i--) {
        $block = $blocks[$i]
        if ($block.Info -notlike '* recorded') { continue }
        if ($block.Text -match '(?s)^PS> (?<command>[^\n]+)\n') {
            $before = "PS> $($Matches.command)`n`n"
            $command = $Matches.command
        }
        else {
            $before = ''
            $command = $blocks[$i - 1].Text -match '(?m)^dotnet run .* -- "(?<command>.+)"$' ? $Matches.command : $blocks[$i - 1].Text
        }

        $recorded = $before + (Get-Output $command $document.Folder $document.Width)
        if ($recorded -ceq ($block.Text -replace '(?m) +$')) { continue }
        [pscustomobject]@{ Path = $document.Path; Line = $block.First; Command = $command; Recorded = $recorded }
        $lines = @($lines[0..($block.First - 1)]) + ($recorded -split "`n") + @($lines[($block.Last + 1)..($lines.Count - 1)])
    }

    if (-not $Check) {
        [System.IO.File]::WriteAllText($document.Path, ($lines -join "`n") + "`n")
    }
}
