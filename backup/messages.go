package backup

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/sync/errgroup"

	"preship/adb/handset"
)

var smsTable = table{
	file: "sms", uri: "content://sms",
	numbers: []string{"thread_id", "date", "date_sent", "read", "type", "status", "protocol", "locked", "error_code", "seen", "sub_id"},
	texts:   []string{"address", "subject", "body", "service_center", "creator"},
}

var mmsTable = table{
	file: "mms", uri: "content://mms",
	numbers: []string{"thread_id", "date", "date_sent", "msg_box", "read", "m_type", "sub_cs", "seen", "sub_id"},
	texts:   []string{"sub", "ct_t"},
}

var partsTable = table{
	file: "mms.parts", uri: "content://mms/part",
	numbers: []string{"mid", "seq", "chset"},
	texts:   []string{"ct", "name", "cid", "cl", "fn", "text", "_data"},
}

// enoughRefused is after how many refusals the rest is not asked for.
const enoughRefused = 5

// partNames are the endings of what picture messages hold; a table, since the
// name a sender gave may be any.
var partNames = map[string]string{
	"image/jpeg": ".jpg", "image/jpg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp", "image/heic": ".heic",
	"video/mp4": ".mp4", "video/3gpp": ".3gp", "audio/amr": ".amr", "audio/mp4": ".m4a", "audio/mpeg": ".mp3", "audio/ogg": ".ogg",
	"text/x-vcard": ".vcf", "text/vcard": ".vcf", "text/plain": ".txt", "application/smil": ".smil", "application/pdf": ".pdf",
}

// messages saves SMS and MMS, what is in the MMS, and a page to read them by.
func (k *keeper) messages(ctx context.Context) (notes []string, err error) {
	sms, err := k.rows(ctx, &smsTable)
	if err != nil {
		return nil, fmt.Errorf("sms: %w", err)
	}
	k.count("sms", len(sms))
	page := newMessagePage(sms)
	mms, err := k.rows(ctx, &mmsTable)
	if err == nil {
		notes, err = k.pictureMessages(ctx, mms, page)
	}
	if writeErr := k.writePage(page); writeErr != nil {
		return nil, writeErr
	}
	if err != nil {
		return nil, fmt.Errorf("the %d SMS are saved, picture messages not: %w", len(sms), err)
	}
	return notes, nil
}

func (k *keeper) pictureMessages(ctx context.Context, mms []row, page *messagePage) (notes []string, err error) {
	parts, err := k.rows(ctx, &partsTable)
	if err != nil {
		return nil, err
	}
	files, err := k.parts(ctx, parts)
	if err != nil {
		return nil, err
	}
	k.count("mms", len(mms))
	unknown, why, err := k.addresses(ctx, mms)
	if err != nil {
		return nil, err
	}
	if unknown > 0 {
		notes = append(notes, fmt.Sprintf("who sent or got %d of %d picture messages could not be read (%s)", unknown, len(mms), why))
	}
	page.addMMS(mms, parts, files)
	return notes, nil
}

// parts saves what the parts hold, and says in which file each lies.
func (k *keeper) parts(ctx context.Context, parts []row) (map[string]string, error) {
	names := make([]string, len(parts))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(askAtOnce)
	for i, part := range parts {
		g.Go(func() (err error) {
			if names[i], err = k.part(gctx, part); err != nil {
				return fmt.Errorf("part %s: %w", part.text("_id"), err)
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	files := make(map[string]string, len(parts))
	for i, part := range parts {
		files[part.text("_id")] = names[i]
	}
	return files, nil
}

// part saves what one part of an MMS holds. Text stands in its row already.
func (k *keeper) part(ctx context.Context, part row) (name string, err error) {
	if _, known := part["_data"]; known && part["_data"] == nil {
		return "", nil
	}
	ct := strings.ToLower(part.text("ct"))
	if part["text"] != nil && (ct == "text/plain" || ct == "application/smil") {
		return "", nil
	}
	line, err := handset.ContentRead.With("content://mms/part/" + part.text("_id"))
	if err != nil {
		return "", err
	}
	a, err := k.ask(ctx, line)
	if err == nil {
		err = refusal(a)
	}
	if err != nil {
		return "", err
	}
	ending, ok := partNames[ct]
	if !ok {
		ending = ".bin"
	}
	name = "mms/" + part.text("_id") + ending
	return name, k.write(name, a.Stdout)
}

// addresses saves who sent and got each MMS. unknown counts those of which the
// handset does not tell.
func (k *keeper) addresses(ctx context.Context, mms []row) (unknown int, why string, err error) {
	first := mms[:min(len(mms), enoughRefused)]
	unknown, why, err = k.addressesOf(ctx, first)
	if err != nil || len(mms) == len(first) {
		return unknown, why, err
	}
	if unknown == len(first) {
		return len(mms), why, nil // it refuses them all
	}
	more, last, err := k.addressesOf(ctx, mms[len(first):])
	if last != "" {
		why = last
	}
	return unknown + more, why, err
}

func (k *keeper) addressesOf(ctx context.Context, mms []row) (unknown int, why string, err error) {
	refused := make([]error, len(mms))
	g, gctx := errgroup.WithContext(ctx)
	g.SetLimit(askAtOnce)
	for i, m := range mms {
		g.Go(func() error {
			t := table{
				file: "mms/" + m.text("_id") + ".addresses", uri: "content://mms/" + m.text("_id") + "/addr",
				numbers: []string{"type", "charset"}, texts: []string{"address"},
			}
			_, err := k.rows(gctx, &t)
			if errors.Is(err, errRefused) {
				refused[i], err = err, nil
			}
			return err
		})
	}
	err = g.Wait()
	for _, r := range refused {
		if r != nil {
			unknown, why = unknown+1, r.Error()
		}
	}
	return unknown, why, err
}
