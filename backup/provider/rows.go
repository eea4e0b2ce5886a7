package provider

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"preship/adb/handset"
	"preship/backup/formats"
	"preship/backup/manifest"
	"preship/backup/query"
	"preship/report/message"
)

// watched lists the tables whose rows a reset would lose if they came after the backup. A
// row is known by its _id and these columns: numbers that change with the row, or its
// time, because a provider may use the _id of a deleted row again.
var watched = []struct {
	name, uri string
	columns   []string
	gone      string // a column that is not 0 in a deleted row which is not removed yet
}{
	{"contacts", "content://com.android.contacts/raw_contacts", []string{"version", "deleted"}, "deleted"},
	{"sms", smsTable.uri, []string{"date"}, ""},
	{"mms", mmsTable.uri, []string{"date"}, ""},
	{"calls", callsTable.uri, []string{"date"}, ""},
	{"calendar", eventsTable.uri, []string{"dtstart", "dtend", "deleted"}, "deleted"},
}

// asks sends one line to a handset.
type asks func(ctx context.Context, line handset.Line) (handset.Answer, error)

// SeenRows returns the rows that the watched tables have now. A table that the handset
// does not show is marked as refused. An error is one of the connection.
func SeenRows(ctx context.Context, ask asks) ([]manifest.Rows, error) {
	seen := make([]manifest.Rows, len(watched))
	g, ctx := errgroup.WithContext(ctx)
	for i := range watched {
		g.Go(func() error {
			tokens, bare, err := ask.tokens(ctx, i)
			if query.Ending(err) != nil {
				return fmt.Errorf("%s: %w", watched[i].name, err)
			}
			seen[i] = manifest.Rows{Table: watched[i].name, Refused: err != nil, Bare: bare, Tokens: tokens}
			return nil
		})
	}
	return seen, g.Wait()
}

// tokens returns the rows of a watched table. The error is [query.ErrRefused] if the
// handset does not show them, or shows them in a form that cannot be read. bare is true if
// it gives only _ids, because it lacks a column or throws at a row: new rows are found even
// so.
func (ask asks) tokens(ctx context.Context, i int) (tokens []string, bare bool, err error) {
	w := &watched[i]
	a, err := ask.query(ctx, handset.RowIDs, w.uri)
	if err != nil {
		return nil, false, err
	}
	ids, err := query.ParseIDs(a)
	if err != nil {
		return nil, false, fmt.Errorf("%w: %w", query.ErrRefused, err)
	}
	if len(ids) == 0 {
		return []string{}, false, nil
	}
	a, err = ask.query(ctx, handset.ContentRows, w.uri, "_id:"+strings.Join(w.columns, ":"))
	if query.Ending(err) != nil {
		return nil, false, err
	}
	var rows map[string]map[string]*string
	if err == nil {
		rows, err = query.ParseNumbers(a.Stdout, w.columns, ids)
	}
	if bare = err != nil; bare {
		rows = nil
	}
	tokens = make([]string, 0, len(ids))
	for _, id := range ids {
		columns := rows[id]
		if v := columns[w.gone]; v != nil && *v != "0" {
			continue
		}
		text := id
		for _, column := range w.columns {
			text += " " + formats.Row(columns).Text(column)
		}
		sum := sha256.Sum256([]byte(text))
		tokens = append(tokens, hex.EncodeToString(sum[:6]))
	}
	slices.Sort(tokens)
	return tokens, bare, nil
}

func (ask asks) query(ctx context.Context, c *handset.Command, blanks ...string) (handset.Answer, error) {
	line, err := c.With(blanks...)
	if err != nil {
		return handset.Answer{}, err
	}
	a, err := ask(ctx, line)
	if err == nil {
		err = query.Refusal(a)
	}
	return a, err
}

// WithoutKinds drops the tables of kinds of data, such as "contacts": those that a backup
// left out.
func WithoutKinds(rows []manifest.Rows, left []string) []manifest.Rows {
	return slices.DeleteFunc(slices.Clone(rows), func(r manifest.Rows) bool {
		return slices.ContainsFunc(kinds, func(k kind) bool {
			return slices.Contains(k.tables, r.Table) && slices.Contains(left, k.name())
		})
	})
}

// tableWords are the words for a watched table.
var tableWords = map[string]message.ID{
	"contacts": "page.item.contacts", "sms": "page.item.sms", "mms": "page.item.mms", "calls": "page.item.calls", "calendar": "page.item.calendar",
}

// NewRows returns a sentence for each table of now with rows that are new since the backup. All
// rows are new in a table that was refused before and is shown now. hidden has a sentence
// for each table that was shown before and is refused now.
func NewRows(before, now []manifest.Rows) (fresh, hidden []message.Sentence) {
	if before == nil && len(now) > 0 {
		return []message.Sentence{message.Say("reset.ready.unchanged.rows-not-listed")}, nil
	}
	for _, n := range now {
		old := rowsOf(before, n.Table)
		if n.Refused {
			if !old.Refused {
				hidden = append(hidden, message.Say(tableWords[n.Table]))
			}
			continue
		}
		if count := n.Without(old); count > 0 {
			fresh = append(fresh, counted(n.Table, int64(count)))
		}
	}
	return fresh, hidden
}
