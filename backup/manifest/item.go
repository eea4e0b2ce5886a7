package manifest

import (
	"path"
	"slices"
	"strings"

	"preship/report/message"
)

// ItemsDir holds data that is in no file on the handset: contacts, messages, settings.
const ItemsDir = Dir + "/items"

// Item is one file of [ItemsDir].
type Item struct {
	File   string  `json:"file"` // relative to the case folder
	Size   int64   `json:"size"`
	SHA256 string  `json:"sha256"`           // "" for an encrypted item of a run that was killed
	Kept   bool    `json:"kept,omitempty"`   // written by an earlier run and not by this one
	Stored *Stored `json:"stored,omitempty"` // nil: not encrypted
}

// Name returns the item's own name, such as "contacts.vcf".
func (it *Item) Name() string {
	name := strings.TrimPrefix(it.File, ItemsDir+"/")
	if it.Stored != nil {
		name = strings.TrimSuffix(name, EncryptedExt)
	}
	if rows := strings.TrimPrefix(name, RawDir); IsRows(rows) {
		return rows
	}
	return name
}

// RawDir begins the names of the items that no person opens: what the handset answered,
// and the rows read from it. Earlier versions kept the rows beside the other items, so
// [Item.Name] leaves it out for them.
const RawDir = "raw/"

// IsRows reports whether an item of this name holds rows of a table, one a line. The list
// of missing rows is for a person.
func IsRows(name string) bool { return strings.HasSuffix(name, ".jsonl") && name != MissingItem }

// Entry returns the item as the entry of a file at path on the handset.
func (it *Item) Entry(path string) *Entry {
	return &Entry{Path: path, Host: it.File, Type: TypeFile, Size: it.Size, SHA256: it.SHA256, Stored: it.Stored}
}

// Valid reports whether the file of an item is inside [ItemsDir].
func (it *Item) Valid() bool {
	return strings.HasPrefix(it.File, ItemsDir+"/") && path.Clean(it.File) == it.File
}

// Rows identifies the rows of one table of a provider when the backup read it. A row
// that is not among them later is new or changed.
type Rows struct {
	Table   string   `json:"table"`             // what the rows are, such as "contacts"
	Refused bool     `json:"refused,omitempty"` // the handset did not show the table
	Bare    bool     `json:"bare,omitempty"`    // the tokens hold no versions, because the handset did not give them
	Tokens  []string `json:"tokens"`            // a hash for each row of its number and version; sorted
}

// Without counts the tokens of a that are not in b.
func (a Rows) Without(b Rows) (n int) {
	for _, token := range a.Tokens {
		if _, known := slices.BinarySearch(b.Tokens, token); !known {
			n++
		}
	}
	return n
}

// Missing is one row, or one part of a row, that the handset did not give: a line of
// [MissingItem].
type Missing struct {
	Kind string `json:"kind"`           // the ID of the finding
	What string `json:"what"`           // its group, such as "vCards of contacts"
	ID   string `json:"id,omitempty"`   // its _id, or the name of an app; "" is all of them
	Name string `json:"name,omitempty"` // the name its owner knows, safe to print
	Why  string `json:"why"`
	// Group and Message are what What and Why were made from; nil in what earlier
	// versions wrote.
	Group   *message.Sentence `json:"group,omitempty"`
	Message *message.Sentence `json:"message,omitempty"`
}

// Printable returns a copy in which every text is safe to print.
func (m Missing) Printable() Missing {
	for _, text := range []*string{&m.Kind, &m.What, &m.ID, &m.Name, &m.Why} {
		*text = Display(*text)
	}
	for _, s := range []**message.Sentence{&m.Group, &m.Message} {
		if *s != nil {
			shown := (*s).Map(Display)
			*s = &shown
		}
	}
	return m
}

// MissingItem is the item that lists the rows that were not saved. It names people,
// so it stays with the backup and is in no report.
const MissingItem = "missing.jsonl"

// App is one app the owner installed: a line of apps.jsonl.
type App struct {
	Package     string   `json:"package"`
	Version     string   `json:"version,omitempty"`
	VersionCode string   `json:"version_code,omitempty"`
	Installer   string   `json:"installer,omitempty"`
	Installed   string   `json:"installed,omitempty"` // in the handset's own time
	Files       []string `json:"files"`               // the paths of its APK and its splits on the handset
}

// IsAPK reports whether a path on the handset is that of an installed app's file.
func IsAPK(name string) bool {
	inside := strings.HasPrefix(name, appsRoot+"/") || strings.HasPrefix(name, "/mnt/expand/")
	return inside && len(name) < MaxPath && path.Clean(name) == name && strings.HasSuffix(name, ".apk") && !HasControl(name)
}

// appsRoot is the folder of installed apps on the handset.
const appsRoot = "/data/app"

// ContactsItem is the item with the rows of contacts, one a line.
const ContactsItem = "contacts.jsonl"

// MissingVCards is the group, in [MissingItem], of contacts without a vCard.
const MissingVCards = "vCards of contacts"
