package provider

import (
	"net/url"
	"strconv"
	"strings"
)

const vcardPath = "com.android.contacts/contacts/as_multi_vcard/"

// contentRead prints the bytes behind a URI: contacts as vCards.
func (c *call) contentRead(q query) string {
	keys, ok := strings.CutPrefix(q.uri, vcardPath)
	if !ok {
		return c.readRow(q.uri)
	}
	contacts, err := c.table("com.android.contacts/contacts")
	if err != "" {
		return err
	}
	data, err := c.table("com.android.contacts/data")
	if err != "" {
		return err
	}
	var cards strings.Builder // made whole before the first byte is sent
	for key := range strings.SplitSeq(keys, ":") {
		lookup, err := url.PathUnescape(key)
		if err != nil {
			lookup = key
		}
		for _, row := range contacts.Rows {
			if contacts.cell(row, "lookup") != lookup {
				continue
			}
			if one, ok := c.Troubles.Row(strings.TrimSuffix(vcardPath, "/"), contacts.cell(row, "_id"), []string{"lookup"}); ok && one.Answer == "" {
				return "java.lang.NullPointerException: Attempt to invoke virtual method 'int java.lang.String.length()' on a null object reference"
			} else if ok {
				c.Printf("%s", cards.String())
				return ""
			}
			cards.WriteString(vcard(contacts, row, data))
		}
	}
	c.Printf("%s", cards.String())
	return ""
}

// readRow prints what one part of a message holds; nothing else is a file.
func (c *call) readRow(uri string) string {
	id, ok := strings.CutPrefix(uri, "mms/part/")
	if !ok {
		return "java.io.FileNotFoundException: No files supported by provider at content://" + uri
	}
	parts, err := c.table("mms/part")
	if err != "" {
		return err
	}
	for _, row := range parts.Rows {
		if parts.cell(row, "_id") == id {
			if one, gone := c.Troubles.Row("mms/part", id, []string{"file"}); gone && one.Answer != "" {
				return ""
			} else if gone {
				return "java.io.FileNotFoundException: open failed: ENOENT (No such file or directory)"
			}
			if parts.cell(row, "_data") != "" {
				seed, _ := strconv.ParseUint(id, 10, 64)
				_, _ = c.Write(thumbnail(seed))
				return ""
			}
			c.Printf("%s", parts.cell(row, "text"))
			return ""
		}
	}
	return "java.io.FileNotFoundException: No entry for content://" + uri
}
