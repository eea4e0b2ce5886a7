package profile

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// parseProps reads the output of getprop: [key]: [value], where a value may span
// several lines.
func (p *Profile) parseProps(data string) error {
	n := 0
	for len(data) > 0 {
		n++
		key, rest, ok := strings.Cut(data, "]: [")
		if !ok || !strings.HasPrefix(key, "[") || strings.Contains(key, "\n") {
			return fmt.Errorf("%d: not [key]: [value]", n)
		}
		value, rest, ok := strings.Cut(rest, "]\n")
		if !ok {
			return fmt.Errorf("%d: the value of %s does not end", n, key[1:])
		}
		p.Props = append(p.Props, Property{key[1:], value})
		n += strings.Count(value, "\n")
		data = rest
	}
	return nil
}

// parseSetting reads "namespace key=value".
func (p *Profile) parseSetting(line string) error {
	ns, rest, _ := strings.Cut(line, " ")
	if _, err := oneOf(ns, "system", "secure", "global"); err != nil {
		return err
	}
	key, value, ok := strings.Cut(rest, "=")
	if !ok || key == "" {
		return fmt.Errorf("%q is not namespace key=value", line)
	}
	p.Settings[ns] = append(p.Settings[ns], Property{key, value})
	return nil
}

// parseApp reads "name version user|system installed path…": third-party apps
// are the user's.
func (p *Profile) parseApp(line string) error {
	f := strings.Fields(line)
	if len(f) < 5 {
		return errors.New("want: name version user|system installed path…")
	}
	kind, err := oneOf(f[2], "user", "system")
	if err != nil {
		return err
	}
	if _, err := time.Parse("2006-01-02T15:04:05", f[3]); err != nil {
		return err
	}
	for _, path := range f[4:] {
		if !strings.HasPrefix(path, "/") {
			return fmt.Errorf("%q is not a path", path)
		}
	}
	p.Apps = append(p.Apps, App{
		Name: f[0], Version: f[1], ThirdParty: kind == "user",
		Installed: strings.Replace(f[3], "T", " ", 1), Paths: f[4:],
	})
	return nil
}

// parseTable reads a content provider's rows, tab-separated under a line of
// column names. \n, \t and \\ are escapes, and \N alone is a missing value.
func (p *Profile) parseTable(uri, data string) error {
	var t Table
	err := eachLine(data, func(line string) error {
		cells := strings.Split(line, "\t")
		if t.Columns == nil {
			t.Columns = cells
			return nil
		}
		if len(cells) != len(t.Columns) {
			return fmt.Errorf("%d values for %d columns", len(cells), len(t.Columns))
		}
		row := make([]*string, len(cells))
		for i, cell := range cells {
			if cell == `\N` {
				continue
			}
			s, err := unescapeCell(cell)
			if err != nil {
				return err
			}
			row[i] = &s
		}
		t.Rows = append(t.Rows, row)
		return nil
	})
	if err == nil && t.Columns == nil {
		err = errors.New("1: no line of column names")
	}
	p.Tables[uri] = t
	return err
}

func unescapeCell(s string) (string, error) {
	var b strings.Builder
	for {
		before, after, ok := strings.Cut(s, `\`)
		b.WriteString(before)
		if !ok {
			return b.String(), nil
		}
		if after == "" {
			return "", errors.New(`a value ends in \`)
		}
		switch after[0] {
		case 'n':
			b.WriteByte('\n')
		case 't':
			b.WriteByte('\t')
		case '\\':
			b.WriteByte('\\')
		default:
			return "", fmt.Errorf(`\%c is no escape`, after[0])
		}
		s = after[1:]
	}
}
