# Every script of the repository under PSScriptAnalyzer, with all of its rules but those named here.

BeforeDiscovery {
    $analyzer = [bool] (Get-Module -ListAvailable PSScriptAnalyzer)
    if (-not $analyzer) {
        Write-Warning 'PSScriptAnalyzer is not installed: THE SCRIPTS ARE NOT ANALYZED. Install it with: Install-PSResource PSScriptAnalyzer'
    }
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    $scripts = @(
        Get-ChildItem -LiteralPath $root -File
        Get-ChildItem -LiteralPath "$root/src", "$root/tests" -File -Recurse
    ) | Where-Object { $_.Extension -in '.ps1', '.psm1', '.psd1' -and $_.FullName -notmatch '[\\/](bin|obj|output)[\\/]' } |
        ForEach-Object { @{ Script = [System.IO.Path]::GetRelativePath($root, $_.FullName); File = $_.FullName } }
}

Describe 'PSScriptAnalyzer' -Skip:(-not $analyzer) {
    BeforeAll {
        Import-Module PSScriptAnalyzer
        $excluded = @(
            'PSAvoidUsingWriteHost' # a build talks to people; since PowerShell 5 that is a stream of its own
            'PSReviewUnusedParameter' # it does not see that a function of the script uses a parameter of the script
            'PSUseShouldProcessForStateChangingFunctions' # the functions of these scripts are not commands for users
            'PSUseBOMForUnicodeEncodedFile' # PowerShell 7, which all of this asks for, reads UTF-8 without a mark
        )
        # What BeforeAll sets, It uses, in another scope than the rule looks at.
        $excludedOfSpecs = $excluded + 'PSUseDeclaredVarsMoreThanAssignments'
        # These two take words as the programs behind them do, or as a sentence does.
        $rules = @{ PSAvoidUsingPositionalParameters = @{ CommandAllowList = 'Invoke-Dotnet', 'Read-Step' } }
    }

    It 'finds nothing in <Script>' -ForEach $scripts {
        $exclude = $Script -like '*.Tests.ps1' ? $excludedOfSpecs : $excluded
        $found = Invoke-ScriptAnalyzer -Path $File -Settings @{ Rules = $rules; ExcludeRules = $exclude } -ErrorAction Stop
        $found | ForEach-Object { "$($_.ScriptName):$($_.Line) $($_.RuleName): $($_.Message)" } | Should -BeNullOrEmpty
    }

    It 'finds mistakes' {
        'function Get-Thing { $x = gci; Invoke-Expression "$x" }' | Set-Content "$TestDrive/wrong.ps1"
        $found = Invoke-ScriptAnalyzer -Path "$TestDrive/wrong.ps1" -Settings @{ Rules = $rules; ExcludeRules = $excluded }
        $found.RuleName | Should -Contain PSAvoidUsingInvokeExpression
        $found.RuleName | Should -Contain PSAvoidUsingCmdletAliases
    }
}
