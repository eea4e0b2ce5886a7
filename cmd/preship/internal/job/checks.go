package job

import (
	"slices"
	"strings"

	"preship/report/check"
)

// CheckIDs are the IDs of all checks there are.
func CheckIDs() []string {
	var ids []string
	for _, row := range check.Rows {
		ids = append(ids, row.ID)
	}
	return ids
}

// ofBackup reports whether a check is one of the backup.
func ofBackup(id string) bool {
	_, known := check.ByID(id)
	return known && strings.HasPrefix(id, "backup.")
}

// DespiteIDs are the IDs of the checks that --despite takes.
func DespiteIDs() []string {
	return slices.DeleteFunc(CheckIDs(), func(id string) bool { return checkDespite([]string{id}) != nil })
}
