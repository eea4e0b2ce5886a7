package backup_test

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"preship/adb"
	"preship/backup"
	"preship/report/casedir"
)

// The benchmarks fill the folder SDCARD, which the handset PRESHIP_HANDSET shows as
// /storage/emulated/0, and back it up. In the same run they copy the same tree with
// `adb pull` and `adb exec-out tar`, so that the ratios do not depend on the machine. Run
// them with -benchtime=1x -count=5.

func BenchmarkPhotosAndChat(b *testing.B) { benchmarkRun(b, 5000, 50, 4<<10, 200<<10) }

func BenchmarkManySmall(b *testing.B) { benchmarkRun(b, 4000, 40, 4<<10, 16<<10) }

func BenchmarkTiny(b *testing.B) { benchmarkRun(b, 20000, 40, 1<<10, 1<<10) }

func BenchmarkOneLarge(b *testing.B) { benchmarkRun(b, 1, 1, 2<<30, 2<<30) }

// BenchmarkStreams is the reason for the number of streams.
func BenchmarkStreams(b *testing.B) {
	dev := benchHandset(b)
	for _, work := range []struct {
		name        string
		files       int
		least, most int64
	}{
		{"photos", 800, 4 << 10, 200 << 10},
		{"tiny", 5000, 1 << 10, 1 << 10},
		{"films", 4, 32 << 20, 32 << 20},
	} {
		total := benchTree(b, work.files, 1+work.files/100, work.least, work.most)
		for _, n := range []int{1, 2, 3, 4, 6, 8} {
			b.Run(fmt.Sprint(work.name, "/", n), func(b *testing.B) {
				b.SetBytes(total)
				for b.Loop() {
					benchBackup(b, dev, total, backup.Options{Streams: n})
				}
			})
		}
	}
}

// BenchmarkEntries measures the peak memory, and does not run adb pull.
func BenchmarkEntries(b *testing.B) {
	for _, n := range []int{20000, 200000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dev := benchHandset(b)
			total := benchTree(b, n, n/100, 1, 1)
			b.SetBytes(total)
			for b.Loop() {
				benchBackup(b, dev, total, backup.Options{})
			}
			b.ReportMetric(peakMemory(b), "peak-MB")
			b.ReportMetric(float64(n*b.N)/b.Elapsed().Seconds(), "files/s")
		})
	}
}

func benchmarkRun(b *testing.B, files, folders int, least, most int64) {
	dev := benchHandset(b)
	total := benchTree(b, files, folders, least, most)
	b.SetBytes(total)
	for b.Loop() {
		benchBackup(b, dev, total, backup.Options{})
	}
	ours := b.Elapsed() / time.Duration(b.N)
	b.ReportMetric(float64(files)/ours.Seconds(), "files/s")
	for name, pull := range rivals(b, dev) {
		to := b.TempDir()
		start := time.Now()
		pull(to)
		b.ReportMetric(time.Since(start).Seconds()/ours.Seconds(), "x-"+name)
		if err := os.RemoveAll(to); err != nil {
			b.Fatal(err)
		}
	}
}

// rivals returns other ways to copy the same tree, without a proof.
func rivals(b *testing.B, dev *adb.Device) map[string]func(to string) {
	const root = "/storage/emulated/0"
	skip := strings.Split(os.Getenv("PRESHIP_BENCH_SKIP"), ",")
	all := map[string]func(to string){
		"adb-pull": func(to string) { command(b, nil, "adb", "-s", dev.Serial(), "pull", root, to) },
		"adb-pull-unix": func(to string) {
			command(b, unixServer(b, dev), "adb", "-s", dev.Serial(), "pull", root, to)
		},
		"exec-out-tar": func(to string) {
			command(b, nil, "sh", "-c", fmt.Sprintf("adb -s %s exec-out tar -c -C %s . | tar -x -C %s", dev.Serial(), root, to))
		},
	}
	for _, name := range skip {
		delete(all, name)
	}
	return all
}

// unixServer starts a second adb server on a Unix socket, where `adb pull` does not wait
// for delayed acknowledgements.
func unixServer(b *testing.B, dev *adb.Device) []string {
	env := []string{"ADB_SERVER_SOCKET=localfilesystem:" + filepath.Join(b.TempDir(), "adb")}
	command(b, env, "adb", "start-server")
	b.Cleanup(func() { command(b, env, "adb", "kill-server") })
	command(b, env, "adb", "connect", dev.Serial())
	command(b, env, "adb", "-s", dev.Serial(), "wait-for-device")
	return env
}

func command(b *testing.B, env []string, name string, args ...string) {
	b.Helper()
	cmd := exec.CommandContext(context.Background(), name, args...)
	cmd.Env = append(os.Environ(), env...)
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("%s %v: %v: %.500s", name, args, err, out)
	}
}

func benchBackup(b *testing.B, dev *adb.Device, total int64, o backup.Options) {
	b.Helper()
	dir := filepath.Join(b.TempDir(), "case")
	c, err := casedir.Create(dir, time.Now())
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	got, err := backup.Run(b.Context(), dev, asker{dev}, c, o)
	if err != nil {
		b.Fatal(err)
	}
	// Another size means that another program uses the folder.
	if got.Files.Proved != got.Files.Listed || got.Bytes.Proved != total {
		b.Fatalf("proved %d of %d files, %d of %d bytes", got.Files.Proved, got.Files.Listed, got.Bytes.Proved, total)
	}
	b.StopTimer()
	if err := os.RemoveAll(dir); err != nil {
		b.Fatal(err)
	}
	b.StartTimer()
}

func benchHandset(b *testing.B) *adb.Device {
	b.Helper()
	serial := os.Getenv("PRESHIP_HANDSET")
	if serial == "" || os.Getenv("SDCARD") == "" {
		b.Skip("needs PRESHIP_HANDSET, the serial of a handset, and SDCARD, the folder it shows as its storage")
	}
	client, err := adb.New(adb.Options{})
	if err != nil {
		b.Fatal(err)
	}
	return client.Device(serial)
}

// benchTree fills the handset with random files, whose sizes are spread evenly
// from least to most, and returns how many bytes they have.
func benchTree(b *testing.B, files, folders int, least, most int64) (total int64) {
	b.Helper()
	top := filepath.Join(os.Getenv("SDCARD"), "preship-bench")
	b.Cleanup(func() {
		if err := os.RemoveAll(top); err != nil {
			b.Error(err)
		}
	})
	if err := os.RemoveAll(top); err != nil {
		b.Fatal(err)
	}
	random := rand.NewChaCha8([32]byte{1})
	for i := range files {
		dir := filepath.Join(top, fmt.Sprintf("folder-%04d", i%folders))
		if err := os.MkdirAll(dir, 0o755); err != nil {
			b.Fatal(err)
		}
		size := least + int64(i)*(most-least)/int64(max(files-1, 1))
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("IMG_20260101_%06d.jpg", i)))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := io.CopyN(f, random, size); err != nil {
			b.Fatal(err)
		}
		if err := f.Close(); err != nil {
			b.Fatal(err)
		}
		total += size
	}
	return total
}

// peakMemory returns the most memory the process ever had, in MB.
func peakMemory(b *testing.B) float64 {
	b.Helper()
	if runtime.GOOS != "linux" {
		return 0
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		b.Fatal(err)
	}
	lines := strings.Split(string(status), "\n")
	at := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, "VmHWM:") })
	if at < 0 {
		return 0
	}
	var kb float64
	if _, err := fmt.Sscanf(lines[at], "VmHWM: %f kB", &kb); err != nil {
		b.Fatal(err)
	}
	return kb / 1024
}
