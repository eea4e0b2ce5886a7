package provider

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"preship/adb/handset"
	"preship/backup/formats"
	"preship/backup/query"
	"preship/report/message"
)

const (
	// A service string can hold a line with so many keys.
	vcardKeys  = 100
	vcardBytes = 12 << 10
	vcardURI   = "content://com.android.contacts/contacts/as_multi_vcard/"
)

// cardReader reads the vCards of contacts, many at a time. If the handset refuses, or gives
// fewer than it was asked for, it asks for fewer contacts, and at last for each alone.
type cardReader struct {
	asker   *asker
	out     *outcome
	details *contactDetails

	given    bytes.Buffer
	cards    []contactCard
	pictures int // the number of pictures received
	lacking  int // the number of contacts, asked for alone, without their picture
}

var (
	errFewCards  = message.Error(message.Say("backup.why.no-vcard"), nil)
	errNoPicture = message.Error(message.Say("backup.why.no-picture"), nil)
	errNoKey     = message.Error(message.Say("backup.why.no-vcard-key"), nil)
)

const (
	// fewCards is how many vCards are asked for together after a larger number was refused.
	fewCards = 10
	// enoughLacking is how many contacts may lack their picture, if no contact has one,
	// before the others are no longer asked for alone.
	enoughLacking = 5
)

func (c *cardReader) read(ctx context.Context, rows []formats.Row) error {
	keyed := make([]formats.Row, 0, len(rows))
	for _, r := range rows {
		if vcardKey(r) == "" {
			c.miss(r, errNoKey)
			continue
		}
		keyed = append(keyed, r)
	}
	for from := 0; from < len(keyed); {
		to, size := from, 0
		for to < len(keyed) && to-from < vcardKeys && size < vcardBytes {
			size += len(vcardKey(keyed[to]))
			to++
		}
		err := c.ask(ctx, keyed[from:to])
		dead := errors.Is(err, query.ErrDenied)
		if atOneRow(err) && c.given.Len() == 0 && !dead {
			var deadErr error
			if dead, deadErr = c.dead(ctx, keyed); deadErr != nil {
				return deadErr
			}
		}
		switch {
		case dead:
			c.out.miss(vcardsOf, "", "", err)
			return nil
		case query.Ending(err) != nil:
			return err
		case err != nil:
			if err := c.smaller(ctx, keyed[from:to]); err != nil {
				return err
			}
		}
		from = to
	}
	return nil
}

// dead reports whether the handset refuses the vCards of three contacts: the first, the
// middle and the last. The refusal is then not about one contact.
func (c *cardReader) dead(ctx context.Context, rows []formats.Row) (bool, error) {
	if len(rows) <= 3 {
		return false, nil // few contacts are asked for one by one anyway
	}
	for _, at := range []int{0, len(rows) / 2, len(rows) - 1} {
		probe := &cardReader{asker: c.asker, out: &outcome{}, details: c.details}
		if err := probe.ask(ctx, rows[at:at+1]); !atOneRow(err) {
			return false, query.Ending(err)
		}
	}
	return true, nil
}

// smaller asks for fewer vCards at a time, and at last for one at a time.
func (c *cardReader) smaller(ctx context.Context, rows []formats.Row) error {
	n := 1
	if len(rows) > fewCards {
		n = fewCards
	}
	for part := range slices.Chunk(rows, n) {
		err := c.ask(ctx, part)
		switch {
		case query.Ending(err) != nil:
			return err
		case err == nil:
		case len(part) == 1:
			c.miss(part[0], err)
		default:
			if err := c.smaller(ctx, part); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *cardReader) miss(r formats.Row, why error) {
	c.out.miss(vcardsOf, r.Text("_id"), contactName(r), why)
}

// ask asks for the vCards of some contacts, and keeps them if the answer has all. Else the
// error is [query.ErrRefused].
func (c *cardReader) ask(ctx context.Context, rows []formats.Row) error {
	keys := make([]string, len(rows))
	for i, r := range rows {
		keys[i] = vcardKey(r)
	}
	line, err := handset.ContentRead.With(vcardURI + strings.Join(keys, ":"))
	if err != nil {
		return fmt.Errorf("%w: %w", query.ErrRefused, err)
	}
	a, err := c.asker.ask(ctx, line)
	if err == nil {
		err = query.Refusal(a)
	}
	if err != nil {
		return err
	}
	cards, err := formats.ReadVCards(a.Stdout)
	if err != nil {
		return fmt.Errorf("%w: %w", query.ErrRefused, err)
	}
	if len(cards) != len(rows) {
		return fmt.Errorf("%w: %w", query.ErrRefused, errFewCards)
	}
	pictures := 0
	for _, card := range cards {
		if card.HasPicture() {
			pictures++
		}
	}
	if err := c.lack(rows, pictures); err != nil {
		return err
	}
	c.given.Write(a.Stdout)
	c.cards = append(c.cards, c.details.assign(rows, cards)...)
	return nil
}

// lack enters the contacts whose vCard lacks their picture. The error is
// [query.ErrRefused] if there are several rows and it is not known whose picture is missing.
func (c *cardReader) lack(rows []formats.Row, pictures int) error {
	lacking := withPicture(rows) - pictures
	if lacking > 0 && len(rows) > 1 && (pictures > 0 || c.pictures > 0 || c.lacking < enoughLacking) {
		return fmt.Errorf("%w: %w", query.ErrRefused, errNoPicture)
	}
	c.pictures += pictures
	if lacking <= 0 {
		return nil
	}
	for i := range rows {
		if withPicture(rows[i:i+1]) > 0 {
			c.lacking++
			c.out.miss(picturesOf, rows[i].Text("_id"), contactName(rows[i]), errNoPicture)
		}
	}
	return nil
}

// vcardKey returns the key of a contact's vCard, "" if the row has no key.
func vcardKey(r formats.Row) string {
	return strings.ReplaceAll(url.PathEscape(r.Text("lookup")), ":", "%3A")
}
