#!/bin/sh
# Walks the whole story against a running `./bank up --demo`, with curl alone: a client uploads a document, an employee
# processes it, the client ties it to a contract and gets it back byte for byte, a bank system reads it.
# Prints each request and its answer; ends with 1 at the first answer that is not the expected one.
set -eu

fail() {
  printf 'bank: %s\n' "$1" >&2
  exit "${2:-1}"
}

port=8080
while [ $# -gt 0 ]; do
  case $1 in
    --port)
      [ $# -ge 2 ] || fail '--port needs a value' 2
      port=$2
      shift 2
      ;;
    --help | -h)
      echo 'Usage: ./bank demo [--port N]   (default 8080; start ./bank up --demo before)'
      exit 0
      ;;
    *) fail "unknown option $1 (see --help)" 2 ;;
  esac
done

command -v curl >/dev/null || fail 'curl is not installed'
base=http://127.0.0.1:$port
password=demo-Passw0rd-2026
here=$(dirname "$(readlink -f "$0")")
document_file="$here/Договор аренды.pdf"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

up='./bank up --demo'
[ "$port" = 8080 ] || up="$up --port $port"
health=$(curl -s --max-time 5 "$base/healthz") || fail "nothing answers at $base: start it with $up"
[ "$health" = '{"status":"ok"}' ] || fail "what answers at $base is not this platform: start it with $up"

step=0
say() {
  step=$((step + 1))
  printf '\n%s. %s\n' "$step" "$1"
}

# The value of field $1 in the last answer, a JSON object; of several the first.
field() {
  tr -d '\n' <"$work/body" | grep -o "\"$1\" *: *\(\"[^\"]*\"\|[0-9]*\)" | head -n 1 | sed 's/^"[^"]*" *: *//; s/"//g'
}

# Long tokens and signed queries say nothing to a reader.
shorten() {
  sed 's/?response-content-[^"]*/?…/g; s/\([A-Za-z0-9_.-]\{24\}\)[A-Za-z0-9_.-]\{40,\}/\1…/g'
}

# call STATUS METHOD URL [CURL ARGUMENT]...: sends the request, prints it and its answer, and checks the status.
call() {
  expected=$1 method=$2 url=$3
  shift 3
  case $url in /*) url=$base$url ;; esac
  printf '   %s %s\n' "$method" "$url" | shorten
  show_body=
  for argument in "$@"; do
    case $show_body in
      -d | -F | --data-urlencode) printf '     %s\n' "$argument" ;;
    esac
    show_body=$argument
  done
  status=$(curl -sS -X "$method" -o "$work/body" -w '%{http_code}' --max-time 60 "$@" "$url") ||
    fail "no answer to $method $url"
  printf '   → %s\n' "$status"
  if [ -s "$work/body" ]; then
    case $(head -c 1 "$work/body") in
      '{' | '[') printf '     %s\n' "$(shorten <"$work/body")" ;;
      *) printf '     (%s bytes)\n' "$(wc -c <"$work/body" | tr -d ' ')" ;;
    esac
  fi
  [ "$status" = "$expected" ] || fail "step $step: expected $expected, got $status"
}

json='Content-Type: application/json'

login() {
  call 200 POST /v1/auth/login -H "$json" -d "{\"email\":\"$1\",\"password\":\"$password\"}"
}

status=$(curl -s -o "$work/body" -w '%{http_code}' --max-time 30 -H "$json" \
  -d "{\"email\":\"client@demo.test\",\"password\":\"$password\"}" "$base/v1/auth/login") ||
  fail "no answer to a sign-in at $base"
[ "$status" != 401 ] || fail "the instance at $base has no demo users: stop it and start it with $up"

say 'A client signs in'
login client@demo.test
client="Authorization: Bearer $(field access_token)"
call 200 GET /v1/users/me -H "$client"
user_id=$(field id)

say 'He uploads a PDF'
call 201 POST /v1/dbo/documents -H "$client" -F "file=@$document_file" \
  -F 'description=Договор аренды' -F 'category=Договоры' -F 'actual_date=2023-10-25'
document_id=$(field document_id)

say 'He lists his documents'
call 200 GET "/v1/dbo/users/$user_id/documents?page_size=3" -H "$client"

say 'Another client does not even learn that the document exists'
login client2@demo.test
call 404 GET "/v1/abs/documents/$document_id" -H "Authorization: Bearer $(field access_token)"

say 'An employee finds it and processes it'
login employee@demo.test
employee="Authorization: Bearer $(field access_token)"
call 200 GET "/v1/abs/documents?status=pending&user_id=$user_id&page_size=3" -H "$employee"
call 200 PUT "/v1/abs/documents/$document_id/status" -H "$employee" -H "$json" \
  -d '{"status":"processing","plan_maturity_date":"2030-11-01"}'
call 200 PUT "/v1/abs/documents/$document_id/status" -H "$employee" -H "$json" \
  -d '{"status":"processed","comment":"Проверено"}'

say 'The client reads the status'
call 200 GET "/v1/abs/documents/$document_id" -H "$client"
[ "$(field status)" = processed ] || fail "step $step: the status is $(field status), not processed"

say 'He makes a contract and ties the document to it'
call 201 POST /v1/sm/contracts -H "$client" -H "$json" \
  -d "{\"user_id\":$user_id,\"description\":\"Контракт на обслуживание\"}"
contract_id=$(field contract_id)
call 201 POST "/v1/sm/contracts/$contract_id/link" -H "$client" -H "$json" -d "{\"document_id\":$document_id}"

say 'He gets the document back by the presigned link of the contract, byte for byte'
call 200 GET "/v1/sm/contracts/$contract_id/documents" -H "$client"
link=$(field link)
call 200 GET "$link"
cmp "$document_file" "$work/body" || fail "step $step: the link gives other bytes than were uploaded"
call 200 GET "/v1/dbo/documents/$document_id/content" -H "$client"
cmp "$document_file" "$work/body" || fail "step $step: the download gives other bytes than were uploaded"

say 'A bank system takes a token of its own and reads'
call 200 POST /token -u abs-integration:demo-secret-2026 -d grant_type=client_credentials
machine="Authorization: Bearer $(field access_token)"
call 200 GET "/v1/abs/documents/$document_id" -H "$machine"
call 200 GET "/v1/abs/documents/$document_id/history" -H "$machine"

printf '\nThe whole story went as it should.\n'
