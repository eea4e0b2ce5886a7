package provider

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"preship/backup/agefile"
	"preship/backup/disk"
	"preship/backup/formats"
	"preship/backup/manifest"
	"preship/backup/query"
)

// itemStore holds the files of the items in the case. It is safe for concurrent use.
type itemStore struct {
	root  *os.Root // the case folder
	store *disk.Store

	mu     sync.Mutex
	items  map[string]manifest.Item   // by file; guarded by mu
	keys   map[string]agefile.FileKey // of the encrypted items of this run; guarded by mu
	beside bool                       // an earlier version wrote rows into the case, beside the pages
}

// write writes an item, over an earlier one of that name.
func (st *itemStore) write(name string, data []byte) error { return st.writeBy(name, ready(data)) }

// ready returns a function that writes data.
func ready(data []byte) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	}
}

// writeBy writes an item that make writes, over an earlier one of that name.
func (st *itemStore) writeBy(name string, make func(io.Writer) error) error {
	host := st.itemHost(name)
	part, err := st.store.Begin(0, false, sha256.New())
	if err != nil {
		return err
	}
	if err := make(part); err != nil {
		return errors.Join(fmt.Errorf("%s: %w", manifest.Display(host), err), part.Discard())
	}
	sum, err := part.Close(time.Now().Unix())
	if err != nil {
		return errors.Join(err, part.Remove())
	}
	st.mu.Lock()
	defer st.mu.Unlock()
	if err := part.Place(host); err != nil {
		return errors.Join(err, part.Remove())
	}
	st.items[host] = manifest.Item{File: host, Size: part.Received(), SHA256: hex.EncodeToString(sum[:]), Stored: part.OnDisk().Stored()}
	st.keys[host] = part.Key()
	return nil
}

// itemHost returns the path of an item in the case folder. Rows are out of the way of who
// looks for pages. In a case where an earlier version wrote them beside the pages they
// stay there, so that no case has them twice.
func (st *itemStore) itemHost(name string) string {
	dir := manifest.ItemsDir + "/"
	if manifest.IsRows(name) && !st.beside {
		dir += manifest.RawDir
	}
	if st.store.Encrypted() {
		name += manifest.EncryptedExt
	}
	return dir + name
}

// rowsBeside reports whether an earlier version wrote rows into a case.
func rowsBeside(root *os.Root) bool {
	found, err := fs.ReadDir(root.FS(), manifest.ItemsDir)
	return err == nil && slices.ContainsFunc(found, func(e fs.DirEntry) bool {
		return manifest.IsRows(strings.TrimSuffix(e.Name(), manifest.EncryptedExt))
	})
}

// open opens an item that this run wrote. The caller closes it.
func (st *itemStore) open(name string) (io.ReadCloser, error) {
	host := st.itemHost(name)
	st.mu.Lock()
	it, key := st.items[host], st.keys[host]
	st.mu.Unlock()
	return agefile.Open(st.store.Root(), host, it.Stored, key.Key())
}

// setAside keeps an item of an earlier run under another name, because this run writes one
// of the same name with rows missing. An item with the same SHA-256 is not kept twice.
func (st *itemStore) setAside(name string, sum []byte) error {
	st.mu.Lock()
	defer st.mu.Unlock()
	host := st.itemHost(name)
	it, known := st.items[host]
	root := st.store.Root()
	if known && (!it.Kept || manifest.SameSum(sum, it.SHA256) && itemOnDisk(root, &it)) {
		return nil
	}
	if _, err := root.Lstat(host); err != nil {
		return nil //nolint:nilerr // no earlier item
	}
	dir, base := path.Split(host)
	for n := 1; ; n++ {
		to := fmt.Sprintf("%searlier-%d.%s", dir, n, base)
		if _, err := root.Lstat(to); err == nil {
			continue
		} else if !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := root.Rename(host, to); err != nil {
			return err
		}
		delete(st.items, host)
		it.File = to
		if known && itemOnDisk(root, &it) { // else settleItems enters its SHA-256
			st.items[to] = it
		}
		return nil
	}
}

// itemOnDisk reports whether the file of an item has the size and SHA-256 of the manifest.
func itemOnDisk(root *os.Root, it *manifest.Item) bool {
	want := it.SHA256
	if it.Stored != nil {
		want = it.Stored.SHA256
	}
	sum, _, err := disk.Hash(root, it.File, sha256.New(), make([]byte, 64<<10))
	return err == nil && manifest.SameSum(sum[:], want)
}

// Written returns the paths of the items that this run wrote, sorted.
func (st *itemStore) Written() (hosts []string) {
	for _, host := range slices.Sorted(maps.Keys(st.items)) {
		if it := st.items[host]; !it.Kept {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

// lines returns a table as JSON lines: _id first, then the columns in their order.
func (t *table) lines(rows []formats.Row) ([]byte, error) {
	var b bytes.Buffer
	for _, r := range rows {
		b.WriteString(`{"_id":` + r.Text("_id"))
		for _, column := range slices.Concat(t.numbers, t.texts) {
			value, ok := r[column]
			if !ok {
				continue
			}
			raw, err := jsonValue(value, slices.Contains(t.numbers, column))
			if err != nil {
				return nil, err
			}
			b.WriteString("," + strconv.Quote(column) + ":")
			b.Write(raw)
		}
		b.WriteString("}\n")
	}
	return b.Bytes(), nil
}

func jsonValue(value *string, number bool) ([]byte, error) {
	switch {
	case value == nil:
		return []byte("null"), nil
	case number && query.IsInteger(*value) && !strings.HasPrefix(strings.TrimPrefix(*value, "-"), "0"), *value == "0" && number:
		return []byte(*value), nil
	}
	return manifest.Line(*value)
}

// recallItems returns the items that an earlier manifest names, empty if it cannot be
// read: settleItems finds their files.
func recallItems(root *os.Root) map[string]manifest.Item {
	items := map[string]manifest.Item{}
	m, err := manifest.Load(root, func(*manifest.Entry) error { return nil })
	if err != nil {
		return items
	}
	for _, it := range m.Items {
		it.Kept = true
		items[it.File] = it
	}
	return items
}

// settleItems returns an item for every file in the folder of items. A file that a killed
// run left gets the SHA-256 that it has now: no file is deleted. The SHA-256 of the
// contents of an encrypted one is not known without the key.
func settleItems(root *os.Root, items map[string]manifest.Item, encrypted bool) ([]manifest.Item, error) {
	buf := make([]byte, 64<<10)
	err := disk.Walk(root, manifest.ItemsDir, func(name string) error {
		if _, known := items[name]; known {
			return nil
		}
		sum, n, err := disk.Hash(root, name, sha256.New(), buf)
		if err != nil {
			return err
		}
		it := manifest.Item{File: name, Size: n, SHA256: hex.EncodeToString(sum[:]), Kept: true}
		if encrypted {
			it.Stored, it.SHA256 = &manifest.Stored{Size: n, SHA256: it.SHA256}, ""
			it.Size = agefile.ContentSize(root, name, n)
		}
		items[name] = it
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	all := make([]manifest.Item, 0, len(items))
	for _, it := range items {
		all = append(all, it)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].File < all[j].File })
	return all, nil
}
