package restore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"preship/adb/handset"
	"preship/backup/disk"
	"preship/backup/manifest"
	"preship/backup/query"
	"preship/report/message"
	"preship/report/wait"
)

// contactsPath is the file for the owner to import; the row handset.ImportContacts
// opens it.
const contactsPath = manifest.OwnerRoot + "/Download/contacts-from-backup.vcf"

// importPace is how often the handset is asked whether the contacts are there.
const importPace = 500 * time.Millisecond

// The states of the contacts. The state is empty if the backup has no contacts, or they were
// not asked for.
const (
	ContactsPresent  = "present"  // every saved name was there already
	ContactsImported = "imported" // every saved name is there now
	ContactsUnknown  = "unknown"  // the file is on the handset; the contacts are not seen in its address book
	ContactsOffered  = "offered"  // a dry run: the file would be sent and opened
)

// Contacts is the result of importing the contacts. A computer cannot write into an
// address book: the file is sent and opened, and the owner imports it.
type Contacts struct {
	Status string `json:"status"`
	File   string `json:"file"`   // on the handset, for the owner to open; "" when it was not needed
	Wanted int64  `json:"wanted"` // in the backup
	Before *int64 `json:"before"` // on the handset; null if it does not answer
	After  *int64 `json:"after"`
	Denied bool   `json:"denied,omitempty"` // After is null because the handset does not answer a computer
}

// addressBook holds the names in the handset's address book.
type addressBook struct {
	names map[string]bool
	count int64
}

// books gives the contacts back and compares the address book.
type books struct{ *session }

// contacts offers the saved contacts for import and waits for their owner.
func (b *books) contacts(ctx context.Context) error {
	it, ok := b.saved.item("contacts.vcf")
	if !ok {
		return nil
	}
	res := &b.result.Contacts
	wanted, err := b.savedNames()
	if err != nil {
		b.problem(string(PartContacts), message.Of(err))
		return nil //nolint:nilerr // the problem is recorded, and no file was sent
	}
	res.Wanted = int64(len(wanted))
	book, err := b.addressBook(ctx)
	if err != nil {
		return err
	}
	res.Before = book.known()
	if book.holds(wanted) {
		res.Status, res.After = ContactsPresent, res.Before
		return nil
	}
	res.File = contactsPath
	if b.options.DryRun {
		res.Status = ContactsOffered
		b.would(Action{Do: "send", What: contactsPath, Bytes: it.Size})
		what := message.Say("restore.action.import", "file", contactsPath, "count", len(wanted))
		b.would(Action{Do: "open", Message: &what})
		return nil
	}
	res.Status = ContactsUnknown
	e := it.Entry(contactsPath)
	e.MTime = time.Now().Unix()
	if ok, err := b.push(ctx, e); err != nil || !ok {
		return err
	}
	same, err := b.compare(ctx, []*manifest.Entry{e})
	if err != nil {
		return err
	}
	if !same[0] {
		b.problem(e.OnHandset(), message.Say("restore.problem.differs"))
		return nil
	}
	return b.offer(ctx, wanted)
}

// offer opens the contacts on the handset and waits until they are in its address
// book, or the time is over.
func (b *books) offer(ctx context.Context, wanted []string) error {
	a, err := query.Ask(ctx, b.link, handset.ImportContacts.Must())
	if err != nil && !errors.Is(err, query.ErrRefused) {
		return err
	}
	if err != nil || bytes.Contains(a.Stdout, []byte("Error")) || bytes.Contains(a.Stderr, []byte("Error")) {
		b.say(message.Say("restore.say.no-page", "file", contactsPath))
	} else {
		b.say(message.Say("restore.say.import", "count", len(wanted)))
	}
	if b.options.ImportWait > 0 {
		defer b.options.Waits.Begin(wait.Import, b.options.ImportWait)()
	}
	res := &b.result.Contacts
	for end := time.Now().Add(b.options.ImportWait); ; {
		book, err := b.addressBook(ctx)
		if err != nil {
			return err
		}
		res.After = book.known()
		if book.holds(wanted) {
			res.Status = ContactsImported
			return nil
		}
		if !time.Now().Before(end) {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(importPace):
		}
	}
}

// savedNames returns the names of the saved contacts, "" for a contact without a name.
func (b *books) savedNames() ([]string, error) {
	it, ok := b.saved.item(manifest.ContactsItem)
	if !ok {
		return nil, fmt.Errorf("%w: %s", disk.ErrDamaged, manifest.ContactsItem)
	}
	raw, err := b.saved.read(it)
	if err != nil {
		return nil, err
	}
	rows, err := savedLines[struct {
		ID   json.Number `json:"_id"`
		Name string      `json:"display_name"`
	}](raw)
	cardless := map[string]bool{}
	for _, m := range b.result.Missing {
		if m.What == manifest.MissingVCards {
			cardless[m.ID] = true
		}
	}
	names := make([]string, 0, len(rows))
	for _, row := range rows {
		if !cardless[row.ID.String()] { // any other has a vCard to be imported
			names = append(names, row.Name)
		}
	}
	return names, err
}

// addressBook reads the address book. It returns nil if the handset refuses, or if the
// address book changes during the read.
func (b *books) addressBook(ctx context.Context) (*addressBook, error) {
	there, err := b.readBook(ctx)
	b.result.Contacts.Denied = errors.Is(err, query.ErrDenied)
	if errors.Is(err, query.ErrRefused) || errors.Is(err, query.ErrRows) {
		return nil, nil //nolint:nilerr // nil means that the address book is not known
	}
	return there, err
}

func (b *books) readBook(ctx context.Context) (*addressBook, error) {
	a, err := b.askRows(ctx, handset.RowIDs, query.ContactsURI)
	if err != nil {
		return nil, err
	}
	ids, err := query.ParseIDs(a)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", query.ErrRefused, err)
	}
	book := &addressBook{names: map[string]bool{}, count: int64(len(ids))}
	if len(ids) == 0 {
		return book, nil
	}
	if a, err = b.askRows(ctx, handset.ContentRows, query.ContactsURI, "_id:display_name"); err != nil {
		return nil, err
	}
	names, _, err := query.ParseText(a.Stdout, "display_name", ids)
	for _, name := range names {
		book.names[name] = true
	}
	return book, err
}

func (s *session) askRows(ctx context.Context, row *handset.Command, args ...string) (handset.Answer, error) {
	line, err := row.With(args...)
	if err != nil {
		return handset.Answer{}, err
	}
	a, err := query.Ask(ctx, s.link, line)
	if err == nil {
		err = query.Refusal(a)
	}
	return a, err
}

func (b *addressBook) known() *int64 {
	if b == nil {
		return nil
	}
	n := b.count
	return &n
}

// holds reports whether the address book has every name. Contacts without a name are not
// compared: it must only have as many contacts.
func (b *addressBook) holds(names []string) bool {
	if b == nil || b.count == 0 && len(names) > 0 {
		return false
	}
	distinct := map[string]bool{}
	for _, name := range names {
		if name != "" && !b.names[name] {
			return false
		}
		distinct[name] = true
	}
	return b.count >= int64(len(distinct))
}
