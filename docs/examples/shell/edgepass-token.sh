# Mints edgepass tokens with POSIX sh, openssl and od. To be sourced: . ./edgepass-token.sh
#
# Bound are headers, query parameters and IPv4 networks; for IPv6 take another language. No key is ever an argument of a
# program: arguments can be read by every user of the machine.

# base64url: standard input, without padding.
base64url() { openssl base64 -A | tr '+/' '-_' | tr -d '='; }

# key_hex KEY: the 32 bytes that a key's text stands for, in hexadecimal.
key_hex() {
  printf '%s=' "$1" | tr -- '-_' '+/' | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \n'
}

# xor_key HEX BYTE: a key padded to a block of 64 bytes, each byte XORed with one, as octal escapes for printf.
xor_key() {
  hex=$1 left=64
  while [ "$left" -gt 0 ]; do
    rest=${hex#??}
    printf '\\%03o' "$((0x${hex%"$rest"} ^ $2))"
    hex=${rest:-00} left=$((left - 1))
  done
}

# hmac KEY: HMAC-SHA256 (RFC 2104) of standard input, base64url.
hmac() {
  secret=$(key_hex "$1")
  [ ${#secret} -eq 64 ] || { echo 'a key has 32 bytes' >&2; return 1; }
  inner=$(xor_key "$secret" 0x36) outer=$(xor_key "$secret" 0x5c)
  mac=$({ printf "$outer"; { printf "$inner"; cat; } | openssl dgst -sha256 -binary; } | openssl dgst -sha256 -binary | base64url)
  [ ${#mac} -eq 43 ] || { echo 'openssl made no MAC' >&2; return 1; }
  printf %s "$mac"
}

# field TEXT: its length in bytes, `:`, and its bytes.
field() { printf '%d:%s' "$(printf %s "$1" | wc -c)" "$1"; }

# network ADDRESS WIDTH: the IPv4 network, host bits zero.
network() (
  IFS=.
  set -f
  # shellcheck disable=SC2086 # split at the dots
  set -- "$2" $1
  width=$1 text=
  shift
  [ $# -eq 4 ] || { echo 'an IPv4 address is needed' >&2; exit 1; }
  for octet; do
    case $octet in '' | *[!0-9]* | 0?* | ????*) octet=256 ;; esac
    [ "$octet" -le 255 ] || { echo 'an IPv4 address is needed' >&2; exit 1; }
    bits=$((width > 8 ? 8 : width)) width=$((width > 8 ? width - 8 : 0))
    text=$text.$((octet & (256 - (1 << (8 - bits)))))
  done
  printf %s "${text#.}"
)

# list WORDS: a JSON array.
list() {
  text=
  for word in $1; do text=$text,\"$word\"; done
  printf '[%s]' "${text#,}"
}

# bind KIND NAME VALUE: adds an attribute to `bound`, in the order network, headers, parameters.
bind() {
  size=$(printf %s "$3" | wc -c)
  [ "$size" -ge 1 ] && [ "$size" -le 1024 ] || { echo "the bound value of $2 is missing or too long" >&2; return 1; }
  bound=$bound$(field "$1")$(field "$2")$(field "$3")
}

# check_claims: nothing here escapes JSON, so what would have to be escaped is refused; so is a session that is none.
check_claims() {
  case "$kid$aud$paths$exc$ssn$co$reg$cty$sub$header_names$query_names" in
    *[\"\\]* | *[[:cntrl:]]*) echo 'a quotation mark, backslash or control character in a claim' >&2; return 1 ;;
  esac
  case $iat$exp in *[!0-9]* | '') echo 'iat and exp are whole seconds' >&2; return 1 ;; esac
  [ -n "$ssn" ] || return 0
  case $ssn in *[!A-Za-z0-9_-]*) false ;; *) [ ${#ssn} -ge 16 ] && [ ${#ssn} -le 64 ] ;; esac ||
    { echo 'a session id has 16 to 64 of A-Za-z0-9_-' >&2; return 1; }
}

# mint: prints the token of these variables: kid sign bind_key aud iat exp paths, and where they are not empty: exc ssn co reg
# cty fallback sub ip_width header_names query_names, and `bound`, to which `bind` adds. Lists are separated by blanks.
mint() {
  check_claims || return 1
  claims="{\"iat\":$iat,\"exp\":$exp,\"aud\":\"$aud\",\"paths\":$(list "$paths")"
  [ -z "$exc" ] || claims="$claims,\"exc\":$(list "$exc")"
  [ -z "$ssn" ] || claims="$claims,\"ssn\":\"$ssn\""
  for claim in co reg cty; do
    eval "places=\$$claim"
    [ -z "$places" ] || claims="$claims,\"$claim\":$(list "$places")"
    case " $fallback " in *" $claim "*) claims="$claims,\"${claim}_fallback\":true" ;; esac
  done
  [ -z "$ip_width" ] || claims="$claims,\"ip\":$ip_width,\"ip_ver\":4"
  [ -z "$header_names" ] || claims="$claims,\"headers\":$(list "$header_names")"
  [ -z "$query_names" ] || claims="$claims,\"qs\":$(list "$query_names")"
  if [ -n "$bound" ]; then
    head=$(field edgepass-bind-1)$(field "$aud")$(field "$ssn")$(field "$iat")$(field "$exp")
    intsig=$(printf %s "$head$bound" | hmac "$bind_key") || return 1
    claims="$claims,\"intsig\":\"$intsig\""
  fi
  [ -z "$sub" ] || claims="$claims,\"sub\":\"$sub\""
  signed=$(printf '{"alg":"HS256","typ":"JWT","kid":"%s"}' "$kid" | base64url).$(printf '%s}' "$claims" | base64url)
  signature=$(printf %s "$signed" | hmac "$sign") || return 1
  token=${ssn:+$ssn.}$signed.$signature
  [ ${#token} -le 2048 ] || { echo 'the token is longer than the edge reads' >&2; return 1; }
  printf '%s\n' "$token"
}
