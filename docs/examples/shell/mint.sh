#!/bin/sh
# Reads lines `name=value`, prints the token: sh mint.sh < input
#
#   kid= sign= bind= aud= iat= exp= paths=    needed; several paths, places and so on are separated by blanks
#   exc= ssn= co= reg= cty= fallback= sub=    as the claims; fallback names claims: co reg cty
#   ip=203.0.113.77/24                        the viewer and how much of the address is bound
#   header:user-agent=…  query:device=…       bound, each on a line of its own; network first, then headers, then parameters
set -eu
LC_ALL=C
. "$(dirname "$0")/edgepass-token.sh"

kid='' sign='' bind_key='' aud='' iat='' exp='' paths='' exc='' ssn='' co='' reg='' cty='' fallback='' sub=''
ip_width='' header_names='' query_names='' bound=''
set -f
while IFS= read -r line || [ -n "$line" ]; do
  name=${line%%=*} value=${line#*=}
  case $name in
    kid) kid=$value ;; sign) sign=$value ;; bind) bind_key=$value ;;
    aud) aud=$value ;; iat) iat=$value ;; exp) exp=$value ;; paths) paths=$value ;; exc) exc=$value ;;
    ssn) ssn=$value ;; co) co=$value ;; reg) reg=$value ;; cty) cty=$value ;; fallback) fallback=$value ;; sub) sub=$value ;;
    ip)
      ip_width=${value#*/}
      net=$(network "${value%/*}" "$ip_width")
      bind i "4/$ip_width" "$net" ;;
    header:*) header_names="$header_names ${name#header:}" && bind h "${name#header:}" "$value" ;;
    query:*) query_names="$query_names ${name#query:}" && bind q "${name#query:}" "$value" ;;
    *) echo "unknown: $name" >&2; exit 2 ;;
  esac
done
mint
