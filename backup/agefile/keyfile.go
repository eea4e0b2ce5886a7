package agefile

import (
	"io"
	"os"
	"strconv"

	"preship/backup/manifest"
	"preship/report/message"
	"preship/report/safefile"
)

// readSmall reads a file of at most maxKeyFile bytes.
func readSmall(root *os.Root, name string) ([]byte, error) {
	f, err := safefile.OpenRegular(root, name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err == nil && len(data) > maxKeyFile {
		err = message.Error(message.Say("backup.key.longer", "file", name, "bytes", strconv.Itoa(maxKeyFile)), nil)
	}
	return data, err
}

// writeSmall replaces a file, and creates the folder of the backup for it.
func writeSmall(root *os.Root, name string, data []byte) error {
	if err := root.MkdirAll(manifest.Dir, 0o700); err != nil {
		return err
	}
	return safefile.Replace(root, name, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}
