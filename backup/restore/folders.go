package restore

import (
	"bytes"
	"context"
	"errors"
	"io/fs"

	"preship/adb/handset"
	"preship/backup/manifest"
	"preship/backup/query"
	"preship/report/message"
)

// folders creates the missing folders. adb creates those of files; an empty folder is
// created only here.
func (st *storages) folders(ctx context.Context, folders []*manifest.Entry) error {
	st.result.Folders.Wanted += int64(len(folders))
	there, err := st.stat(ctx, folders)
	if err != nil {
		return err
	}
	var missing []*manifest.Entry
	for i, e := range folders {
		switch {
		case errors.Is(there[i].Err, fs.ErrNotExist):
			missing = append(missing, e)
		case there[i].Err != nil:
			st.problem(e.OnHandset(), message.Say("restore.problem.unseen", "why", query.Reason(there[i].Err)))
		case there[i].Info.IsDir():
			st.result.Folders.Present++
		default:
			st.problem(e.OnHandset(), message.Say("restore.problem.no-folder"))
		}
	}
	if st.options.DryRun {
		for _, e := range missing {
			st.would(Action{Do: "make", What: e.OnHandset()})
		}
		st.result.Folders.Made += int64(len(missing))
		return nil
	}
	return st.makeFolders(ctx, missing)
}

// makeFolders creates folders and checks each: xargs has one exit status for all.
func (st *storages) makeFolders(ctx context.Context, missing []*manifest.Entry) error {
	if len(missing) == 0 {
		return nil
	}
	var names bytes.Buffer
	for _, e := range missing {
		names.WriteString(e.OnHandset() + "\x00")
	}
	line := handset.MakeFolders.Must()
	var text []byte
	err := st.link.Retry(ctx, func(ctx context.Context) error {
		a, err := st.link.Run(ctx, line, names.Bytes())
		text = a.Stderr
		return err
	})
	if errors.Is(err, errors.ErrUnsupported) { // no standard input
		text, err = st.makeEach(ctx, missing)
	}
	if err != nil {
		return err
	}
	there, err := st.stat(ctx, missing)
	if err != nil {
		return err
	}
	for i, e := range missing {
		if there[i].Err == nil && there[i].Info.IsDir() {
			st.result.Folders.Made++
		} else {
			why := query.FirstLine(text, message.Say("restore.problem.no-reason"))
			st.problem(e.OnHandset(), message.Say("restore.problem.folder", "why", why))
		}
	}
	return nil
}

// makeEach creates folders one by one, on a handset whose commands take no standard
// input. Its shell gives no exit status: text is its last output.
func (st *storages) makeEach(ctx context.Context, missing []*manifest.Entry) (text []byte, err error) {
	for _, e := range missing {
		line, err := handset.MakeFolder.With(e.OnHandset())
		if err != nil {
			text = []byte(err.Error())
			continue
		}
		a, err := query.Ask(ctx, st.link, line)
		switch {
		case errors.Is(err, query.ErrRefused):
			text = []byte(err.Error())
		case err != nil:
			return text, err
		case len(a.Stdout) > 0:
			text = a.Stdout
		}
	}
	return text, nil
}
