#!/bin/sh
# Makes the certificates beside this file: `sh make.sh`, with OpenSSL 3. They last for a hundred years, apart from those
# that are about dates. The key of the root is thrown away, so nothing else will ever be signed by it.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

key() {
  openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"
}

# FILE, its KEY, its NAME, its EXTENSIONS, FROM and TO which year, and by which key and certificate it is signed
certificate() {
  : >"$work/index"
  cat >"$work/config" <<END
[ca]
default_ca = here
[here]
database = $work/index
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
[extensions]
$4
[req]
distinguished_name = none
[none]
END
  openssl req -new -key "$2" -subj "/CN=$3" -config "$work/config" -out "$work/request"
  openssl ca -batch -notext -config "$work/config" -extensions extensions -in "$work/request" -out "$1" \
    -startdate "${5}0101000000Z" -enddate "${6}0101000000Z" -keyfile "$7" $8
}

key "$work/root.key"
key key.pem
here="subjectAltName = DNS:localhost, IP:127.0.0.1
extendedKeyUsage = serverAuth"
root="$work/root.key"
certificate root.pem "$root" "Test Root" "basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash" 2026 2126 "$root" -selfsign
certificate good.pem key.pem localhost "$here" 2026 2126 "$root" "-cert root.pem"
certificate expired.pem key.pem localhost "$here" 2020 2021 "$root" "-cert root.pem"
certificate not-yet-valid.pem key.pem localhost "$here" 2125 2126 "$root" "-cert root.pem"
certificate other-name.pem key.pem other.example "subjectAltName = DNS:other.example" 2026 2126 "$root" "-cert root.pem"
certificate self-signed.pem key.pem localhost "$here" 2026 2126 key.pem -selfsign
