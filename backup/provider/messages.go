package provider

import (
	"context"
	"path"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"preship/adb/handset"
	"preship/backup/formats"
	"preship/backup/query"
	"preship/report/message"
)

var smsTable = table{
	file: "sms", uri: "content://sms", what: group{"SMS", "backup.rows.sms"}, name: formats.ByDate(time.Millisecond),
	numbers: []string{"thread_id", "date", "date_sent", "read", "type", "status", "protocol", "locked", "error_code", "seen", "sub_id"},
	texts:   []string{"address", "subject", "body", "service_center", "creator"},
}

var mmsTable = table{
	file: "mms", uri: "content://mms", what: group{"picture messages", "backup.rows.mms"}, name: formats.ByDate(time.Second),
	numbers: []string{"thread_id", "date", "date_sent", "msg_box", "read", "m_type", "sub_cs", "seen", "sub_id"},
	texts:   []string{"sub", "ct_t", "m_id", "m_cls", "tr_id", "ct_l", "v"},
}

var partsTable = table{
	file: "mms.parts", uri: "content://mms/part", what: group{"parts of picture messages", "backup.rows.mms-parts"},
	numbers: []string{"mid", "seq", "chset"},
	texts:   []string{"ct", "name", "cid", "cl", "fn", "text", "_data"},
}

var (
	// partContents are the contents of parts of picture messages: pictures, sound.
	partContents = group{"attachments of picture messages", "backup.rows.mms-attachments"}
	// participants are the senders and recipients of a picture message.
	participants = group{"participants of picture messages", "backup.rows.mms-participants"}
)

// partNames has the file endings for parts of picture messages by type.
var partNames = map[string]string{
	"image/jpeg": ".jpg", "image/jpg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/heic": ".heic",
	"video/mp4": ".mp4", "video/3gpp": ".3gp", "audio/amr": ".amr", "audio/mp4": ".m4a", "audio/mpeg": ".mp3", "audio/ogg": ".ogg",
	"text/x-vcard": ".vcf", "text/vcard": ".vcf", "text/plain": ".txt", "application/smil": ".smil", "application/pdf": ".pdf",
}

// messages saves SMS and MMS, the contents of the MMS, and a page to read them.
func (k *Keeper) messages(ctx context.Context, out *outcome) error {
	all, err := k.tables(ctx, out, &smsTable, &mmsTable, &partsTable)
	if err != nil {
		return err
	}
	k.countRows("sms", all[0])
	k.countRows("mms", all[1])
	sms, mms, parts := all[0].rows, all[1].rows, all[2].rows
	m := &formats.Messages{SMS: sms, MMS: mms, Parts: parts, Zone: k.zone, Open: k.open}
	if m.Files, err = k.parts(ctx, mms, parts, out); err != nil {
		return err
	}
	if m.Addresses, err = k.addresses(ctx, mms, out); err != nil {
		return err
	}
	if n := len(m.RCSThreads()); n > 0 {
		out.note(message.Say("backup.items.rcs", "count", n))
	}
	if m.Names, err = k.contactNames(ctx); err != nil {
		return err
	}
	page, err := m.HTML(k.language, time.Now())
	if err != nil {
		return err
	}
	if err := k.writeMadeBy(out, "messages.zip", m.Archive); err != nil {
		return err
	}
	if err := k.writeMadeBy(out, "messages.xml", m.SMSBackup); err != nil {
		return err
	}
	return k.writeMade(out, "messages.html", page)
}

// contactNames returns the names of contacts by number, as soon as the contacts are saved.
func (k *Keeper) contactNames(ctx context.Context) (*formats.Names, error) {
	select {
	case <-k.named:
		return &k.names, nil
	case <-ctx.Done():
		return nil, context.Cause(ctx)
	}
}

