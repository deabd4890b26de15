# A client that retries, with .NET's HttpClient. Usage: pwsh client.ps1 URL. CA_FILE names a certificate to trust.
param([Parameter(Mandatory)] [uri] $Uri)

$tries = 20
$pause = 200
$handler = [System.Net.Http.SocketsHttpHandler]::new()
if ($env:CA_FILE) {
    $policy = [System.Security.Cryptography.X509Certificates.X509ChainPolicy]::new()
    $policy.TrustMode = 'CustomRootTrust'
    $policy.RevocationMode = 'NoCheck'
    $null = $policy.CustomTrustStore.Add([System.Security.Cryptography.X509Certificates.X509Certificate2]::CreateFromPem([System.IO.File]::ReadAllText($env:CA_FILE)))
    $handler.SslOptions.CertificateChainPolicy = $policy
}
$client = [System.Net.Http.HttpClient]::new($handler)
$client.Timeout = [timespan]::FromSeconds(10)
for ($attempt = 1; ; $attempt++) {
    try {
        # The whole answer is read here: one that breaks off fails.
        return $client.GetStringAsync($Uri).GetAwaiter().GetResult()
    }
    catch {
        [Console]::Error.WriteLine("try ${attempt}: $($_.Exception.GetBaseException().Message)")
        if ($attempt -eq $tries) { throw }
        Start-Sleep -Milliseconds $pause
    }
}
