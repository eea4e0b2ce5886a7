#!/bin/sh
# The whole job on the Android emulator, which comes with Android's SDK. It puts a
# few files on it as an owner would have them, and has preship save, erase and
# check it. Needs preship, adb and a virtual device of a build that may be reset
# by a computer ("Google APIs" or AOSP images, not "Google Play").
#
#   AVD=Pixel_6_API_34 bench-android-emulator.sh [FOLDER]
#
# Without AVD it takes the emulator that runs already; ANDROID_SERIAL names one
# of several. EVERYTHING ON IT IS ERASED. It exits as preship does, 0 is ready.
set -eu

folder=${1:-$(mktemp -d)}
policy=$(dirname "$0")/bench-policy.yaml
mkdir -p "$folder"

if [ -n "${AVD:-}" ]; then
	ANDROID_SERIAL=emulator-5580
	export ANDROID_SERIAL
	emulator -avd "$AVD" -port 5580 -no-window -no-audio -no-boot-anim -no-snapshot >"$folder/emulator.log" 2>&1 &
	emulator=$!
	trap 'kill "$emulator" 2>/dev/null || :' EXIT
	trap 'exit 130' INT TERM
fi

# In the order an emulator starts: its adbd, then Android.
adb wait-for-device
until [ "$(adb shell getprop sys.boot_completed | tr -d '\r')" = 1 ]; do
	sleep 1
done

# Never on a handset that somebody owns.
preship identify --json >"$folder/identify.json" || [ $? -eq 3 ]
grep -q '"kind": "emulator"' "$folder/identify.json" || { echo "this is no emulator: nothing was done" >&2; exit 2; }

# What an owner has. The job has to save and prove it before it erases anything.
mkdir -p "$folder/owner"
echo "a note of the owner's" >"$folder/owner/note.txt"
head -c 1048576 /dev/urandom >"$folder/owner/film.mp4"
adb push "$folder/owner/note.txt" /sdcard/Documents/bench-note.txt
adb push "$folder/owner/film.mp4" /sdcard/DCIM/bench-film.mp4

status=0
preship prepare --out "$folder" --confirm=emulated --no-input --json \
	--wait 5m --timeout 30m --policy "$policy" --junit "$folder/checks.xml" \
	>"$folder/events.ndjson" || status=$?

case=$(sed -n '$s/.*"event":"done".*"case":"\([^"]*\)".*/\1/p' "$folder/events.ndjson")
[ -n "$case" ] || exit "$status"
preship report verify "$case" || exit $?

# The proof that preship gives, made once more by somebody else's program.
cmp "$folder/owner/note.txt" "$case/backup/storage/emulated/0/Documents/bench-note.txt"
cmp "$folder/owner/film.mp4" "$case/backup/storage/emulated/0/DCIM/bench-film.mp4"
exit "$status"
