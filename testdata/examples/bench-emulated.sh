#!/bin/sh
# The whole job on an emulated handset: save, sign out, erase, look, seal, verify.
# For a build server, or to try a change of your own scripts. Needs preship alone:
# no handset, no adb.
#
#   bench-emulated.sh [FOLDER [PROFILE]]
#
# It exits as preship does (see: preship help scripts): 0 is ready, 3 is not, as
# the policy beside this script asks. In FOLDER it leaves the case, events.ndjson
# and checks.xml, which build servers read as JUnit.
set -eu

folder=${1:-$(mktemp -d)}
profile=${2:-redmi-note-10}
policy=$(dirname "$0")/bench-policy.yaml
mkdir -p "$folder"

# The handset serves until it is told to end. Its first line says where; a pipe,
# so that reading that line waits for it.
pipe=$(mktemp -u)
mkfifo "$pipe"
preship handset "$profile" --json --listen "" --adb-server 127.0.0.1:0 >"$pipe" &
handset=$!
trap 'kill "$handset" 2>/dev/null || :; rm -f "$pipe"' EXIT
trap 'exit 130' INT TERM
read -r first <"$pipe" || { wait "$handset" || exit $?; }
address=$(printf '%s\n' "$first" | sed -n 's/.*"adb_server":"\([^"]*\)".*/\1/p')
[ -n "$address" ] || { wait "$handset" || exit $?; echo "the handset did not say where it is: $first" >&2; exit 1; }

ADB_SERVER_SOCKET=tcp:$address
export ADB_SERVER_SOCKET

status=0
preship prepare --out "$folder" --confirm=emulated --no-input --json \
	--wait 1m --timeout 10m --policy "$policy" --junit "$folder/checks.xml" \
	>"$folder/events.ndjson" || status=$?

# The last line is always the event done, which names the case.
case=$(sed -n '$s/.*"event":"done".*"case":"\([^"]*\)".*/\1/p' "$folder/events.ndjson")
[ -n "$case" ] || exit "$status"
preship report verify "$case" || exit $?
exit "$status"
