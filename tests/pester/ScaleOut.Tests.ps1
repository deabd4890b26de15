# Many captures and many machines, with what PowerShell has for that: parallel runspaces, jobs, remoting over SSH.

BeforeDiscovery {
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    $jobs = Test-StartJob
    $pathOf = { param($Name) (Get-Command $Name -CommandType Application -ErrorAction Ignore | Select-Object -First 1).Source ?? (Get-Item "/usr/sbin/$Name" -ErrorAction Ignore).FullName }
    $canRemote = -not $IsWindows -and (& $pathOf sshd) -and (& $pathOf ssh) -and (& $pathOf ssh-keygen)
    if (-not $canRemote) {
        Write-Warning 'sshd, ssh and ssh-keygen are not here (or this is Windows): REMOTING AND THE RUNBOOK OF THE README ARE NOT TRIED'
    }
}

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    Import-Module "$root/BrokenPipeTools.psd1" -Force
    Import-Module "$PSScriptRoot/SpecTools.psm1"
    $fleet = (New-Item -ItemType Directory "$TestDrive/fleet").FullName
    foreach ($number in 1..12) {
        Get-ChildItem "$root/tests/captures/*.pcap*" | ForEach-Object { Copy-Item -LiteralPath $_ -Destination "$fleet/$number-$($_.Name)" }
    }
    $serial = Get-ChildItem $fleet | Get-PcapConnectionClose
    $nested = 'Errors', 'Evidence', 'Alternatives', 'Events'
    $flat = $serial[0].GetType().GetProperties() | Where-Object Name -NotIn $nested

    # Every property of a record in a line, details included: to be compared as sets, since who comes first is open.
    function Get-Line($Record) {
        $Record | ForEach-Object { $_ | ConvertTo-Json -Depth 4 -EnumsAsStrings -Compress } | Sort-Object
    }
}

Describe 'Captures read side by side' {
    It 'in the runspaces of ForEach-Object -Parallel give the records of the serial run' {
        $manifest = "$root/BrokenPipeTools.psd1"
        $parallel = Get-ChildItem $fleet | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:manifest
            $_ | Get-PcapConnectionClose
        }
        $parallel.Count | Should -Be 60
        Get-Line $parallel | Should -Be (Get-Line $serial)
    }

    It 'in thread jobs too' {
        $manifest = "$root/BrokenPipeTools.psd1"
        $jobs = Get-ChildItem $fleet | Group-Object { $_.Name[0] } | ForEach-Object {
            $files = $_.Group.FullName
            Start-ThreadJob {
                Import-Module $using:manifest
                Get-PcapConnectionClose -LiteralPath $using:files
            }
        }
        Get-Line ($jobs | Wait-Job -Timeout 120 | Receive-Job -AutoRemoveJob -Wait) | Should -Be (Get-Line $serial)
    }

    It 'in a job of another process keep every flat property' -Skip:(-not $jobs) {
        $manifest = "$root/BrokenPipeTools.psd1"
        $file = $serial[0].Path
        $job = Start-Job {
            Import-Module $using:manifest
            Get-PcapConnectionClose -LiteralPath $using:file
        }
        $back = $job | Wait-Job -Timeout 120 | Receive-Job -AutoRemoveJob -Wait
        foreach ($property in $flat) {
            "$($property.Name)=$($back.($property.Name))" | Should -Be "$($property.Name)=$($serial[0].($property.Name))"
        }
    }
}

