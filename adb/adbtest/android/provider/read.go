package provider

import (
	"encoding/base64"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net/url"
	"strconv"
	"strings"

	"preship/adb/adbtest/vfs"
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
		for _, row := range contacts.only("lookup", lookup).Rows {
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
	rows := parts.only("_id", id).Rows
	if len(rows) == 0 {
		return "java.io.FileNotFoundException: No entry for content://" + uri
	}
	switch one, gone := c.Troubles.Row("mms/part", id, []string{"file"}); {
	case gone && one.Answer == "":
		return "java.io.FileNotFoundException: open failed: ENOENT (No such file or directory)"
	case gone:
	case parts.cell(rows[0], "_data") != "":
		c.Printf("%s", thumbnail(id))
	default:
		c.Printf("%s", parts.cell(rows[0], "text"))
	}
	return ""
}

// vcard returns one contact in the provider's own form, vCard 2.1.
func vcard(contacts table, row []*string, data table) string {
	var b strings.Builder
	name := contacts.cell(row, "display_name")
	b.WriteString("BEGIN:VCARD\r\nVERSION:2.1\r\n")
	b.WriteString(vcardLine("N", ";"+name+";;;", name) + vcardLine("FN", name, name))
	for _, d := range data.only("contact_id", contacts.cell(row, "_id")).Rows {
		switch value := data.cell(d, "data1"); data.cell(d, "mimetype") {
		case "vnd.android.cursor.item/phone_v2":
			fmt.Fprintf(&b, "TEL;CELL:%s\r\n", value)
		case "vnd.android.cursor.item/email_v2":
			fmt.Fprintf(&b, "EMAIL;HOME:%s\r\n", value)
		case "vnd.android.cursor.item/organization":
			b.WriteString(vcardLine("ORG", value, value))
		case "vnd.android.cursor.item/nickname", "vnd.android.cursor.item/contact_event", "vnd.android.cursor.item/relation":
			all := data.cell(d, "mimetype")
			for column := 1; column <= 15; column++ {
				all += ";" + strings.ReplaceAll(data.cell(d, "data"+strconv.Itoa(column)), ";", `\;`)
			}
			b.WriteString(vcardLine("X-ANDROID-CUSTOM", all, all))
		}
	}
	if id := contacts.cell(row, "photo_id"); id != "" {
		b.WriteString(vcardPhoto(id))
	}
	b.WriteString("END:VCARD\r\n")
	return b.String()
}

// vcardPhoto returns a picture as version 2.1 has one: base64 in indented lines, and an
// empty line after it.
func vcardPhoto(id string) string {
	line := "PHOTO;ENCODING=BASE64;JPEG:" + base64.StdEncoding.EncodeToString(thumbnail(id))
	var b strings.Builder
	for len(line) > 74 {
		b.WriteString(line[:74] + "\r\n ")
		line = line[74:]
	}
	return b.String() + line + "\r\n\r\n"
}

// thumbnail returns a small picture; the same number gives the same bytes.
func thumbnail(id string) []byte {
	seed, _ := strconv.ParseUint(id, 10, 64)
	return vfs.Photo(seed, 96, 96)
}

// vcardLine writes a value that is not ASCII as quoted-printable, broken into lines
// by a trailing "=" without indentation: a form that many readers of 2.1 miss.
func vcardLine(key, value, name string) string {
	if strings.IndexFunc(name, func(r rune) bool { return r > 126 || r < ' ' }) < 0 {
		return key + ":" + value + "\r\n"
	}
	var b strings.Builder
	b.WriteString(key + ";CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:")
	w := quotedprintable.NewWriter(&b)
	w.Binary = true // a line break in a value is encoded
	_, _ = io.WriteString(w, value)
	_ = w.Close()
	return b.String() + "\r\n"
}
