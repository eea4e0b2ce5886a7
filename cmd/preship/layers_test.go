package main

import (
	"go/parser"
	"go/token"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// layers is every import between packages of ours that is allowed, and why.
var layers = []struct {
	from, to string
	why      string
}{
	{"preship/cmd/preship", "preship/adb", "lists handsets, and connects to them"},
	{"preship/cmd/preship", "preship/adb/handset", "prints the command table"},
	{"preship/cmd/preship", "preship/adb/reset", "prints the ways of resetting, and maps their errors to hints"},
	{"preship/cmd/preship", "preship/adb/adbtest", "serves the emulated handset, from demo.go and handset.go only"},
	{"preship/cmd/preship", "preship/backup", "shows, checks and restores a backup"},
	{"preship/cmd/preship", "preship/verify", "prints the checks"},
	{"preship/cmd/preship", "preship/report", "shows and verifies reports"},
	{"preship/cmd/preship", "preship/report/register", "lists the cases"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/amount", "prints sizes"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/console", "prints, and asks the person"},
	{"preship/cmd/preship", "preship/report/seal", "verifies packages, and keeps the signing keys"},
	{"preship/cmd/preship/internal/job", "preship/report/seal", "seals the report"},
	{"preship/report/seal", "preship/report", "seals the case and its report"},
	{"preship/report/seal", "preship/report/printable", "makes what a package says safe to show"},
	{"preship/report/seal", "preship/report/safefile", "reads and replaces the files of a package"},
	{"preship/adb/reset", "preship/report/casedir", "records answers as evidence"},
	{"preship/backup", "preship/report/casedir", "writes into the case"},
	{"preship/cmd/preship", "preship/report/casedir", "opens cases"},
	{"preship/cmd/preship/internal/fleet", "preship/report/casedir", "finds the case of each handset"},
	{"preship/cmd/preship/internal/job", "preship/report/casedir", "keeps the case"},
	{"preship/report/casetest", "preship/report/casedir", "makes cases for tests"},
	{"preship/report/register", "preship/report/casedir", "reads the cases it remembers"},
	{"preship/report/seal", "preship/report/casedir", "seals the case"},
	{"preship/verify", "preship/report/casedir", "records answers as evidence"},
	{"preship/backup/provider", "preship/report/casedir", "reads what earlier runs recorded"},
	{"preship/report/casedir", "preship/report", "keeps steps and builds the report"},
	{"preship/report/casedir", "preship/report/printable", "names a hostile state in an error"},
	{"preship/report/casedir", "preship/report/safefile", "reads and replaces the files of a case"},
	{"preship/cmd/preship", "preship/report/intake", "asks for the form"},
	{"preship/report/casedir", "preship/report/intake", "keeps the form, and judges it with the handset"},
	{"preship/report/casetest", "preship/report/intake", "fills in a form for tests"},
	{"preship/report/intake", "preship/report", "compares the form with a report"},
	{"preship/report/intake", "preship/report/check", "names its check and those a claim rests on"},
	{"preship/report/casedir", "preship/report/message", "says that a photo is not the one of the case"},
	{"preship/report/intake", "preship/report/message", "says what differs"},
	{"preship/report/intake", "preship/report/printable", "cuts what a handset said"},
	{"preship/report/intake", "preship/report/safefile", "refuses a form that is too large"},
	{"preship/cmd/preship/internal/job", "preship/report/page", "passes the pages to the seal"},
	{"preship/report/page", "preship/report", "shows a report"},
	{"preship/report/page", "preship/report/message", "writes in the person's language"},
	{"preship/report/page", "preship/report/check", "names the checks"},
	{"preship/report/page", "preship/report/printable", "cuts long texts"},
	{"preship/cmd/preship", "preship/report/policy", "judges a report by the policy of a flag"},
	{"preship/cmd/preship/internal/job", "preship/report/policy", "judges the report by the policy of a job"},
	{"preship/cmd/preship/internal/fleet", "preship/report/policy", "gives each job its ruling"},
	{"preship/cmd/preship/internal/events", "preship/report/policy", "writes a ruling as an event"},
	{"preship/cmd/preship/internal/console", "preship/report/policy", "prints a ruling"},
	{"preship/cmd/preship/internal/job", "preship/report/message", "says sentences of the catalogue"},
	{"preship/cmd/preship", "preship/report/testrun", "writes a report as a test run"},
	{"preship/report/policy", "preship/report", "judges a report"},
	{"preship/report/policy", "preship/report/check", "asks for two checks of the backup by ID"},
	{"preship/report/seal", "preship/report/policy", "judges the report of a package that verifies"},
	{"preship/report/testrun", "preship/report", "writes a report as tests"},
	{"preship/report/testrun", "preship/report/policy", "writes the rules of a policy as tests"},
	{"preship/cmd/preship", "preship/report/schema", "prints the published schemas"},
	{"preship/report/casetest", "preship/report", "makes cases for tests"},
	{"preship/report/schema/schematest", "preship/report/schema", "validates documents in tests"},
	{"preship/backup", "preship/report/safefile", "reads and replaces the files of a backup"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/events", "prints the last events of a job"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/flagfile", "reads the files of flags, and tries its outputs"},
	{"preship/cmd/preship/internal/flagfile", "preship/cmd/preship/internal/amount", "says how long a file may be"},
	{"preship/cmd/preship/internal/flagfile", "preship/cmd/preship/internal/job", "tries to write into a folder"},
	{"preship/cmd/preship/internal/flagfile", "preship/report/casedir", "finds the case that a path is inside"},
	{"preship/cmd/preship/internal/flagfile", "preship/report/safefile", "opens regular files only"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/fleet", "prepares several handsets"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/devices", "lists and watches handsets"},
	{"preship/cmd/preship/internal/devices", "preship/adb", "reads the list of the adb server"},
	{"preship/cmd/preship/internal/devices", "preship/adb/link", "watches for changes"},
	{"preship/cmd/preship/internal/devices", "preship/cmd/preship/internal/advice", "advises what to do about a handset's state"},
	{"preship/cmd/preship/internal/devices", "preship/cmd/preship/internal/console", "prints the list, and redraws it"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/hold", "tells the error of a handset that is taken, and looks who works"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/job", "prepares one handset, or runs one step"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/signing", "loads the signing key, and trusts others"},
	{"preship/cmd/preship/internal/signing", "preship/cmd/preship/internal/console", "escapes what a person typed"},
	{"preship/cmd/preship/internal/signing", "preship/cmd/preship/internal/flagfile", "reads the public key that an argument names"},
	{"preship/cmd/preship/internal/signing", "preship/cmd/preship/internal/job", "gives a job its key"},
	{"preship/cmd/preship/internal/signing", "preship/report/safefile", "knows a key file that is no regular file"},
	{"preship/cmd/preship/internal/signing", "preship/report/seal", "reads, makes and tries keys, and keeps those of others"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/advice", "advises what to do about a handset's state"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/volume", "reads the free space for a job"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/doctor", "checks the computer"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/cases", "lists cases, and purges their data"},
	{"preship/cmd/preship/internal/cases", "preship/cmd/preship/internal/amount", "says sizes and counts"},
	{"preship/cmd/preship/internal/cases", "preship/cmd/preship/internal/console", "prints the list, and asks before it deletes"},
	{"preship/cmd/preship/internal/cases", "preship/cmd/preship/internal/job", "returns usage errors"},
	{"preship/cmd/preship/internal/cases", "preship/report", "knows the steps of a case in order"},
	{"preship/cmd/preship/internal/cases", "preship/report/casedir", "marks a case, and deletes its data"},
	{"preship/cmd/preship/internal/cases", "preship/report/register", "reads the list of cases"},
	{"preship/cmd/preship/internal/cases", "preship/report/seal", "checks that a case is sealed before its data goes"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/saved", "shows what a backup holds"},
	{"preship/cmd/preship/internal/saved", "preship/backup/manifest", "reads what was saved"},
	{"preship/cmd/preship/internal/saved", "preship/backup/restore", "prints how a restore went"},
	{"preship/cmd/preship/internal/saved", "preship/cmd/preship/internal/amount", "says sizes and counts"},
	{"preship/cmd/preship/internal/saved", "preship/cmd/preship/internal/console", "prints"},
	{"preship/cmd/preship/internal/saved", "preship/cmd/preship/internal/job", "checks the folder, and returns usage errors"},
	{"preship/cmd/preship/internal/saved", "preship/report/casedir", "reads when the data was deleted"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/sheet", "prints the tables about a handset"},
	{"preship/cmd/preship/internal/sheet", "preship/adb/handset", "prints facts that a report does not hold"},
	{"preship/cmd/preship/internal/sheet", "preship/cmd/preship/internal/console", "prints"},
	{"preship/cmd/preship/internal/sheet", "preship/cmd/preship/internal/job", "knows which findings stand in the way"},
	{"preship/cmd/preship/internal/sheet", "preship/report", "prints findings"},
	{"preship/cmd/preship/internal/sheet", "preship/report/check", "names the checks"},
	{"preship/cmd/preship/internal/sheet", "preship/report/message", "says what a check does not prove"},
	{"preship/cmd/preship/internal/sheet", "preship/verify", "knows two checks that get a line of their own"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/verdict", "prints how a job ended, and whether a report verifies"},
	{"preship/cmd/preship/internal/verdict", "preship/backup", "checks the data beside a report"},
	{"preship/cmd/preship/internal/verdict", "preship/backup/manifest", "knows a folder without a backup"},
	{"preship/cmd/preship/internal/verdict", "preship/cmd/preship/internal/console", "prints"},
	{"preship/cmd/preship/internal/verdict", "preship/cmd/preship/internal/job", "reads how a job ended"},
	{"preship/cmd/preship/internal/verdict", "preship/report", "prints a verdict and its reasons"},
	{"preship/cmd/preship/internal/verdict", "preship/report/casedir", "reads when the data was deleted"},
	{"preship/cmd/preship/internal/verdict", "preship/report/seal", "prints the result of verifying"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/hint", "says what to do about an error"},
	{"preship/cmd/preship", "preship/report/message", "reads the language, and says sentences"},
	{"preship/cmd/preship/internal/hint", "preship/report/message", "says hints in sentences with an ID"},
	{"preship/cmd/preship/internal/verdict", "preship/report/message", "says sentences with an ID"},
	{"preship/cmd/preship/internal/sheet", "preship/cmd/preship/internal/amount", "says sizes"},
	{"preship/cmd/preship/internal/cases", "preship/report/message", "says sentences with an ID"},
	{"preship/cmd/preship/internal/saved", "preship/report/message", "says sentences with an ID"},
	{"preship/report/seal", "preship/report/message", "says what is wrong with a package"},
	{"preship/cmd/preship/internal/doctor", "preship/report/message", "says sentences with an ID"},
	{"preship/cmd/preship/internal/hint", "preship/adb", "has rows for its errors"},
	{"preship/cmd/preship/internal/hint", "preship/adb/link", "has rows for its errors"},
	{"preship/cmd/preship/internal/hint", "preship/adb/reset", "has rows for its errors"},
	{"preship/cmd/preship/internal/hint", "preship/backup", "has rows for its errors"},
	{"preship/cmd/preship/internal/hint", "preship/backup/agefile", "has rows for its errors"},
	{"preship/cmd/preship/internal/hint", "preship/backup/manifest", "has rows for its errors"},
	{"preship/cmd/preship/internal/hint", "preship/cmd/preship/internal/hold", "has rows for its errors"},
	{"preship/cmd/preship/internal/hint", "preship/cmd/preship/internal/job", "has rows for its errors"},
	{"preship/cmd/preship/internal/hint", "preship/cmd/preship/internal/saved", "has rows for its errors"},
	{"preship/cmd/preship/internal/hint", "preship/report/casedir", "has rows for its errors"},
	{"preship/cmd/preship/internal/advice", "preship/adb", "has a row for each state"},
	{"preship/cmd/preship/internal/doctor", "preship/adb", "asks the adb server"},
	{"preship/cmd/preship/internal/doctor", "preship/cmd/preship/internal/advice", "advises what to do about a handset's state"},
	{"preship/cmd/preship/internal/doctor", "preship/cmd/preship/internal/amount", "says sizes"},
	{"preship/cmd/preship/internal/doctor", "preship/cmd/preship/internal/console", "checks what the terminal can show"},
	{"preship/cmd/preship/internal/doctor", "preship/cmd/preship/internal/hold", "finds handsets that another preship works on"},
	{"preship/cmd/preship/internal/doctor", "preship/cmd/preship/internal/signing", "checks the signing key"},
	{"preship/cmd/preship/internal/doctor", "preship/cmd/preship/internal/volume", "reads the free space and the kind of the file system"},
	{"preship/cmd/preship/internal/doctor", "preship/report", "gives each check a finding's status"},
	{"preship/cmd/preship/internal/doctor", "preship/report/seal", "knows a key that others can read"},
	{"preship/cmd/preship", "preship/cmd/preship/internal/record", "records a handset"},
	{"preship/cmd/preship/internal/record", "preship/adb", "reads the features of the handset"},
	{"preship/cmd/preship/internal/record", "preship/adb/handset", "asks rows, and reads their answers"},
	{"preship/cmd/preship/internal/console", "preship/cmd/preship/internal/amount", "counts the files of a backup"},
	{"preship/cmd/preship/internal/advice", "preship/report/message", "returns sentences"},
	{"preship/cmd/preship/internal/devices", "preship/report/message", "says what it lists"},
	{"preship/cmd/preship/internal/amount", "preship/report/message", "returns sentences"},
	{"preship/cmd/preship/internal/events", "preship/report/message", "writes the ID of a message"},
	{"preship/cmd/preship/internal/console", "preship/cmd/preship/internal/job", "is the person that a job speaks with"},
	{"preship/cmd/preship/internal/console", "preship/report", "prints findings and rulings"},
	{"preship/cmd/preship/internal/events", "preship/cmd/preship/internal/console", "asks on the terminal, and escapes"},
	{"preship/cmd/preship/internal/events", "preship/cmd/preship/internal/job", "is the script that a job speaks with"},
	{"preship/cmd/preship/internal/events", "preship/backup/meter", "writes the progress of a backup"},
	{"preship/cmd/preship/internal/events", "preship/report", "writes findings and rulings"},
	{"preship/cmd/preship/internal/fleet", "preship/cmd/preship/internal/amount", "shows sizes on its screen"},
	{"preship/cmd/preship/internal/fleet", "preship/cmd/preship/internal/console", "draws its screen, and asks the person"},
	{"preship/cmd/preship/internal/fleet", "preship/cmd/preship/internal/events", "is read by scripts"},
	{"preship/cmd/preship/internal/fleet", "preship/cmd/preship/internal/job", "runs a job for each handset"},
	{"preship/cmd/preship/internal/fleet", "preship/adb", "lists handsets, and waits for them"},
	{"preship/cmd/preship/internal/fleet", "preship/adb/reset", "refuses a confirmation that fits two handsets"},
	{"preship/cmd/preship/internal/fleet", "preship/backup", "stops the copying of all when the disk is full"},
	{"preship/cmd/preship/internal/fleet", "preship/report", "shows how each handset ended"},
	{"preship/cmd/preship/internal/fleet", "preship/report/message", "passes on questions"},
	{"preship/cmd/preship/internal/job", "preship/cmd/preship/internal/amount", "says sizes and times"},
	{"preship/cmd/preship/internal/job", "preship/cmd/preship/internal/hold", "works on a handset alone"},
	{"preship/cmd/preship/internal/job", "preship/adb", "connects to the handset"},
	{"preship/cmd/preship/internal/job", "preship/adb/handset", "asks the rows of the command table"},
	{"preship/cmd/preship/internal/job", "preship/adb/reset", "runs a way of resetting"},
	{"preship/cmd/preship/internal/job", "preship/backup", "runs the backup, and proves it again"},
	{"preship/cmd/preship/internal/job", "preship/verify", "runs the checks"},
	{"preship/cmd/preship/internal/job", "preship/report", "keeps the case and seals the report"},
	{"preship/cmd/preship/internal/job", "preship/report/register", "remembers the case"},
	{"preship/cmd/preship/internal/job", "preship/backup/manifest", "names the ways to prove a copy"},
	{"preship/cmd/preship/internal/job", "preship/backup/meter", "passes on the progress of a backup"},
	{"preship/cmd/preship/internal/job", "preship/backup/agefile", "passes on how a backup is encrypted"},
	{"preship/cmd/preship", "preship/report/printable", "refuses an unsafe name for a key"},
	{"preship/cmd/preship/internal/console", "preship/report/printable", "escapes unsafe characters"},
	{"preship/cmd/preship/internal/console", "preship/report/message", "writes sentences in the person's language"},
	{"preship/backup/manifest", "preship/report/printable", "quotes unsafe names"},
	{"preship/report/register", "preship/report", "reads the cases it remembers"},
	{"preship/report", "preship/report/check", "asks of each check whether it is required"},
	{"preship/report/check", "preship/report/message", "names the words of each check"},
	{"preship/verify", "preship/report/check", "answers the checks listed there"},
	{"preship/verify", "preship/report/message", "says what it finds in sentences with an ID"},
	{"preship/adb/handset", "preship/report/check", "names the page of a vendor's lock by its check"},
	{"preship/adb/handset", "preship/report/message", "a refusal has its sentence"},
	{"preship/adb/handset/locks", "preship/adb/handset", "asks rows of the command table"},
	{"preship/adb/handset/locks", "preship/adb/handset/dump", "parses answers"},
	{"preship/adb/handset/locks", "preship/report/check", "each lock is a check"},
	{"preship/adb/handset/locks", "preship/report/message", "says what each lock means in sentences with an ID"},
	{"preship/adb/reset", "preship/adb/handset/locks", "knows the locks that no flag overrides"},
	{"preship/cmd/preship/internal/job", "preship/adb/handset/locks", "tells the owner how to remove a lock"},
	{"preship/cmd/preship/internal/sheet", "preship/adb/handset/locks", "knows how much a lock matters"},
	{"preship/verify", "preship/adb/handset/locks", "reads the locks"},
	{"preship/adb/reset", "preship/report/check", "answers the checks listed there"},
	{"preship/adb/reset", "preship/report/message", "says what it finds in sentences with an ID"},
	{"preship/cmd/preship/internal/job", "preship/report/check", "asks of each check whether it is required"},
	{"preship/cmd/preship", "preship/report/check", "lists the checks"},
	{"preship/adb", "preship/report/message", "its errors reach the report in sentences with an ID"},
	{"preship/adb/link", "preship/report/message", "its errors reach the report in sentences with an ID"},
	{"preship/backup", "preship/report/message", "says what it finds in sentences with an ID"},
	{"preship/backup/disk", "preship/report/message", "its errors reach the report in sentences with an ID"},
	{"preship/backup/query", "preship/report/message", "its errors reach the report in sentences with an ID"},
	{"preship/cmd/preship/internal/hold", "preship/report/message", "its errors reach the report in sentences with an ID"},
	{"preship/report/casetest", "preship/report/message", "a failed step has its sentence"},
	{"preship/report", "preship/report/message", "says what it finds in sentences with an ID"},
	{"preship/report", "preship/report/printable", "makes every text of a report safe to show"},
	{"preship/cmd/preship/internal/hold", "preship/report/safefile", "locks the small file of a claim"},
	{"preship/report/safefile", "preship/report/printable", "names a hostile file in an error"},
	{"preship/cmd/preship", "preship/backup/manifest", "shows what a backup holds"},
	{"preship/backup", "preship/backup/manifest", "writes and reads the manifest"},
	{"preship/cmd/preship", "preship/backup/agefile", "reads the keys of encrypted backups"},
	{"preship/backup", "preship/backup/agefile", "encrypts files, and opens them"},
	{"preship/backup", "preship/backup/meter", "counts how far it is"},
	{"preship/cmd/preship", "preship/backup/meter", "shows how far a backup is"},
	{"preship/backup", "preship/backup/query", "asks for rows, apps and facts about files"},
	{"preship/backup/query", "preship/adb", "knows the errors of sync"},
	{"preship/backup/query", "preship/adb/link", "asks over a connection that breaks"},
	{"preship/backup/query", "preship/adb/handset", "sends rows of the command table"},
	{"preship/backup/query", "preship/backup/manifest", "returns apps as the manifest's room has them"},
	{"preship/cmd/preship", "preship/backup/restore", "restores a backup"},
	{"preship/backup", "preship/backup/localbackup", "checks the backups that the handset made of itself"},
	{"preship/backup/localbackup", "preship/backup/manifest", "makes names safe to print"},
	{"preship/backup", "preship/backup/provider", "saves contacts, messages and other data that is in no file"},
	{"preship/backup", "preship/report/check", "names its checks"},
	{"preship/backup/provider", "preship/adb/link", "asks over a connection that breaks"},
	{"preship/backup/provider", "preship/adb/handset", "sends rows of the command table"},
	{"preship/backup/provider", "preship/backup/agefile", "knows the size of what an encrypted item holds"},
	{"preship/backup/provider", "preship/backup/disk", "writes items"},
	{"preship/backup/provider", "preship/backup/manifest", "names the items and the rows they are made of"},
	{"preship/backup/provider", "preship/backup/meter", "shows that items are saved"},
	{"preship/backup/provider", "preship/backup/formats", "makes files for people of the rows"},
	{"preship/backup/formats", "preship/backup/query", "knows the form of a number"},
	{"preship/backup/provider", "preship/backup/query", "reads rows and knows refusals"},
	{"preship/backup/provider", "preship/report", "reports findings, and reads those of an earlier run"},
	{"preship/backup/provider", "preship/report/check", "names its checks"},
	{"preship/backup/provider", "preship/report/message", "says what is saved and what is missing"},
	{"preship/backup", "preship/backup/plan", "chooses the files to read, and counts what became of them"},
	{"preship/backup", "preship/backup/listing", "lists the storages of the handset"},
	{"preship/backup", "preship/backup/copying", "copies files, and proves the copies"},
	{"preship/backup/copying", "preship/adb", "pulls files over its own sync streams"},
	{"preship/backup/copying", "preship/adb/link", "continues after a broken connection, and gives up a file that breaks it"},
	{"preship/backup/copying", "preship/adb/handset", "hashes files, and reads the rest of one, by rows of the command table"},
	{"preship/backup/copying", "preship/backup/agefile", "passes on the key of an encrypted copy"},
	{"preship/backup/copying", "preship/backup/disk", "writes files, reads them back, and writes the journal"},
	{"preship/backup/copying", "preship/backup/manifest", "names the ways to prove a copy, and makes names safe to print"},
	{"preship/backup/copying", "preship/backup/meter", "counts what is copied and proved"},
	{"preship/backup/copying", "preship/backup/plan", "enters what became of every file"},
	{"preship/backup/copying", "preship/backup/query", "reads the answers of sha256sum and lstat"},
	{"preship/backup/listing", "preship/adb", "calls lstat over its own sync streams"},
	{"preship/backup/listing", "preship/adb/link", "asks again after a broken connection"},
	{"preship/backup/listing", "preship/adb/handset", "sends rows of the command table, and reads volumes and users"},
	{"preship/backup/listing", "preship/backup/manifest", "returns storages as the manifest has them"},
	{"preship/backup/listing", "preship/backup/plan", "adds every name to the plan"},
	{"preship/backup/listing", "preship/backup/query", "asks lstat about storages"},
	{"preship/backup/listing", "preship/report/message", "says why a storage is not listed"},
	{"preship/backup/plan", "preship/adb", "takes the answers of lstat"},
	{"preship/backup/plan", "preship/backup/disk", "makes the lines of the journal, and reads them"},
	{"preship/backup/plan", "preship/backup/manifest", "makes the entries of the manifest"},
	{"preship/backup/plan", "preship/backup/query", "says why the handset did not answer"},
	{"preship/backup/plan", "preship/report", "counts files by what became of them"},
	{"preship/backup/restore", "preship/adb", "pushes files and installs apps"},
	{"preship/backup/restore", "preship/adb/link", "continues after a broken connection"},
	{"preship/backup/restore", "preship/adb/handset", "sends rows of the command table"},
	{"preship/backup/restore", "preship/backup/agefile", "opens encrypted files"},
	{"preship/backup/restore", "preship/backup/disk", "knows a damaged copy"},
	{"preship/backup/restore", "preship/backup/manifest", "reads what was saved"},
	{"preship/backup/restore", "preship/backup/meter", "counts how far it is"},
	{"preship/backup/restore", "preship/backup/query", "asks for apps, contacts and facts about files"},
	{"preship/backup/restore", "preship/report/check", "leaves out missing rows of parts not asked for, by check ID"},
	{"preship/backup", "preship/backup/disk", "writes files and the journal of proved ones"},
	{"preship/backup/disk", "preship/backup/agefile", "encrypts a file while it is written"},
	{"preship/backup/disk", "preship/backup/manifest", "shares the names of a backup's files and the paths of its entries"},
	{"preship/backup/disk", "preship/report/safefile", "opens regular files only"},
	{"preship/backup/agefile", "preship/backup/manifest", "opens files that the manifest names"},
	{"preship/backup/agefile", "preship/report/safefile", "replaces the list of keys at once, and opens regular files only"},
	{"preship/backup/manifest", "preship/report", "counts files by what became of them"},
	{"preship/backup/manifest", "preship/report/safefile", "replaces the file at once, and opens regular files only"},
	{"preship/backup", "preship/adb", "takes the handset that a backup is of"},
	{"preship/backup", "preship/adb/link", "makes the link that its rooms ask over"},
	{"preship/cmd/preship/internal/job", "preship/adb/link", "asks the rows"},
	{"preship/cmd/preship/internal/fleet", "preship/adb/link", "watches for handsets, and waits for one that left"},
	{"preship/adb/link", "preship/adb", "keeps one connection, and mends it"},
	{"preship/adb/link", "preship/adb/handset", "sends rows of the command table, within their limits"},
	{"preship/backup", "preship/adb/handset", "takes a reader of rows of the command table"},
	{"preship/backup", "preship/report", "writes into the case and reports findings"},
	{"preship/verify", "preship/adb/handset", "asks rows, reads answers"},
	{"preship/verify", "preship/report", "reports findings"},
	{"preship/adb/reset", "preship/adb", "reboots the handset and watches the bus"},
	{"preship/adb/reset", "preship/adb/handset", "sends rows of the command table"},
	{"preship/adb/reset", "preship/report", "reports findings"},
	{"preship/adb", "preship/adb/internal/wire", "speaks the protocol"},
	{"preship/adb/handset", "preship/adb/handset/dump", "parses answers"},
	{"preship/adb/handset/dump", "preship/report/printable", "makes the words of a handset safe to show"},
	{"preship/adb/handset/mask", "preship/adb/handset", "has a mask for every row of the command table"},
	{"preship/adb/handset/mask", "preship/adb/handset/dump", "reads what it masks"},
	{"preship/adb/handset/mask", "preship/report", "keeps the same standard folders and extensions as a report"},
	{"preship/adb/reset", "preship/adb/handset/mask", "masks the evidence of a reset"},
	{"preship/cmd/preship/internal/job", "preship/adb/handset/mask", "masks the evidence of a job"},
	{"preship/adb/reset", "preship/adb/handset/dump", "reads screens and properties"},
	{"preship/backup/listing", "preship/adb/handset/dump", "reads the volumes"},
	{"preship/backup/provider", "preship/adb/handset/dump", "quotes what a handset said"},
	{"preship/cmd/preship", "preship/adb/handset/dump", "quotes what a handset said"},
	{"preship/cmd/preship/internal/job", "preship/adb/handset/dump", "knows kinds of users"},
	{"preship/cmd/preship/internal/record", "preship/adb/handset/dump", "reads the answers it records"},
	{"preship/cmd/preship/internal/sheet", "preship/adb/handset/dump", "shows the battery"},
	{"preship/verify", "preship/adb/handset/dump", "reads answers"},
	{"preship/adb/internal/scripted", "preship/adb/internal/wire", "speaks the protocol to the tests of its neighbours"},
	{"preship/adb/adbtest/adbd", "preship/adb/internal/wire", "speaks the protocol from the other side"},
	{"preship/adb/adbtest/server", "preship/adb/internal/wire", "speaks the protocol of an adb server"},
	{"preship/adb/adbtest/conformance", "preship/adb/internal/wire", "expects the bytes of the sync service"},
	{"preship/adb/adbtest", "preship/adb/adbtest/android", "keeps its state"},
	{"preship/adb/adbtest", "preship/adb/adbtest/android/command", "has Android's commands installed"},
	{"preship/adb/adbtest", "preship/adb/adbtest/android/provider", "lets its owner import contacts"},
	{"preship/adb/adbtest", "preship/adb/adbtest/android/screen", "lets its owner touch the screen"},
	{"preship/adb/adbtest/android", "preship/adb/adbtest/profile", "begins as a profile says"},
	{"preship/adb/adbtest/android", "preship/adb/adbtest/trouble", "passes the faults on to commands"},
	{"preship/adb/adbtest/android", "preship/adb/adbtest/vfs", "erases shared storage in a reset"},
	{"preship/adb/adbtest/android/command", "preship/adb/adbtest/android", "reads and changes the state"},
	{"preship/adb/adbtest/android/command", "preship/adb/adbtest/android/provider", "has the content command in its table"},
	{"preship/adb/adbtest/android/command", "preship/adb/adbtest/android/screen", "has input and uiautomator in its table"},
	{"preship/adb/adbtest/android/command", "preship/adb/adbtest/profile", "lists users, apps and volumes"},
	{"preship/adb/adbtest/android/command", "preship/adb/adbtest/toybox", "runs as a process"},
	{"preship/adb/adbtest/android/command", "preship/adb/adbtest/trouble", "shows a low battery"},
	{"preship/adb/adbtest/android/provider", "preship/adb/adbtest/android", "reads and changes the tables"},
	{"preship/adb/adbtest/android/provider", "preship/adb/adbtest/profile", "holds the tables of a profile"},
	{"preship/adb/adbtest/android/provider", "preship/adb/adbtest/toybox", "runs as a process"},
	{"preship/adb/adbtest/android/provider", "preship/adb/adbtest/vfs", "makes pictures of contacts"},
	{"preship/adb/adbtest/android/screen", "preship/adb/adbtest/android", "shows the page of the state"},
	{"preship/adb/adbtest/android/screen", "preship/adb/adbtest/toybox", "runs as a process"},
	{"preship/adb/adbtest/android/screen", "preship/adb/adbtest/trouble", "asks whether the handset is online"},
	{"preship/adb/adbtest/android/screen", "preship/adb/adbtest/vfs", "writes the dump to a file"},
	{"preship/adb/adbtest", "preship/adb/adbtest/bus", "moves on the adb bus"},
	{"preship/adb/adbtest", "preship/adb/adbtest/profile", "is built from a profile"},
	{"preship/adb/adbtest", "preship/adb/adbtest/adbd", "is reached through adbd"},
	{"preship/adb/adbtest", "preship/adb/adbtest/server", "serves handsets as an adb server"},
	{"preship/adb/adbtest/server", "preship/adb/adbtest/adbd", "opens services of a handset"},
	{"preship/adb/adbtest/server", "preship/adb/adbtest/bus", "lists the handsets on the bus"},
	{"preship/adb/adbtest/server", "preship/adb/adbtest/stream", "runs services on connections"},
	{"preship/adb/adbtest/server", "preship/adb/adbtest/trouble", "lists a handset as offline"},
	{"preship/adb/adbtest/adbd", "preship/adb/adbtest/bus", "ends connections with a stay, and checks keys"},
	{"preship/adb/adbtest/adbd", "preship/adb/adbtest/shell", "runs shell lines"},
	{"preship/adb/adbtest/adbd", "preship/adb/adbtest/stream", "runs services on streams"},
	{"preship/adb/adbtest/adbd", "preship/adb/adbtest/trouble", "asks whether something goes wrong"},
	{"preship/adb/adbtest/adbd", "preship/adb/adbtest/vfs", "serves files"},
	{"preship/adb/adbtest", "preship/adb/adbtest/trouble", "asks whether something goes wrong"},
	{"preship/adb/adbtest/trouble", "preship/adb/adbtest/vfs", "changes what a file tree answers"},
	{"preship/adb/adbtest/profile", "preship/adb/adbtest/vfs", "lists the files of a model"},
	{"preship/adb/adbtest/profile", "preship/testdata", "reads the profiles"},
	{"preship/adb/adbtest", "preship/adb/adbtest/toybox", "runs processes, and has toybox's commands installed"},
	{"preship/adb/adbtest/toybox", "preship/adb/adbtest/vfs", "reads and writes the files of the handset"},
	{"preship/adb/adbtest", "preship/adb/adbtest/shell", "runs the lines that clients send"},
	{"preship/adb/adbtest/shell", "preship/adb/adbtest/toybox", "starts processes"},
	{"preship/adb/adbtest/shell", "preship/adb/adbtest/vfs", "opens what a line redirects to"},
	{"preship/adb/adbtest", "preship/adb/adbtest/vfs", "keeps its files"},
}

// banned is what no shipped package may reach, even through others.
var banned = []struct {
	from, to string
	why      string
}{
	{"preship/cmd/preship/internal/job", "github.com/spf13/cobra", "a job knows no command line"},
	{"preship/cmd/preship/internal/job", "github.com/spf13/pflag", "a job knows no flags"},
	{"preship/cmd/preship/internal/job", "golang.org/x/term", "a job knows no terminal"},
	{"preship/cmd/preship/internal/doctor", "github.com/spf13/cobra", "only the commands know the command line"},
	{"preship/cmd/preship/internal/fleet", "github.com/spf13/cobra", "only the commands know the command line"},
	{"preship/cmd/preship", "testing", "a test framework has no place in a shipped program"},
	{"preship/adb/adbtest", "preship/adb", "a double must not share its client's misunderstandings"},
	{"preship/adb/adbtest/conformance", "preship/adb", "the list of expectations must not share its client's misunderstandings"},
	{"preship/report", "modernc.org/sqlite", "a report is made and checked without a database"},
	{"preship/report", "net/http", "a report is made and checked without a network"},
	{"preship/report/seal", "net/http", "a package is checked without a network"},
	{"preship/report/seal", "modernc.org/sqlite", "a package is checked without a database"},
}

// emulatorFiles are the files of cmd/preship that may import the emulated handset.
var emulatorFiles = []string{"demo.go", "handset.go"}

func TestLayers(t *testing.T) {
	t.Parallel()
	used := make([]bool, len(layers))
	for _, line := range goList(t, "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "preship/...") {
		fields := strings.Fields(line)
		for _, to := range fields[1:] {
			if !strings.HasPrefix(to, "preship/") {
				continue
			}
			i := slices.IndexFunc(layers, func(l struct{ from, to, why string }) bool { return l.from == fields[0] && l.to == to })
			if i < 0 {
				t.Errorf("%s imports %s, which no row of the layers allows", fields[0], to)
				continue
			}
			used[i] = true
		}
	}
	for i, l := range layers {
		if !used[i] {
			t.Errorf("no code needs the row %s → %s (%s); take it out", l.from, l.to, l.why)
		}
	}
}

func TestBannedDependencies(t *testing.T) {
	t.Parallel()
	for _, b := range banned {
		deps := goList(t, "-deps", b.from)
		if !slices.Contains(deps, b.from) {
			t.Errorf("%s is no package any more; mend the table", b.from)
		}
		if slices.Contains(deps, b.to) {
			t.Errorf("%s depends on %s: %s", b.from, b.to, b.why)
		}
	}
}

func TestEmulatedHandsetStaysInItsFiles(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") || slices.Contains(emulatorFiles, file) {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, imp := range f.Imports {
			if path, _ := strconv.Unquote(imp.Path.Value); path == "preship/adb/adbtest" {
				t.Errorf("%s imports the emulated handset; only %v may", file, emulatorFiles)
			}
		}
	}
}

func TestEveryPackageSaysWhatItIsFor(t *testing.T) {
	t.Parallel()
	for _, line := range goList(t, "-f", `{{.ImportPath}}|{{.Doc}}`, "preship/...") {
		if path, doc, _ := strings.Cut(line, "|"); doc == "" {
			t.Errorf("%s has no package comment", path)
		}
	}
}

func goList(t *testing.T, args ...string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", append([]string{"list"}, args...)...).Output()
	if err != nil {
		t.Fatalf("go list %v: %v", args, err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}
