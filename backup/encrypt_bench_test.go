package backup_test

import (
	"fmt"
	"strings"
	"testing"

	"preship/backup"
	"preship/backup/agefile"
)

// BenchmarkEncrypted compares backups with and without encryption in one run, on an
// emulated handset in the memory of the same process, over a link without delay.
func BenchmarkEncrypted(b *testing.B) {
	key, _ := ageKey(b)
	ssh, _, _ := sshKey(b, "ed25519", "")
	for _, work := range []struct {
		name  string
		files int
		size  int64
	}{{"small", 5000, 4 << 10}, {"large", 4, 64 << 20}} {
		var tree strings.Builder
		for i := range work.files {
			fmt.Fprintf(&tree, "data - - 2026-03-01T10:00:00Z /sdcard/b/%02d/%05d.bin %d %d\n", i%50, i, work.size, i)
		}
		r := newRig(b, tree.String())
		for _, to := range []struct {
			name string
			to   []string
		}{{"plain", nil}, {"one key", key}, {"one ssh key", ssh}} {
			b.Run(work.name+"/"+to.name, func(b *testing.B) {
				b.SetBytes(int64(work.files) * work.size)
				b.ReportAllocs()
				for b.Loop() {
					benchBackup(b, r.device, int64(work.files)*work.size, backup.Options{Encrypt: agefile.Encryption{To: to.to}})
				}
			})
		}
	}
}
