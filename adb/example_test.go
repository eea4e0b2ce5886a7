package adb_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"os"
	"path"
	"path/filepath"
	"strings"

	"preship/adb"
	"preship/adb/adbtest"
)

// withHandset runs an example with an emulated handset on an adb server of its own.
// In front of a real handset adb.Options{} finds the server that the adb command uses.
func withHandset(example func(ctx context.Context, o adb.Options) error) {
	p, err := adbtest.Parse("example", []byte(`-- handset.txt --
title: A handset with two files
serial: c9a0a2a6
features: shell_v2 cmd stat_v2 ls_v2 sendrecv_v2
user: 0 c13 running Owner
-- getprop.txt --
[ro.build.version.sdk]: [31]
[ro.product.model]: [M2101K7AG]
[ro.product.device]: [sunny]
[ro.product.name]: [sunny_global]
-- tree.txt --
text - - 2026-03-01T10:00:00Z /sdcard/Download/notes.txt "hello\n"
data - - 2026-03-01T10:00:01Z /sdcard/DCIM/Camera/a.jpg 300000 2
`))
	if err != nil {
		log.Fatal(err)
	}
	h := adbtest.New(p)
	defer h.Close()
	s, err := adbtest.NewServer("", h)
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()
	if err := example(context.Background(), adb.Options{Addr: s.Addr()}); err != nil {
		fmt.Println(err)
	}
}

// List every device of the server, whatever its state.
func ExampleClient_Devices() {
	withHandset(func(ctx context.Context, o adb.Options) error {
		client, err := adb.New(o)
		if err != nil {
			return err
		}
		devices, err := client.Devices(ctx)
		if err != nil {
			return err
		}
		for _, d := range devices {
			fmt.Println(d.Serial, d.State, d.Model)
		}
		return nil
	})
	// Output: c9a0a2a6 device M2101K7AG
}

// Run a shell line on the only device, and look at its exit status.
func ExampleDevice_Shell() {
	withHandset(func(ctx context.Context, o adb.Options) error {
		client, err := adb.New(o)
		if err != nil {
			return err
		}
		device, _, err := client.Pick(ctx, "")
		if err != nil {
			return err
		}
		r, err := device.Shell(ctx, "getprop ro.product.model; exit 3", nil)
		if err != nil {
			return err
		}
		fmt.Printf("%s%d\n", r.Stdout, r.Exit)
		return nil
	})
	// Output:
	// M2101K7AG
	// 3
}

// Pull a tree: list its folders, then copy all files over one stream. Names come
// from the handset, so the files are written through an os.Root.
func ExampleDevice_Pull() {
	withHandset(func(ctx context.Context, o adb.Options) error {
		client, err := adb.New(o)
		if err != nil {
			return err
		}
		device, _, err := client.Pick(ctx, "")
		if err != nil {
			return err
		}
		dir, err := os.MkdirTemp("", "pull")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		root, err := os.OpenRoot(dir)
		if err != nil {
			return err
		}
		defer root.Close()

		const from = "/storage/emulated/0"
		files, err := filesBelow(ctx, device, from)
		if err != nil {
			return err
		}
		requests := func(yield func(adb.PullRequest) bool) {
			for _, name := range files {
				if !yield(adb.PullRequest{Path: name}) {
					return
				}
			}
		}
		return device.Pull(ctx, requests, adb.PullWindow{}, &tree{root: root, from: from, files: files})
	})
	// Output:
	// DCIM/Camera/a.jpg 300000
	// Download/notes.txt 6
}

// filesBelow lists the regular files below a folder. A folder or file that the
// device refuses ends it: half a list is no list.
func filesBelow(ctx context.Context, device *adb.Device, dir string) (files []string, err error) {
	entries, err := device.List(ctx, dir)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := path.Join(dir, e.Name)
		switch {
		case e.Err != nil:
			return nil, fmt.Errorf("%q: %w", name, e.Err)
		case e.Info.IsDir():
			below, err := filesBelow(ctx, device, name)
			if err != nil {
				return nil, err
			}
			files = append(files, below...)
		case e.Info.IsRegular():
			files = append(files, name)
		}
	}
	return files, nil
}

// tree is the sink of a pull: it writes file i as files[i] below root.
type tree struct {
	root  *os.Root
	from  string
	files []string
	file  *os.File
}

func (t *tree) name(i int) string { return strings.TrimPrefix(t.files[i], t.from+"/") }

// Open begins a file, also for the second time after a lost stream.
func (t *tree) Open(i int) (io.Writer, error) {
	if t.file != nil {
		t.file.Close()
	}
	name := filepath.FromSlash(t.name(i))
	if err := t.root.MkdirAll(filepath.Dir(name), 0o700); err != nil {
		return nil, err
	}
	var err error
	t.file, err = t.root.Create(name)
	return t.file, err
}

// Done ends a file. refused is nil only if the device sent all of it.
func (t *tree) Done(i int, refused error) error {
	if refused != nil {
		return refused
	}
	info, err := t.file.Stat()
	if err != nil {
		return err
	}
	fmt.Println(t.name(i), info.Size())
	err = t.file.Close()
	t.file = nil
	return err
}
