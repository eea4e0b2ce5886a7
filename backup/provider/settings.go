package provider

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"

	"preship/adb/handset"
	"preship/backup/manifest"
	"preship/backup/query"
	"preship/report/message"
	"preship/report/pattern"
)

var namespaces = []string{"system", "secure", "global"}

// setting is one line of items/raw/settings.jsonl.
type setting struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Value     string `json:"value"`
}

// network is one line of items/raw/wifi.jsonl. It keeps the whole line, because a name may
// contain the separator of the columns.
type network struct {
	Name string `json:"name,omitempty"`
	Line string `json:"line"`
}

// settings saves the handset's settings and the names of its wireless networks.
func (k *Keeper) settings(ctx context.Context, out *outcome) error {
	var list []setting
	var refused error
	for _, namespace := range namespaces {
		a, err := k.query(ctx, handset.ListSettings.Must(namespace), "settings", namespace)
		switch {
		case errors.Is(err, query.ErrRefused):
			refused = err
			out.note(message.Join(message.Colon, message.Say("backup.note.settings"), message.AsIs(namespace), refusal(err)))
		case err != nil:
			return fmt.Errorf("%s: %w", namespace, err)
		default:
			list = append(list, parseSettings(namespace, a.Stdout)...)
		}
	}
	if len(list) == 0 && refused != nil {
		return refused
	}
	if len(list) == 0 {
		return message.Detail(query.ErrRefused, message.Say("error.detail.no-setting"))
	}
	if err := writeLines(k.itemStore, "settings.jsonl", list); err != nil {
		return err
	}
	k.count("settings", len(list))
	networks, err := k.networks(ctx)
	switch {
	case errors.Is(err, query.ErrRefused):
		out.note(message.Join(message.Colon, message.Say("backup.note.wifi"), message.Of(err)))
	case err != nil:
		return err
	default:
		k.count("wifi", len(networks))
		out.note(message.Say("backup.settings.wifi-passwords"))
		if err := writeLines(k.itemStore, "wifi.jsonl", networks); err != nil {
			return err
		}
	}
	return k.personalTables(ctx, out)
}

// personalTables are small tables that few handsets give to the shell: Android reserves
// the words of the personal dictionary for keyboards, and blocked numbers for the phone
// app.
var personalTables = []struct {
	what, item string
	unread     message.ID
	table      table
}{
	{"the personal dictionary", "words", "backup.note.words", table{
		file: "dictionary", uri: "content://user_dictionary/words", what: group{"words of the personal dictionary", "backup.rows.words"},
		numbers: []string{"frequency"}, texts: []string{"word", "shortcut", "locale"},
	}},
	{"blocked numbers", "blocked", "backup.note.blocked", table{
		file: "blocked", uri: "content://com.android.blockednumber/blocked", what: group{"blocked numbers", "backup.rows.blocked"},
		texts: []string{"original_number", "e164_number"},
	}},
}

// personalTables saves the tables that the handset gives, and names the others.
func (k *Keeper) personalTables(ctx context.Context, out *outcome) error {
	for i := range personalTables {
		p := &personalTables[i]
		rows, err := k.rows(ctx, &p.table, out)
		switch {
		case errors.Is(err, query.ErrRefused):
			out.note(message.Join(message.Colon, message.Say(p.unread), refusal(err)))
		case err != nil:
			return fmt.Errorf("%s: %w", p.what, err)
		default:
			k.count(p.item, len(rows))
		}
	}
	return nil
}

// parseSettings reads NAME=VALUE lines. A line of another form continues the value before
// it.
func parseSettings(namespace string, out []byte) (list []setting) {
	for line := range strings.Lines(string(out)) {
		line = strings.TrimRight(line, "\r\n")
		name, value, ok := strings.Cut(line, "=")
		switch {
		case ok && settingName().MatchString(name):
			list = append(list, setting{namespace, name, value})
		case len(list) > 0:
			list[len(list)-1].Value += "\n" + line
		}
	}
	return list
}

var (
	settingName = pattern.New(`^[A-Za-z0-9_.:/\-]{1,200}$`)
	networkLine = pattern.New(`^\d+\s+(.*\S)\s{2,}\S+`)
)

func (k *Keeper) networks(ctx context.Context) ([]network, error) {
	a, err := k.query(ctx, handset.WiFiNetworks.Must(), "wifi", "networks")
	if err != nil {
		return nil, err
	}
	return parseNetworks(a.Stdout)
}

// parseNetworks reads the output of `cmd wifi list-networks`.
func parseNetworks(out []byte) (list []network, err error) {
	text := strings.TrimSpace(string(out))
	if strings.HasPrefix(text, "No networks") {
		return nil, nil
	}
	head, rest, _ := strings.Cut(text, "\n")
	if !strings.HasPrefix(head, "Network Id") {
		return nil, fmt.Errorf("%w: %s", query.ErrRefused, manifest.Display(head[:min(len(head), 80)]))
	}
	for line := range strings.Lines(rest) {
		line = strings.TrimRight(line, "\r\n")
		n := network{Line: line}
		if m := networkLine().FindStringSubmatch(line); m != nil {
			n.Name = m[1]
		}
		list = append(list, n)
	}
	return list, nil
}

// writeLines writes values as JSON lines.
func writeLines[T any](st *itemStore, name string, values []T) error {
	var b bytes.Buffer
	for _, v := range values {
		line, err := manifest.Line(v)
		if err != nil {
			return err
		}
		b.Write(append(line, '\n'))
	}
	return st.write(name, b.Bytes())
}
