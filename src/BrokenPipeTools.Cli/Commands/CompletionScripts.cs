namespace BrokenPipeTools.Cli.Commands;

/// <summary>The completion scripts by the names of their shells. All of them call <c>brokenpipe complete</c> with the text up to the cursor.</summary>
internal static class CompletionScripts
{
    // In bash '=' separates words (COMP_WORDBREAKS), so only the part after it is replaced.
    private const string Bash = """
        _brokenpipe() {
            local line
            COMPREPLY=()
            while IFS= read -r line; do
                line=${line%%$'\t'*}
                [[ $COMP_WORDBREAKS == *=* ]] && line=${line#--*=}
                COMPREPLY+=("$line")
            done < <("${COMP_WORDS[0]}" complete "${COMP_LINE:0:COMP_POINT}" 2>/dev/null)
        }
        complete -o default -F _brokenpipe brokenpipe

        """;

    private const string Zsh = """
        #compdef brokenpipe
        _brokenpipe() {
            local line
            local -a found
            while IFS= read -r line; do
                found+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
            done < <("${words[1]}" complete "${(j: :)words[1,CURRENT-1]} $PREFIX" 2>/dev/null)
            if (( ${#found} )); then
                _describe brokenpipe found
            else
                _files
            fi
        }
        if [[ $funcstack[1] == _brokenpipe ]]; then
            _brokenpipe "$@"
        else
            compdef _brokenpipe brokenpipe
        fi

        """;

    private const string Fish = """
        function __brokenpipe_complete
            set -l words (commandline -opc)
            set -l found ($words[1] complete (commandline -cp | string collect) 2>/dev/null)
            if test (count $found) -gt 0
                printf '%s\n' $found
            else
                __fish_complete_path (commandline -ct)
            end
        end
        complete -c brokenpipe -f -a '(__brokenpipe_complete)'

        """;

    // The syntax tree ends with the last word; a space after it is not included.
    private const string PowerShell = """
        Register-ArgumentCompleter -Native -CommandName brokenpipe -ScriptBlock {
            param($word, $ast, $position)
            $text = $ast.Extent.Text
            $length = $position - $ast.Extent.StartOffset
            if ($length -gt $text.Length) { $text += ' ' } else { $text = $text.Substring(0, $length) }
            & $ast.GetCommandName() complete $text 2>$null | ForEach-Object {
                $value, $tip = $_ -split "`t", 2
                if (-not $tip) { $tip = $value }
                [System.Management.Automation.CompletionResult]::new($value, $value, 'ParameterValue', $tip)
            }
        }

        """;

    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["bash"] = Bash,
        ["zsh"] = Zsh,
        ["fish"] = Fish,
        ["pwsh"] = PowerShell,
    };
}
