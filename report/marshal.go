package report

import "encoding/json"

// MarshalFile is how all JSON of a package is written.
func MarshalFile(v any) ([]byte, error) {
	b, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		return nil, err
	}
	return append(b, '\n'), nil
}