Describe 'Machines behind SSH' -Skip:(-not $canRemote) {
    BeforeAll {
        $sshd = (Get-Command sshd -CommandType Application -ErrorAction Ignore | Select-Object -First 1).Source ?? '/usr/sbin/sshd'
        $own = (New-Item -ItemType Directory "$TestDrive/ssh").FullName
        $pwsh = (Get-RunningPowerShell | ForEach-Object { "'$_'" }) -join ' '
        $probe = [System.Net.Sockets.TcpListener]::new([ipaddress]::Loopback, 0)
        $probe.Start()
        $port = $probe.LocalEndpoint.Port
        $probe.Stop()
        & ssh-keygen -q -t ed25519 -N '' -f "$own/host" | Out-Null
        & ssh-keygen -q -t ed25519 -N '' -f "$own/user" | Out-Null

        # The module is found by its name there, as on a machine with an installed module.
        $null = New-Item -ItemType Directory "$own/modules"
        $null = New-Item -ItemType SymbolicLink "$own/modules/BrokenPipeTools" -Value $root
        @"
Port $port
ListenAddress 127.0.0.1
HostKey $own/host
AuthorizedKeysFile $own/user.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
SetEnv PSModulePath=$own/modules
Subsystem powershell $pwsh -sshs -nologo -noprofile
"@ | Set-Content "$own/sshd_config"
        @"
Host web1 web2 db1
  HostName 127.0.0.1
  Port $port
  IdentityFile $own/user
  IdentitiesOnly yes
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
Host gone
  HostName 127.0.0.1
  Port 1
"@ | Set-Content "$own/ssh_config"

        # PowerShell takes the ssh that it finds: this one knows the names of the fleet, and nothing of the user's own settings.
        $ssh = (Get-Command ssh -CommandType Application | Select-Object -First 1).Source
        "#!/bin/sh`nexec '$ssh' -F '$own/ssh_config' `"`$@`"" | Set-Content "$own/ssh"
        & chmod 755 "$own/ssh"
        $path = $env:PATH
        $env:PATH = "${own}:$path"

        # As root sshd wants this folder, which the system's own service would have made.
        $privsep = '/run/sshd'
        $madePrivsep = [Environment]::UserName -eq 'root' -and -not (Test-Path $privsep)
        if ($madePrivsep) {
            $null = New-Item -ItemType Directory $privsep
        }
        $server = Start-Process -FilePath $sshd -ArgumentList '-D', '-e', '-f', "`"$own/sshd_config`"" -RedirectStandardError "$own/sshd.log" -PassThru
        $deadline = [datetime]::UtcNow.AddSeconds(120)
        while ("$(Get-Content "$own/sshd.log" -ErrorAction Ignore)" -notlike '*Server listening*') {
            if ($server.HasExited -or [datetime]::UtcNow -gt $deadline) {
                throw "sshd did not start: $(Get-Content "$own/sshd.log" -Raw)"
            }
            [System.Threading.Thread]::Sleep(50)
        }
    }

    AfterAll {
        if ($server -and -not $server.HasExited) {
            $server.Kill()
            $null = $server.WaitForExit(120000)
        }
        if ($path) {
            $env:PATH = $path
        }
        if ($madePrivsep) {
            Remove-Item $privsep
        }
    }

    It 'send records whose every flat property arrives with its value and type' {
        $here = Get-ChildItem "$root/tests/captures/*.pcap*" | Get-PcapConnectionClose
        $there = Invoke-Command -HostName web1 -ArgumentList "$root/tests/captures/*.pcap*" { Get-PcapConnectionClose $args[0] }
        $there.Count | Should -Be $here.Count
        $there.PSComputerName | Select-Object -Unique | Should -Be web1
        foreach ($index in 0..($here.Count - 1)) {
            foreach ($property in $flat) {
                $sent = $here[$index].($property.Name)
                $arrived = $there[$index].($property.Name)
                $arrived | Should -BeExactly $sent -Because $property.Name
                if ($null -ne $sent) {
                    $arrived.GetType() | Should -Be $sent.GetType() -Because $property.Name
                }
            }
            $there[$index].StartTime.Kind | Should -Be Utc
            $there[$index].StartTime.Ticks | Should -Be $here[$index].StartTime.Ticks
            foreach ($name in $nested) {
                $there[$index].$name | Should -Be @($here[$index].$name | ForEach-Object ToString)
            }
        }
        ($there | Where-Object State -EQ Reset).Count | Should -Be ($here | Where-Object State -EQ Reset).Count
        ($there | Where-Object Cause -EQ WriteAfterPeerClose).ServerPort | Should -Be 5432
        ($there | Format-Table | Out-String -Width 120) | Should -Be ($here | Format-Table | Out-String -Width 120)
    }

    It 'that cannot be reached are errors, and the records of the others are written' {
        $found = Invoke-Command -HostName web1, gone { Get-PcapConnectionClose $using:serial[0].Path } -ErrorVariable problems -ErrorAction SilentlyContinue
        $found.PSComputerName | Should -Be web1
        $problems | Should -Not -BeNullOrEmpty
    }

    It 'are read by the runbook of the help topic, in exactly its form' {
        $topic = Get-Content -Raw "$root/en-US/about_BrokenPipeTools_Captures.help.txt"
        $topic -match '(?s)\nA FLEET\r?\n.*?(?<runbook> {8}\$fleet = .*?)\r?\n {4}\S' | Should -BeTrue
        $runbook = $Matches.runbook.Replace('/var/log/pcap/', "$root/tests/captures/")
        Push-Location $TestDrive
        try {
            $shown = [scriptblock]::Create($runbook).Invoke() | Out-String -Width 120
        }
        finally {
            Pop-Location
        }
        $lines = $shown -split '\r?\n'
        foreach ($name in 'web1', 'web2', 'db1') {
            @($lines -match "^ +2 ConnectionRefused, $name").Count | Should -Be 1
            @($lines -match "^ +1 WriteAfterPeerClose, $name").Count | Should -Be 1
            @($lines -match "^$name .* 127\.0\.0\.1 .*WriteAfterPeerClose").Count | Should -Be 1
        }
        (Import-Csv "$TestDrive/fleet.csv").Count | Should -Be (3 * 5)
    }
}