// parts saves the contents of the parts, and returns the file of each. A refused part is
// asked for again alone. If it is refused again it is missing, and its file is "".
func (k *Keeper) parts(ctx context.Context, mms, parts []formats.Row, out *outcome) (files map[string]string, err error) {
	names, refused := make([]string, len(parts)), make([]error, len(parts))
	err = eachRefusable(ctx, refused, func(ctx context.Context, i int) (err error) {
		names[i], err = k.part(ctx, parts[i])
		return err
	})
	if err != nil {
		return nil, err
	}
	files = make(map[string]string, len(parts))
	holding := 0
	for i, part := range parts {
		if names[i] != "" || refused[i] != nil {
			holding++
			files[part.Text("_id")] = names[i]
		}
		if refused[i] != nil {
			out.miss(partContents, part.Text("_id"), partName(mms, part), refused[i])
		}
	}
	out.of(partContents, holding)
	return files, nil
}

// partName names an attachment for the owner.
func partName(mms []formats.Row, part formats.Row) string {
	name := part.Text("ct")
	for _, column := range []string{"cl", "name", "fn"} {
		if v := part.Text(column); v != "" {
			name += " " + v
			break
		}
	}
	for _, m := range mms {
		if m.Text("_id") == part.Text("mid") {
			name += ", " + mmsTable.named(m)
		}
	}
	return name
}

// eachRefusable calls fn for each index, several at a time, and a second time for refused
// ones. It sets the last refusal of each in refused. Any other error ends all.
func eachRefusable(ctx context.Context, refused []error, fn func(ctx context.Context, i int) error) error {
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(askAtOnce)
	for i := range refused {
		g.Go(func() error {
			refused[i] = fn(gctx, i)
			return query.Ending(refused[i])
		})
	}
	if err := g.Wait(); err != nil {
		return err
	}
	for i := range refused {
		if !atOneRow(refused[i]) {
			continue
		}
		if refused[i] = fn(ctx, i); query.Ending(refused[i]) != nil {
			return refused[i]
		}
	}
	return nil
}

// part saves the contents of one part of an MMS, unless it is text: its row has that.
func (k *Keeper) part(ctx context.Context, part formats.Row) (name string, err error) {
	if _, known := part["_data"]; known && part["_data"] == nil {
		return "", nil
	}
	ct := strings.ToLower(part.Text("ct"))
	if part["text"] != nil && (ct == "text/plain" || ct == "application/smil") {
		return "", nil
	}
	line, err := handset.ContentRead.With("content://mms/part/" + part.Text("_id"))
	if err != nil {
		return "", err
	}
	a, err := k.ask(ctx, line)
	if err == nil {
		err = query.Refusal(a)
	}
	if err == nil && len(a.Stdout) == 0 {
		err = query.Refused(message.Say("backup.why.no-file-data"))
	}
	if err != nil {
		return "", err
	}
	name = partFile(part)
	return name, k.write(name, a.Stdout)
}

// partFile returns the item for the contents of a part: its number and its own name. The
// ending is that of its type, because the sender's may be anything.
func partFile(part formats.Row) string {
	ending, ok := partNames[strings.ToLower(part.Text("ct"))]
	if !ok {
		ending = ".bin"
	}
	name := part.Text("_id")
	own := path.Base(strings.ReplaceAll(formats.PartName(part), `\`, "/"))
	if own = strings.TrimSuffix(own, path.Ext(own)); strings.Trim(own, "./<> ") != "" {
		name += "-" + formats.FileName(own)
	}
	return "mms/" + name + ending
}

// addresses saves the senders and recipients of each MMS.
func (k *Keeper) addresses(ctx context.Context, mms []formats.Row, out *outcome) (map[string][]formats.Row, error) {
	refused, read := make([]error, len(mms)), make([][]formats.Row, len(mms))
	err := eachRefusable(ctx, refused, func(ctx context.Context, i int) error {
		id := mms[i].Text("_id")
		t := table{
			file: "mms/" + id + ".addresses", uri: "content://mms/" + id + "/addr", what: participants,
			numbers: []string{"type", "charset"}, texts: []string{"address"},
		}
		var own outcome
		rows, err := k.rows(ctx, &t, &own)
		read[i] = rows
		if err == nil && len(own.missing) > 0 {
			err = query.Refused(*own.missing[0].Message)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	of := make(map[string][]formats.Row, len(mms))
	for i, rows := range read {
		of[mms[i].Text("_id")] = rows
	}
	out.of(participants, len(mms))
	for i, why := range refused {
		if why != nil {
			out.miss(participants, mms[i].Text("_id"), mmsTable.named(mms[i]), why)
		}
	}
	return of, nil
}
