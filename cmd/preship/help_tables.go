package main

// examples are the command lines that the help of a command begins with.
var examples = map[string][]string{
	"preship": {
		"demo                              see it work; needs no handset",
		"prepare --out ~/cases             prepare the handset on the cable",
	},
	"prepare":            {"prepare --out ~/cases", "prepare --all --out ~/cases"},
	"outlook":            {"outlook --out ~/cases"},
	"identify":           {"identify", "identify --imei-box 861234051234562"},
	"backup":             {"backup --out ~/backups/my-phone", "backup --out ~/backups/my-phone --passphrase"},
	"backup verify":      {"backup verify ~/backups/my-phone"},
	"backup open":        {"backup open ~/cases/PS-20261122-7K3Q9D --to ~/my-phone", "backup open ~/backups/my-phone --to ~/photos DCIM/"},
	"backup show":        {"backup show ~/backups/my-phone"},
	"backup list":        {"backup list ~/backups/my-phone"},
	"accounts":           {"accounts", "accounts --wait 15m"},
	"reset":              {"reset --case ~/cases/PS-20261122-7K3Q9D --dry-run", "reset --case ~/cases/PS-20261122-7K3Q9D"},
	"verify":             {"verify --case ~/cases/PS-20261122-7K3Q9D"},
	"report":             {"report --case ~/cases/PS-20261122-7K3Q9D"},
	"report verify":      {"report verify PS-20261122-7K3Q9D.zip"},
	"report show":        {"report show ~/cases/PS-20261122-7K3Q9D"},
	"report countersign": {"report countersign ~/cases/PS-20261122-7K3Q9D"},
	"report schema":      {"report schema", "report schema event"},
	"intake":             {"intake --case ~/cases/PS-20261122-7K3Q9D"},
	"cases":              {"cases --out ~/cases", "cases --out ~/cases --imei 234562"},
	"cases handed-back":  {"cases handed-back ~/cases/PS-20261122-7K3Q9D"},
	"cases purge":        {"cases purge --out ~/cases --older-than 30d --dry-run"},
	"restore":            {"restore --case ~/cases/PS-20261122-7K3Q9D --dry-run", "restore --case ~/cases/PS-20261122-7K3Q9D"},
	"doctor":             {"doctor", "doctor --out ~/cases"},
	"devices":            {"devices --watch"},
	"connect":            {"connect --pair 192.168.1.20:40123", "connect 192.168.1.20:37123"},
	"disconnect":         {"disconnect 192.168.1.20:37123"},
	"demo":               {"demo", "demo --profile mi-5s"},
	"handset":            {"handset redmi-note-10", "handset --list", "handset --record my-phone.txtar"},
	"key":                {"key show", "key export >> allowed_signers"},
	"key show":           {"key show"},
	"key export":         {"key export >> allowed_signers"},
	"key list":           {"key list"},
	"key new":            {"key new --key ~/preship-key"},
	"key trust":          {"key trust signer.pub --name desk1@shop --fingerprint SHA256:..."},
	"key revoke":         {"key revoke signer.pub"},
	"commands":           {"commands"},
	"completion":         {"completion bash > ~/.local/share/bash-completion/completions/preship"},
}

// flagGroups are the groups of flags in the order of the help. A flag without a row
// stands in the last group.
var flagGroups = []string{"Case", "Handset", "Backup", "Reset", "Report", "Time"}

const lastGroup = "Other"

// flagRows say where the help shows a flag, and how it writes its value. A flag means
// the same in every command. The help of a command with many flags only names rare
// ones.
var flagRows = map[string]struct {
	group, value string
	rare         bool
}{
	"out":       {"Case", "DIR", false},
	"case":      {"Case", "DIR", false},
	"from":      {"Case", "FILE", false},
	"template":  {"Case", "", false},
	"set":       {"Case", "FIELD=VALUE", false},
	"intake":    {"Case", "FILE", true},
	"erase":     {"Case", "", false},
	"photo":     {"Case", "FILE", false},
	"rebuild":   {"Case", "", false},
	"limit":     {"Case", "N", false},
	"since":     {"Case", "WHEN", false},
	"verdict":   {"Case", "VERDICT", false},
	"worklist":  {"Case", "FILE", false},
	"look":      {"Case", "", true},
	"no-intake": {"Case", "", true},

	"serial":       {"Handset", "SERIAL", false},
	"all":          {"Handset", "", false},
	"watch":        {"Handset", "", false},
	"jobs":         {"Handset", "N", true},
	"imei":         {"Handset", "IMEI", true},
	"imei-box":     {"Handset", "IMEI", false},
	"imei-receipt": {"Handset", "IMEI", true},
	"imei-sticker": {"Handset", "IMEI", true},
	"sn-box":       {"Handset", "SN", true},
	"online":       {"Handset", "", true},
	"online-url":   {"Handset", "URL", true},

	"encrypt-to":      {"Backup", "KEY", true},
	"passphrase":      {"Backup", "", false},
	"passphrase-file": {"Backup", "FILE", true},
	"identity":        {"Backup", "FILE", true},
	"prove":           {"Backup", "HOW", true},
	"without-backup":  {"Backup", "REASON", true},
	"to":              {"Backup", "DIR", false},
	"read":            {"Backup", "", false},
	"only":            {"Backup", "PARTS", false},
	"overwrite":       {"Backup", "", false},
	"other-handset":   {"Backup", "", false},

	"confirm":      {"Reset", "LAST6", false},
	"way":          {"Reset", "WAY", false},
	"despite":      {"Reset", "ID", false},
	"attest":       {"Reset", "ID", false},
	"attest-reset": {"Reset", "WORDS", true},
	"again":        {"Reset", "", true},
	"drive":        {"Reset", "", true},
	"dry-run":      {"Reset", "", false},

	"policy": {"Report", "FILE", true},
	"junit":  {"Report", "FILE", true},
	"ctrf":   {"Report", "FILE", true},
	"csv":    {"Report", "FILE", true},

	"wait":    {"Time", "TIME", false},
	"timeout": {"Time", "TIME", true},

	"allowed-signers": {"", "FILE", false},
	"revoked":         {"", "FILE", true},
	"sealed-only":     {"", "", true},
	"recursive":       {"", "", false},
	"qr":              {"", "TEXT", true},
	"older-than":      {"", "SPAN", false},
	"handed-back":     {"", "CASE", false},
	"yes":             {"", "", false},
	"profile":         {"", "NAME", false},
	"pair":            {"", "ADDR", false},
	"code":            {"", "DIGITS", false},
	"record":          {"", "FILE", false},
	"list":            {"", "", false},
	"listen":          {"", "ADDR", false},
	"adb-server":      {"", "ADDR", false},
	"owner":           {"", "WHO", false},
	"auth":            {"", "on|off", false},
	"trouble":         {"", "FILE", false},
	"key":             {"", "FILE", false},
	"name":            {"", "NAME", false},
	"fingerprint":     {"", "SHA256:…", false},
	"comment":         {"", "TEXT", false},
}
